/** What the page shows of one service: its numbers, what the reporter made of them, and why. */
import type { Triggered } from '../model/reading.ts';
import { targetKey } from '../model/target.ts';
import type { Reading } from '../pages/bars.ts';
import { type Standing, upShareOf } from '../pages/level.ts';
import type { Numbers, NumbersByTarget } from './numbers.ts';
import type { Readings } from './readings.ts';
import type { TargetName } from './story.ts';

export type ServiceView = TargetName &
  Standing & {
    /** Since when it is read so, within the readings shown. */
    readonly sinceMs: number | undefined;
    /** The newest, oldest first. */
    readonly readings: readonly Reading[];
    /** Of the readings with data, those that are no outage; undefined where none has data. */
    readonly upShare: number | undefined;
    readonly numbers: Numbers;
    /** The expression that decided; undefined where none is true. */
    readonly matchedExpression: string | undefined;
    /** The flags that are up, and with that made it true. */
    readonly triggered: readonly Triggered[];
    /** Why there is no data. */
    readonly missing: string | undefined;
  };

export function viewService(
  target: TargetName,
  { readings, numbers }: { readonly readings: Readings; readonly numbers: NumbersByTarget },
): ServiceView {
  const { service, environment } = target;
  const heard = readings.of(target);
  const shown = heard.map(({ timeMs, reading }): Reading => ({ timeMs, level: reading.status }));
  const newest = heard.at(-1)?.reading;
  const level = newest?.status;
  const changed = shown.findLastIndex((reading) => reading.level !== level);
  const isKnown = newest?.status !== undefined;
  return {
    service,
    environment,
    level,
    isRead: shown.length > 0,
    sinceMs: shown[changed + 1]?.timeMs,
    readings: shown,
    upShare: upShareOf(shown.map((reading) => reading.level)),
    numbers: numbers.get(targetKey(service, environment)) ?? {},
    matchedExpression: isKnown ? newest.evidence.matchedExpression : undefined,
    triggered: isKnown ? newest.evidence.triggered : [],
    missing: isKnown ? undefined : newest?.detail,
  };
}
