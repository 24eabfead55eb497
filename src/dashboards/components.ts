/** Which component of a page a target is: by the id in the configuration, else by its name in the page's own list. */
import { configuredId } from '../model/configured-id.ts';
import { Failure } from '../model/failure.ts';
import type { Target } from '../model/target.ts';
import { type KeptListParts, keepList } from './kept-list.ts';

export type Component = { readonly id: string; readonly name: string };

/** The component's id. Throws a `Failure` where the page has no such component. */
export type FindComponent = (target: Target, signal: AbortSignal) => Promise<string>;

export type ComponentParts<Listed = Component> = KeptListParts<readonly Listed[]> & {
  /** Its name in the configuration: targets may have an id for it. */
  readonly dashboard: string;
  readonly note: (text: string) => void;
};

export function componentFinder(parts: ComponentParts): FindComponent {
  const { note } = parts;
  const kept = keepList({ ...parts, list: async (signal) => byName(await parts.list(signal)) });
  const named = (name: string) => kept.value()?.get(name) ?? [];

  return async (target, signal) => {
    const { component } = target;
    const configured = configuredId(target, parts.dashboard);
    if (configured !== undefined) return configured;
    if (named(component).length === 0) await kept.refresh(signal);
    const [id, ...others] = named(component);
    if (id === undefined) {
      const text = `the page has no component named ${component}; write its id under ids.${parts.dashboard}`;
      throw new Failure('dashboard', 'unknown_component', text);
    }
    if (others.length > 0) {
      note(
        `${others.length + 1} components are named ${component}; ${id} is used: write the id under ids.${parts.dashboard}`,
      );
    }
    return id;
  };
}

/** Those of each component. Whose component is not found is left out: who is told of it hears why. */
export async function byComponent<Each extends { readonly target: Target }>(
  all: Iterable<Each>,
  dashboard: string,
  find: (target: Target) => Promise<string>,
): Promise<ReadonlyMap<string, readonly Each[]>> {
  const found = new Map<string, Each[]>();
  let isListed = true;
  for (const each of all) {
    if (!isListed && configuredId(each.target, dashboard) === undefined) continue;
    try {
      const id = await find(each.target);
      found.set(id, [...(found.get(id) ?? []), each]);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      isListed = error.reason === 'unknown_component';
    }
  }
  return found;
}

/** The ids of each name in an order that does not depend on the page's. */
function byName(components: readonly Component[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { id, name } of components) names.set(name, [...(names.get(name) ?? []), id]);
  for (const ids of names.values()) ids.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return names;
}
