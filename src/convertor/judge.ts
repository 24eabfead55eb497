/**
 * What a reading means: contract.md, "What a reading means".
 *
 * Pure. The newest point with a value decides. Whatever cannot be trusted is no data:
 * it never opens an incident and never closes one.
 */
import { limits } from '../model/limits.ts';
import type { Evidence } from '../model/reading.ts';
import { isStatus, type Status } from '../model/status.ts';
import { garbled } from './json.ts';
import type { Point } from './point.ts';

export type Verdict =
  | { readonly status: Status; readonly timeMs: number; readonly evidence: Evidence }
  | {
      readonly status: undefined;
      readonly reason: 'empty' | 'stale' | 'incomplete';
      readonly detail: string;
    };

export type Rule = {
  readonly nowMs: number;
  readonly maxDataAgeMs: number;
  /** A healthy point must carry all of these. */
  readonly flags: ReadonlySet<string>;
};

/** The worst of the regions that have data; throws a `Failure` where a deciding value is garbage. */
export function judge(series: readonly (readonly Point[])[], rule: Rule): Verdict {
  const verdicts = series.map((points) => judgeSeries(points, rule));
  let worst: Verdict | undefined;
  for (const verdict of verdicts) {
    if (verdict.status === undefined) continue;
    const isWorse = worst?.status === undefined || verdict.status > worst.status;
    if (isWorse || (worst?.status === verdict.status && verdict.timeMs > worst.timeMs)) worst = verdict;
  }
  const order = ['incomplete', 'stale', 'empty'];
  return (
    worst ??
    verdicts.sort((a, b) => order.indexOf(reasonOf(a)) - order.indexOf(reasonOf(b)))[0] ??
    noData('empty', 'the answer has no points')
  );
}

function judgeSeries(points: readonly Point[], rule: Rule): Verdict {
  const newestFirst = [...points].sort((a, b) => b.timeMs - a.timeMs);
  const newest = newestFirst[0]?.timeMs;
  if (newest === undefined) return noData('empty', 'the answer has no point with a value');
  if (newest > rule.nowMs + limits.futureMs) {
    return noData('stale', `the newest point is ${seconds(newest - rule.nowMs)} in the future`);
  }
  const oldestMs = rule.nowMs - rule.maxDataAgeMs;
  if (newest < oldestMs) {
    return noData('stale', `the newest point is ${seconds(rule.nowMs - newest)} old`);
  }

  let lacking = '';
  for (const moment of moments(newestFirst)) {
    const { timeMs } = moment[0];
    if (timeMs < oldestMs) break;
    const worst = moment.reduce((a, b) => (statusOf(b) > statusOf(a) ? b : a));
    const status = statusOf(worst);
    lacking = status > 0 ? '' : missingFlag(moment, rule.flags);
    if (lacking === '') return { status, timeMs, evidence: worst.evidence };
  }
  return noData('incomplete', `no point of the last ${seconds(rule.maxDataAgeMs)} has the flag ${lacking}`);
}

/** Points of one time together: the worst of them decides. */
function* moments(sorted: readonly Point[]): Generator<[Point, ...Point[]]> {
  let moment: [Point, ...Point[]] | undefined;
  for (const point of sorted) {
    if (moment && moment[0].timeMs === point.timeMs) {
      moment.push(point);
    } else {
      if (moment) yield moment;
      moment = [point];
    }
  }
  if (moment) yield moment;
}

function statusOf(point: Point): Status {
  if (isStatus(point.value)) return point.value;
  throw garbled(`${JSON.stringify(point.value)?.slice(0, 60) ?? typeof point.value} is not a status`);
}

/** The first flag that points of one time lack, or ''. Forms without flags lack none. */
function missingFlag(points: readonly Point[], flags: ReadonlySet<string>): string {
  if (points.every((point) => point.flags === undefined)) return '';
  for (const flag of flags) {
    if (!points.some((point) => point.flags?.has(flag))) return flag;
  }
  return '';
}

function reasonOf(verdict: Verdict): string {
  return verdict.status === undefined ? verdict.reason : '';
}

function noData(reason: 'empty' | 'stale' | 'incomplete', detail: string): Verdict {
  return { status: undefined, reason, detail };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
