/**
 * Decides, over all readings of a cycle, what each dashboard is told, and hands that to its deliveries.
 *
 * Everything else has its turn in between: with thousands of targets and several dashboards this takes
 * seconds where all of them change at once. About one target it is decided in one piece.
 */
import { type Clock, type Pause, pace } from '../model/clock.ts';
import type { Action } from '../model/incident.ts';
import { limits } from '../model/limits.ts';
import type { Reading } from '../model/reading.ts';
import { isAbout } from '../values/glob.ts';
import { type Deciding, decide, remindersOf } from './decision.ts';
import type { Deliveries } from './deliveries.ts';
import { inParts } from './in-parts.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { ReporterSettings } from './settings.ts';
import type { UnderMaintenance } from './under-maintenance.ts';

export type TellAllParts = {
  readonly settings: ReporterSettings;
  readonly ledger: Ledger;
  readonly underMaintenance: UnderMaintenance;
  /**
   * What is intended while it is decided goes to the disk together, once that is over; resolves at the latest a
   * second later, even where it is not kept.
   */
  readonly settleIntents: (decide: () => Promise<void>) => Promise<void>;
  readonly journal: Journal;
  readonly clock: Clock;
};

/**
 * What is decided is on disk before it is sent, or has had its time to get there.
 *
 * @param stop whoever decides next knows better: what is not handed over by then is not sent
 */
export async function tellAll(
  dashboards: readonly Deliveries[],
  readings: readonly Reading[],
  parts: TellAllParts,
  stop: AbortSignal,
): Promise<void> {
  const pause = pace(parts.clock, limits.cycleSliceMs);
  const decided: { readonly deliveries: Deliveries; readonly actions: Action[] }[] = [];
  await parts.settleIntents(async () => {
    for (const deliveries of dashboards) {
      const actions: Action[] = [];
      decided.push({ deliveries, actions });
      const deciding = decidingFor(deliveries, parts);
      for (const some of inParts(readings)) {
        if (stop.aborted) return;
        actions.push(...decideSome(some, deliveries, parts, deciding));
        await pause();
      }
    }
  });
  for (const { deliveries, actions } of decided) {
    if (!stop.aborted) deliveries.look(parts.settings.targets);
    await handOver(deliveries, actions, pause, stop);
  }
}

/** Where targets are told together, a cycle has one word for all of them. */
async function handOver(
  deliveries: Deliveries,
  actions: readonly Action[],
  pause: Pause,
  stop: AbortSignal,
): Promise<void> {
  const { tellsTogether } = deliveries.parts.dashboard;
  for (const some of tellsTogether ? [actions] : inParts(actions)) {
    if (stop.aborted) for (const action of some) deliveries.release(action);
    else deliveries.offer(some);
    await pause();
  }
}

function decidingFor(
  { parts: { policy, dashboard } }: Deliveries,
  { settings, clock }: TellAllParts,
): Deciding {
  return {
    reporterId: settings.id,
    policy,
    abilities: dashboard.abilities,
    nowMs: clock.now(),
    slackMs: settings.pollIntervalMs / 2,
  };
}

/** Returns what is to be sent. */
function decideSome(
  readings: readonly Reading[],
  deliveries: Deliveries,
  { ledger, journal, clock, underMaintenance }: TellAllParts,
  deciding: Deciding,
): readonly Action[] {
  const { policy, dashboard } = deliveries.parts;
  const mine = readings.filter((reading) => isAbout(policy.match, reading.target));
  const isHeld = (reading: Reading) => underMaintenance.has(reading.target);
  const held = mine.filter(isHeld).map(({ target }) => target);
  for (const target of held) deliveries.withdraw(target);
  const free = mine.filter((reading) => !isHeld(reading));
  const { actions: decided, settled } = decide(free, ledger, deciding);
  const actions = [...decided, ...remindersOf(held, ledger, deciding)];
  if (policy.mode === 'record') {
    for (const action of actions) {
      const [known] = ledger.told(policy, [action.reading.target]);
      journal.recorded(action, dashboard.preview(action, known?.status));
      ledger.acknowledge(policy, action, clock.now());
    }
    return [];
  }
  for (const reading of settled) deliveries.withdraw(reading.target);
  const accepted = actions.filter((action) => deliveries.accepts(action));
  for (const action of accepted) ledger.intend(policy, action);
  return accepted;
}
