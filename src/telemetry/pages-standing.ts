/** How the targets stand: who needs attention first, and why there is no data. */
import type { NamedStanding } from '../pages/summary.ts';
import type { Observations } from './observations.ts';
import type { SeenTarget } from './seen.ts';

/** A target with its place in the configuration, by which a page knows it again. */
export type PlacedTarget = { readonly place: number; readonly seen: SeenTarget };

/** Worst first, then who has no data, then by name. */
export function byAttention({ targets }: Observations): PlacedTarget[] {
  return Array.from(targets.values(), (seen, place) => ({ place, seen })).sort(
    (a, b) =>
      rank(a.seen) - rank(b.seen) ||
      order(a.seen.target.service, b.seen.target.service) ||
      order(a.seen.target.environment, b.seen.target.environment),
  );
}

export function standingsOf({ targets }: Observations): NamedStanding[] {
  return Array.from(targets.values(), ({ target, status, readMs }) => ({
    name: target.environment === 'production' ? target.service : `${target.service} (${target.environment})`,
    level: status,
    isRead: readMs !== undefined,
  }));
}

/** Why there is no data, for people; undefined where there is some. */
export function missingText({ missing, status }: SeenTarget): string | undefined {
  if (missing === undefined) return undefined;
  const why = reasons[missing];
  const text = why === undefined ? missing : `${missing}: ${why}`;
  return status === undefined ? text : `no data (${text}), which counts as this`;
}

const reasons: Readonly<Record<string, string>> = {
  empty: 'the convertor has no value',
  incomplete: 'the convertor lacks values of some flags',
  stale: 'the newest value is too old, or in the future',
  unreachable: 'the convertor is not there',
  timeout: 'the convertor did not answer in time',
  unauthorized: 'the convertor did not let us in',
  rate_limited: 'the convertor was asked too often',
  rejected: 'the convertor refused the question',
  failed: 'the convertor failed',
  garbled: 'the answer was not understood',
  unsupported: 'the answer is of no form that is known',
};

function rank({ status }: SeenTarget): number {
  if (status === undefined) return 3;
  return status === 0 ? 4 : 3 - status;
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
