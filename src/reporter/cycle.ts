/**
 * One cycle: asks about every target, decides over all readings together, hands the
 * decisions to the deliveries and does not wait for them.
 */
import type { Windows } from '../maintenance/windows.ts';
import { type Pause, pace } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import type { Reading } from '../model/reading.ts';
import type { Target } from '../model/target.ts';
import type { Absence } from './absence.ts';
import type { Breaker } from './breaker.ts';
import type { Deliveries } from './deliveries.ts';
import { inParts } from './in-parts.ts';
import type { Reachable } from './reachable.ts';
import { type TellAllParts, tellAll } from './tell-all.ts';

/** Where health comes from. Throws a `Failure` where there is no answer that makes sense. */
type ReadHealth = (target: Target) => Promise<Reading>;

export type CycleParts = TellAllParts & {
  readonly readHealth: ReadHealth;
  readonly breaker: Breaker;
  readonly absence: Absence;
  /** Asked when there is something to tell: a reload in the middle of a cycle may have changed them. */
  readonly dashboards: () => readonly Reachable[];
  /** Asked then, too: whoever configures maintenance is in a hurry. */
  readonly maintenance: () => Promise<Windows>;
};

/** @param stop ends it; also what a dashboard would be told that is found out later */
export async function runCycle(parts: CycleParts, stop: AbortSignal): Promise<void> {
  const startedMs = parts.clock.monotonic();
  const readings = await readAll(parts, stop);
  const windows = await parts.maintenance();
  const pause = pace(parts.clock, limits.cycleSliceMs);
  await lookWhoIsMaintained(readings, windows, parts, pause, stop);
  if (stop.aborted) return;
  await tell(readings, parts, stop);
  parts.journal.cycleDone(parts.clock.monotonic() - startedMs, readings);
}

async function lookWhoIsMaintained(
  readings: readonly Reading[],
  windows: Windows,
  { ledger, underMaintenance, journal, clock }: CycleParts,
  pause: Pause,
  stop: AbortSignal,
): Promise<void> {
  const nowMs = clock.now();
  for (const some of inParts(readings)) {
    if (stop.aborted) return;
    const targets = some.map(({ target }) => target);
    const begun = underMaintenance.look(targets, windows, nowMs, journal, ledger.notices);
    // What is read before it and after it is no row: in between nothing counts.
    for (const { key } of begun) ledger.endStreaks(key);
    await pause();
  }
}

/** A dashboard that is found out later is told on its own, unless this cycle is over by then. */
async function tell(readings: readonly Reading[], parts: CycleParts, stop: AbortSignal): Promise<void> {
  const together: Deliveries[] = [];
  let isLate = false;
  for (const reach of parts.dashboards()) {
    reach((deliveries) => {
      if (!isLate) together.push(deliveries);
      else if (!stop.aborted) void tellAll([deliveries], readings, parts, stop);
    });
  }
  isLate = true;
  await tellAll(together, readings, parts, stop);
}

/** One reading a target, `concurrency` polls under way at once. */
async function readAll(parts: CycleParts, stop: AbortSignal): Promise<Reading[]> {
  const { breaker, settings } = parts;
  const waiting = [...breaker.order(settings.targets)];
  const readings: Reading[] = [];
  let probe: Promise<void> | undefined;
  let isGone = false;

  async function readNext(): Promise<void> {
    const target = waiting.shift();
    if (target) readings.push(await readOne(parts, target, isGone));
  }

  /** Asks about one target alone; when that fails, the convertor is gone for this cycle. */
  async function probeOnce(): Promise<void> {
    await readNext();
    isGone = breaker.isOpen;
    probe = undefined;
  }

  async function work(): Promise<void> {
    while (waiting.length > 0 && !stop.aborted) {
      if (breaker.isOpen && !isGone) {
        probe ??= probeOnce();
        await probe;
      } else {
        await readNext();
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(settings.concurrency, waiting.length) }, work));
  return readings;
}

async function readOne(parts: CycleParts, target: Target, isGone: boolean): Promise<Reading> {
  const reading = parts.absence.apply(isGone ? noAnswer(target) : await ask(parts, target));
  parts.journal.read(reading);
  return reading;
}

async function ask({ readHealth, breaker, journal }: CycleParts, target: Target): Promise<Reading> {
  journal.polling(target);
  try {
    const reading = await readHealth(target);
    breaker.record(target, undefined);
    return reading;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    breaker.record(target, error);
    return { target, status: undefined, reason: error.reason, detail: error.message };
  }
}

function noAnswer(target: Target): Reading {
  const detail = 'the convertor does not answer; the next cycle probes it again';
  return { target, status: undefined, reason: 'unreachable', detail, isUnasked: true };
}
