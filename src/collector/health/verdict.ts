/**
 * What the flags of a service come to: CloudMon's rules, with "no data" where it would say healthy.
 *
 * Pure. A flag has no value where its queries have none; what follows from that is `onMissing`.
 */
import type { Status } from '../../model/status.ts';
import type { Track } from '../datasources/datasource.ts';
import type { Expression } from './expression.ts';
import type { FlagRule, HealthRules, WeightedExpression } from './rules.ts';

/** Whether a flag is up, by time; a time at which it has no value is not in it. */
export type FlagStates = ReadonlyMap<number, boolean>;

export type Flag = { readonly rule: FlagRule; readonly states: FlagStates };

export type ReadableExpression = WeightedExpression & { readonly expression: Expression };

export type Verdict = {
  readonly timeMs: number;
  readonly weight: Status;
  /** By the names of the flags, in the order in which the service lists them. */
  readonly states: ReadonlyMap<string, boolean>;
  /** The expression that decided, unless the weight is 0. */
  readonly matched?: string;
};

/** A flag is up where any of the series that its query names says so. */
export function statesOf(rule: FlagRule, tracks: readonly Track[]): FlagStates {
  const states = new Map<number, boolean>();
  for (const { timesMs, values } of tracks) {
    for (const [index, timeMs] of timesMs.entries()) {
      const value = values[index] ?? Number.NaN;
      if (!Number.isNaN(value)) states.set(timeMs, isUp(rule, value) || states.get(timeMs) === true);
    }
  }
  return states;
}

/** CloudMon has values and thresholds of 32 bits, so 0.1 is 0.10000000149011612. */
function isUp({ op, threshold }: FlagRule, value: number): boolean {
  const [is, than] = [Math.fround(value), Math.fround(threshold)];
  if (op === 'lt') return is < than;
  return op === 'gt' ? is > than : is === than;
}

/** The newest first; whoever has enough goes no further. */
export function* verdicts(
  flags: readonly Flag[],
  expressions: readonly ReadableExpression[],
  onMissing: HealthRules['onMissing'],
): Generator<Verdict> {
  for (const timeMs of timesOf(flags, onMissing)) {
    const states = new Map(flags.map((flag) => [flag.rule.name, flag.states.get(timeMs) ?? false]));
    const decisive = heaviest(expressions, states);
    yield {
      timeMs,
      weight: decisive?.weight ?? 0,
      states,
      ...(decisive && { matched: decisive.text }),
    };
  }
}

/** Newest first: those at which all flags have a value, or any has one. */
function timesOf(flags: readonly Flag[], onMissing: HealthRules['onMissing']): Float64Array {
  const [first, ...others] = flags.map(({ states }) => states);
  if (!first) return new Float64Array();
  const times =
    onMissing === 'false'
      ? new Set(flags.flatMap(({ states }) => [...states.keys()]))
      : [...first.keys()].filter((timeMs) => others.every((states) => states.has(timeMs)));
  return Float64Array.from(times).sort().reverse();
}

/** The first of those with the highest weight that hold, as CloudMon finds it. */
function heaviest(
  expressions: readonly ReadableExpression[],
  states: ReadonlyMap<string, boolean>,
): ReadableExpression | undefined {
  let found: ReadableExpression | undefined;
  for (const each of expressions) {
    if (each.weight > (found?.weight ?? 0) && each.expression.evaluate(states)) found = each;
  }
  return found;
}
