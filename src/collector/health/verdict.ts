/**
 * What the flags of a service come to: CloudMon's rules, with "no data" where it would say healthy.
 *
 * A flag has no value where its queries have none; what follows from that is `onMissing`.
 */

import type { Pause } from '../../model/clock.ts';
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
export async function statesOf(rule: FlagRule, tracks: readonly Track[], pause: Pause): Promise<FlagStates> {
  // Many answers may have come together.
  await pause();
  const states = new Map<number, boolean>();
  let looked = 0;
  for (const { timesMs, values } of tracks) {
    for (const [index, timeMs] of timesMs.entries()) {
      const value = values[index] ?? Number.NaN;
      if (!Number.isNaN(value)) states.set(timeMs, isUp(rule, value) || states.get(timeMs) === true);
      looked += 1;
      if (looked % pointsPerLook === 0) await pause();
    }
  }
  return states;
}

/** About 0.1 ms. */
const pointsPerLook = 1_024;

/** CloudMon has values and thresholds of 32 bits, so 0.1 is 0.10000000149011612. */
function isUp({ op, threshold }: FlagRule, value: number): boolean {
  const [is, than] = [Math.fround(value), Math.fround(threshold)];
  if (op === 'lt') return is < than;
  return op === 'gt' ? is > than : is === than;
}

/** The newest first; nothing, in between, for others to have their turn. Whoever has enough goes no further. */
export function* verdicts(
  flags: readonly Flag[],
  expressions: readonly ReadableExpression[],
  onMissing: HealthRules['onMissing'],
): Generator<Verdict | undefined> {
  const needsAll = onMissing === 'no_data';
  const times = new Set<number>();
  for (const { states } of needsAll ? flags.slice(0, 1) : flags) {
    for (const timeMs of states.keys()) times.add(timeMs);
    yield undefined;
  }
  for (const timeMs of Float64Array.from(times).sort().reverse()) {
    const isPoint = !needsAll || flags.every(({ states }) => states.has(timeMs));
    yield isPoint ? verdictAt(timeMs, flags, expressions) : undefined;
  }
}

function verdictAt(
  timeMs: number,
  flags: readonly Flag[],
  expressions: readonly ReadableExpression[],
): Verdict {
  const states = new Map(flags.map((flag) => [flag.rule.name, flag.states.get(timeMs) ?? false]));
  const decisive = heaviest(expressions, states);
  return { timeMs, weight: decisive?.weight ?? 0, states, ...(decisive && { matched: decisive.text }) };
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
