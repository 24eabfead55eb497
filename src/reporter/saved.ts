/**
 * What is kept of a standing, and how it is read again: an earlier version may have written it, and
 * nobody knows who else. What makes no sense is no standing.
 */
import * as z from 'zod/mini';
import type { FailureReason } from '../model/failure.ts';
import { failureReasons } from '../model/failure.ts';
import type { AlarmStatus, Status } from '../model/status.ts';

const timeMs = z.int().check(z.minimum(-62_000_000_000_000), z.maximum(253_000_000_000_000));
const status = z.literal<readonly Status[]>([0, 1, 2, 3]);
const alarmStatus = z.literal<readonly AlarmStatus[]>([1, 2, 3]);

const streak = z.object({ firstMs: timeMs, newestMs: timeMs, readings: z.int().check(z.minimum(1)) });

const message = z.object({
  key: z.string(),
  type: z.literal(['open', 'change', 'repeat', 'close']),
  status: alarmStatus,
});

const savedSchema = z.object({
  above: z.exactOptional(streak),
  below: z.exactOptional(streak),
  level: z.exactOptional(z.object({ status, sinceMs: timeMs })),
  incident: z.exactOptional(
    z.object({
      id: z.string(),
      dashboard: z.string(),
      sinceMs: timeMs,
      member: z.object({
        key: z.string(),
        service: z.string(),
        environment: z.string(),
        component: z.string(),
      }),
    }),
  ),
  told: z.exactOptional(z.object({ status: alarmStatus, atMs: timeMs })),
  reference: z.exactOptional(z.string()),
  intended: z.exactOptional(
    // There was one at most.
    z.union([
      z.readonly(z.array(message)),
      z.pipe(
        message,
        z.transform((one) => [one]),
      ),
    ]),
  ),
  doubts: z.exactOptional(z.readonly(z.array(message))),
  trouble: z.exactOptional(
    z.object({
      reason: z.literal<readonly FailureReason[]>(failureReasons),
      text: z.string(),
      sinceMs: timeMs,
    }),
  ),
  suppressed: z.exactOptional(z.string()),
  leftMs: z.exactOptional(timeMs),
});

/** What is undefined is left out. */
export type Saved = z.output<typeof savedSchema>;

/** Undefined: it is no standing. */
export function readSaved(value: unknown): Saved | undefined {
  const { data } = savedSchema.safeParse(value);
  // Neither an incident nor a row that may become one: it says nothing.
  return data && (data.incident || data.above) ? data : undefined;
}
