/** Every target as data, with what the pages show of it. */
import { rfc3339 } from '../model/clock.ts';
import { statusWord } from '../model/status.ts';
import { upShareOf } from '../pages/level.ts';
import { badgePath } from './badge.ts';
import type { Observations } from './observations.ts';
import type { SeenTarget } from './seen.ts';

/** Of all targets together: a thousand of them with all that is kept, more of them with less. */
const resultsMax = 50_000;

export function targetsJson(seen: Observations): object {
  const each = Math.max(1, Math.floor(resultsMax / seen.targets.size));
  const time = memoizedTime();
  const targets = Array.from(seen.targets.values(), (target) => targetJson(target, each, time));
  return { timestamp: time(seen.clock.now()), targets };
}

function targetJson(seen: SeenTarget, resultsShown: number, time: (ms: number) => string): object {
  const { target, status, missing, sinceMs, observedMs, readMs, flaps } = seen;
  const results = seen.results.toArray();
  return {
    service: target.service,
    environment: target.environment,
    component: target.component,
    status: status ?? null,
    word: status === undefined ? 'no data' : statusWord(status),
    reason: missing ?? null,
    since: sinceMs === undefined ? null : time(sinceMs),
    observed: observedMs === undefined ? null : time(observedMs),
    read: readMs === undefined ? null : time(readMs),
    flaps,
    uptime: upShareOf(results.map((result) => result.status)) ?? null,
    results: results
      .slice(-resultsShown)
      .map((result) => ({ at: time(result.atMs), status: result.status ?? null })),
    badge: badgePath(target),
  };
}

/** Most targets are read in the same few seconds, and writing a time is dear. */
function memoizedTime(): (ms: number) => string {
  const known = new Map<number, string>();
  return (ms) => {
    const second = Math.floor(ms / 1000);
    const text = known.get(second) ?? rfc3339(second * 1000);
    known.set(second, text);
    return text;
  };
}
