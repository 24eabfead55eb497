/** What `/v1/health` is asked, and why it cannot be: in the words of CloudMon's convertor where it has some. */
import { limits } from '../../model/limits.ts';
import { momentMs } from './moment.ts';

export type HealthQuestion = {
  readonly service: string;
  readonly environment: string;
  /** Both ends included; never later than now. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Of these the newest. */
  readonly pointsMax: number;
};

const required = ['from', 'to', 'service', 'environment'] as const;
const known: readonly string[] = [...required, 'max_data_points'];
const pointsByDefault = '100';

/** A text says why it cannot be answered. */
export function parseHealthQuestion(query: string, nowMs: number, stepMs: number): HealthQuestion | string {
  const given = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(query)) {
    if (!known.includes(key)) continue;
    if (given.has(key)) return `${unreadable}duplicate field \`${key}\``;
    given.set(key, value);
  }
  const missing = required.find((key) => !given.has(key));
  if (missing !== undefined) return `${unreadable}missing field \`${missing}\``;

  const points = given.get('max_data_points') ?? pointsByDefault;
  const pointsMax = /^\d{1,9}$/.test(points) ? Number(points) : 0;
  if (pointsMax < 1 || pointsMax > limits.healthPointsMax) {
    return `${unreadable}max_data_points must be a whole number from 1 to ${limits.healthPointsMax}`;
  }
  const window = windowOf(given.get('from') ?? '', given.get('to') ?? '', nowMs, stepMs);
  if (typeof window === 'string') return window;
  return {
    service: given.get('service') ?? '',
    environment: given.get('environment') ?? '',
    ...window,
    pointsMax,
  };
}

const unreadable = 'Failed to deserialize query string: ';

type Window = Pick<HealthQuestion, 'fromMs' | 'toMs'>;

function windowOf(from: string, to: string, nowMs: number, stepMs: number): Window | string {
  const [fromMs, untilMs] = [momentMs(from, nowMs), momentMs(to, nowMs)];
  if (Number.isNaN(fromMs)) return noMoment('from', from);
  if (Number.isNaN(untilMs)) return noMoment('to', to);
  if (fromMs > untilMs) return 'from is later than to';
  const toMs = Math.min(untilMs, momentMs('now', nowMs));
  if (toMs - fromMs > limits.healthWindowMsMax) {
    return `from ${from} to ${to} are more than ${limits.healthWindowMsMax / 86_400_000} days`;
  }
  if (toMs - fromMs > limits.queryStepsMax * stepMs) {
    return `from ${from} to ${to} are more than ${limits.queryStepsMax} steps of ${stepMs / 1000} s`;
  }
  return { fromMs, toMs };
}

function noMoment(key: string, text: string): string {
  // A plus that is not encoded arrives as a space.
  const hint = / \d\d:\d\d$/.test(text) ? ', and + as %2B' : '';
  const forms = `RFC 3339 such as 2026-01-20T12:00:00Z${hint}, seconds since 1970, now or -5min`;
  return `${key} is no time: ${JSON.stringify(text.slice(0, 60))}. Write ${forms}`;
}
