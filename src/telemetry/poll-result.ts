/** What became of one poll. */
import type { NoData, Reading } from '../model/reading.ts';

export const pollResults = ['ok', 'no_data', 'error'] as const;

export type PollResult = (typeof pollResults)[number];

/**
 * `error`: the convertor was asked and failed to answer. `no_data`: it answered that it knows
 * nothing, or nothing new enough; or it was not asked, because it does not answer.
 */
export function pollResult(reading: Reading): PollResult {
  const missing = missingOf(reading);
  if (!missing) return 'ok';
  const { reason, isUnasked } = missing;
  const isAnswered = reason === 'empty' || reason === 'incomplete' || reason === 'stale';
  return isAnswered || isUnasked ? 'no_data' : 'error';
}

/** The no data behind a reading: also where `absent` makes it count as a status. */
export function missingOf(reading: Reading): NoData | undefined {
  return reading.status === undefined ? reading : reading.insteadOf;
}
