/** The numbers that the dashboard gives its components. */
import { configuredId } from '../../model/configured-id.ts';
import { Failure } from '../../model/failure.ts';
import type { Target } from '../../model/target.ts';
import type { ComponentParts } from '../components.ts';
import { keepList } from '../kept-list.ts';
import { isComponentOf, type NamedComponent, unknownComponent } from '../stackmon/component.ts';

export type ComponentIds = {
  /** The number of each target's component by the target's key, or why there is none. */
  readonly find: (
    targets: readonly Target[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, number | Failure>>;
  /** As far as the list is known; undefined: it is not. */
  readonly known: (target: Target) => number | undefined;
  /** The dashboard does not know what its list had: the list is old. */
  readonly forget: () => void;
};

export function openComponentIds(parts: ComponentParts<NamedComponent>): ComponentIds {
  const { dashboard, note } = parts;
  const kept = keepList({ ...parts, list: async (signal) => byName(await parts.list(signal)) });

  /** What the configuration says wins; `NaN` where it says nothing that could be one. */
  function configured(target: Target): number | undefined {
    const written = configuredId(target, dashboard);
    if (written === undefined) return undefined;
    return /^[1-9]\d{0,8}$/.test(written) ? Number(written) : Number.NaN;
  }

  function matching(target: Target): readonly number[] {
    const named = kept.value()?.get(target.component) ?? [];
    return named.flatMap((component) =>
      component.id !== undefined && isComponentOf(component, target) ? [component.id] : [],
    );
  }

  function numberOf(target: Target, failure: Failure | undefined): number | Failure {
    const written = configured(target);
    if (written !== undefined && Number.isNaN(written)) return wrongId(target, dashboard);
    const [id, ...others] = written === undefined ? matching(target) : [written];
    if (id === undefined) {
      return failure ?? unknownComponent(target, `, or write its number under ids.${dashboard}`);
    }
    if (others.length > 0) {
      const count = others.length + 1;
      const what = `${target.service} in ${target.environment} fits ${count} components of the dashboard`;
      note(`${what}; ${id} is used: give it more attributes, or its number under ids.${dashboard}`);
    }
    return id;
  }

  return {
    find: async (targets, signal) => {
      const isMissing = (target: Target) => configured(target) === undefined && matching(target).length === 0;
      let failure: Failure | undefined;
      if (targets.some(isMissing)) {
        try {
          await kept.refresh(signal);
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          failure = error;
        }
      }
      return new Map(targets.map((target) => [target.key, numberOf(target, failure)]));
    },
    known: (target) => configured(target) ?? matching(target)[0],
    forget: kept.forget,
  };
}

/** In an order that does not depend on the dashboard's. */
function byName(components: readonly NamedComponent[]): ReadonlyMap<string, readonly NamedComponent[]> {
  const sorted = [...components].sort((a, b) => (a.id ?? 0) - (b.id ?? 0));
  const names = new Map<string, NamedComponent[]>();
  for (const component of sorted) {
    const same = names.get(component.name);
    if (same) same.push(component);
    else names.set(component.name, [component]);
  }
  return names;
}

function wrongId({ service, environment }: Target, dashboard: string): Failure {
  const text = `ids.${dashboard} of ${service} in ${environment} is not the number of a component`;
  return new Failure('dashboard', 'unknown_component', text);
}
