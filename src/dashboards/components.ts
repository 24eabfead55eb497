/**
 * Which component of a page a target is: by the id in the configuration, else by its name in the page's own
 * list.
 *
 * The list is kept. A name that is missing in it has it asked for again, once a cycle at most.
 */
import type { Clock } from '../model/clock.ts';
import { configuredId } from '../model/configured-id.ts';
import { Failure } from '../model/failure.ts';
import type { Target } from '../model/target.ts';

export type Component = { readonly id: string; readonly name: string };

/** The component's id. Throws a `Failure` where the page has no such component. */
export type FindComponent = (target: Target, signal: AbortSignal) => Promise<string>;

export type ComponentParts = {
  /** Its name in the configuration: targets may have an id for it. */
  readonly dashboard: string;
  readonly list: (signal: AbortSignal) => Promise<readonly Component[]>;
  readonly clock: Clock;
  readonly pollIntervalMs: number;
  readonly note: (text: string) => void;
};

export function componentFinder(parts: ComponentParts): FindComponent {
  const { clock, note } = parts;
  let names: ReadonlyMap<string, readonly string[]> = new Map();
  let listedMs: number | undefined;

  async function refresh(signal: AbortSignal): Promise<void> {
    // A cycle may begin a little early, and has its look nevertheless.
    const isFresh = listedMs !== undefined && clock.monotonic() - listedMs < parts.pollIntervalMs / 2;
    if (isFresh) return;
    names = byName(await parts.list(signal));
    listedMs = clock.monotonic();
  }

  return async (target, signal) => {
    const { component } = target;
    const configured = configuredId(target, parts.dashboard);
    if (configured !== undefined) return configured;
    if (!names.has(component)) await refresh(signal);
    const [id, ...others] = names.get(component) ?? [];
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

/** The ids of each name in an order that does not depend on the page's. */
function byName(components: readonly Component[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { id, name } of components) names.set(name, [...(names.get(name) ?? []), id]);
  for (const ids of names.values()) ids.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return names;
}
