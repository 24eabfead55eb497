/**
 * The numbers that the dashboard gives its components.
 *
 * Its list is kept. A target that is missing in it has it asked for again, once a cycle at most.
 */
import type { Clock } from '../../model/clock.ts';
import { configuredId } from '../../model/configured-id.ts';
import { Failure } from '../../model/failure.ts';
import type { Target } from '../../model/target.ts';
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

export type ComponentIdParts = {
  /** Its name in the configuration: targets may have an id for it. */
  readonly dashboard: string;
  readonly list: (signal: AbortSignal) => Promise<readonly NamedComponent[]>;
  readonly clock: Clock;
  readonly pollIntervalMs: number;
  readonly note: (text: string) => void;
};

export function openComponentIds(parts: ComponentIdParts): ComponentIds {
  const { dashboard, clock, note } = parts;
  let listed: ReadonlyMap<string, readonly NamedComponent[]> = new Map();
  let listedMs: number | undefined;

  /** What the configuration says wins; `NaN` where it says nothing that could be one. */
  function configured(target: Target): number | undefined {
    const written = configuredId(target, dashboard);
    if (written === undefined) return undefined;
    return /^[1-9]\d{0,8}$/.test(written) ? Number(written) : Number.NaN;
  }

  function matching(target: Target): readonly number[] {
    const named = listed.get(target.component) ?? [];
    return named.flatMap((component) =>
      component.id !== undefined && isComponentOf(component, target) ? [component.id] : [],
    );
  }

  async function refresh(signal: AbortSignal): Promise<void> {
    // A cycle may begin a little early, and has its look nevertheless.
    if (listedMs !== undefined && clock.monotonic() - listedMs < parts.pollIntervalMs / 2) return;
    listed = byName(await parts.list(signal));
    listedMs = clock.monotonic();
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
          await refresh(signal);
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          failure = error;
        }
      }
      return new Map(targets.map((target) => [target.key, numberOf(target, failure)]));
    },
    known: (target) => configured(target) ?? matching(target)[0],
    forget: () => {
      listed = new Map();
      listedMs = undefined;
    },
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
