/**
 * One cycle: asks about every target, decides over all readings together, hands the
 * decisions to the deliveries and does not wait for them.
 */
import type { Windows } from '../maintenance/windows.ts';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { Action } from '../model/incident.ts';
import type { Reading } from '../model/reading.ts';
import type { Target } from '../model/target.ts';
import { isAbout } from '../values/glob.ts';
import type { Absence } from './absence.ts';
import type { Breaker } from './breaker.ts';
import { type Deciding, decide, remindersOf } from './decision.ts';
import type { Deliveries } from './deliveries.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { Reachable } from './reachable.ts';
import type { ReporterSettings } from './settings.ts';
import type { UnderMaintenance } from './under-maintenance.ts';

/** Where health comes from. Throws a `Failure` where there is no answer that makes sense. */
type ReadHealth = (target: Target) => Promise<Reading>;

export type CycleParts = {
  readonly settings: ReporterSettings;
  readonly readHealth: ReadHealth;
  readonly breaker: Breaker;
  readonly absence: Absence;
  readonly ledger: Ledger;
  /** Asked when there is something to tell: a reload in the middle of a cycle may have changed them. */
  readonly dashboards: () => readonly Reachable[];
  /** Asked then, too: whoever configures maintenance is in a hurry. */
  readonly maintenance: () => Promise<Windows>;
  readonly underMaintenance: UnderMaintenance;
  /** What is intended is kept over a crash; resolves at the latest after a second, even where it is not. */
  readonly settleIntents: () => Promise<void>;
  readonly journal: Journal;
  readonly clock: Clock;
};

/** @param stop ends it; also what a dashboard would be told that is found out later */
export async function runCycle(parts: CycleParts, stop: AbortSignal): Promise<void> {
  const startedMs = parts.clock.monotonic();
  const readings = await readAll(parts, stop);
  const windows = await parts.maintenance();
  if (stop.aborted) return;
  const targets = readings.map(({ target }) => target);
  const { ledger, underMaintenance, journal, clock } = parts;
  const begun = underMaintenance.look(targets, windows, clock.now(), journal, ledger.notices);
  // What is read before it and after it is no row: in between nothing counts.
  for (const { key } of begun) ledger.endStreaks(key);
  await tell(readings, parts, stop);
  parts.journal.cycleDone(parts.clock.monotonic() - startedMs, readings);
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

/** What is decided is on disk before it is sent, or has had its time to get there. */
async function tellAll(
  dashboards: readonly Deliveries[],
  readings: readonly Reading[],
  parts: CycleParts,
  stop: AbortSignal,
): Promise<void> {
  const decided = dashboards.map((deliveries) => ({
    deliveries,
    actions: decideFor(deliveries, readings, parts),
  }));
  await parts.settleIntents();
  for (const { deliveries, actions } of decided) {
    // Whoever decides next knows better.
    if (stop.aborted) {
      for (const action of actions) deliveries.release(action);
      continue;
    }
    deliveries.look(parts.settings.targets);
    deliveries.offer(actions);
  }
}

/** Returns what is to be sent. */
function decideFor(
  deliveries: Deliveries,
  readings: readonly Reading[],
  parts: CycleParts,
): readonly Action[] {
  const { policy, dashboard } = deliveries.parts;
  const mine = readings.filter((reading) => isAbout(policy.match, reading.target));
  const isHeld = (reading: Reading) => parts.underMaintenance.has(reading.target);
  const held = mine.filter(isHeld).map(({ target }) => target);
  for (const target of held) deliveries.withdraw(target);
  const deciding: Deciding = {
    reporterId: parts.settings.id,
    policy,
    abilities: dashboard.abilities,
    nowMs: parts.clock.now(),
    slackMs: parts.settings.pollIntervalMs / 2,
  };
  const free = mine.filter((reading) => !isHeld(reading));
  const { actions: decided, settled } = decide(free, parts.ledger, deciding);
  const actions = [...decided, ...remindersOf(held, parts.ledger, deciding)];
  if (policy.mode === 'record') {
    for (const action of actions) {
      parts.journal.recorded(action, dashboard.preview(action));
      parts.ledger.acknowledge(policy, action, parts.clock.now());
    }
    return [];
  }
  for (const reading of settled) deliveries.withdraw(reading.target);
  const accepted = actions.filter((action) => deliveries.accepts(action));
  for (const action of accepted) parts.ledger.intend(policy, action);
  return accepted;
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
