/** Durations: a number of seconds, or a text such as `30s`, `5m`, `2h30m`, `500ms`, `1d`. */
import type * as z from 'zod/mini';
import { value, Wrong } from './facts.ts';

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** 24.8 days, where timers overflow, is above every limit given here. */
const pattern = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

export type DurationLimits = {
  /** As texts, for messages. */
  readonly min: string;
  readonly max: string;
  /** Whether 0 is allowed beside the range. */
  readonly zero?: boolean;
};

/** A schema of a duration, decoded to milliseconds. */
export function duration(limits: DurationLimits, description: string): z.ZodMiniType<number, unknown> {
  const json = {
    anyOf: [
      {
        type: 'number',
        minimum: limits.zero ? 0 : inMs(limits.min) / 1000,
        maximum: inMs(limits.max) / 1000,
      },
      { type: 'string', pattern: `${pattern.source}|^\\d+(?:\\.\\d+)?$` },
    ],
  };
  return value({ description, takes: 'amount', json }, (written) => decodeDuration(written, limits));
}

export function decodeDuration(written: unknown, limits: DurationLimits): number | Wrong {
  const range = `${limits.zero ? '0, or ' : ''}from ${limits.min} to ${limits.max}`;
  const remedy = 'Write seconds (30) or a text such as 30s, 5m or 2h30m';
  const ms = parse(written);
  if (ms === undefined) return new Wrong(`must be a duration, ${range}`, remedy);
  const allowed = (limits.zero && ms === 0) || (ms >= inMs(limits.min) && ms <= inMs(limits.max));
  return allowed ? ms : new Wrong(`must be ${range}`, remedy);
}

/** Milliseconds of a text that this program itself wrote. */
function inMs(text: string): number {
  return parse(text) ?? Number.NaN;
}

/** Not a number where it is no duration, or where it has more digits than a duration needs. */
function parse(written: unknown): number | undefined {
  if (typeof written === 'number') return Number.isFinite(written) ? Math.round(written * 1000) : undefined;
  if (typeof written !== 'string' || written.length > 60) return undefined;
  if (/^-?\d+(?:\.\d+)?$/.test(written)) return Math.round(Number(written) * 1000);
  if (!pattern.test(written)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of written.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    ms += Number(amount) * (unitsMs[unit ?? ''] ?? Number.NaN);
  }
  return Number.isFinite(ms) ? Math.round(ms) : undefined;
}

/** The shortest text of a duration, for messages: 90,000 is `1m30s`. */
export function durationText(ms: number): string {
  let text = '';
  let rest = ms;
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const size = unitsMs[unit] ?? 1;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text || '0s';
}
