/**
 * Decides, over all readings of a cycle together, what a dashboard should be told.
 *
 * Level-triggered: what the dashboard should know is compared with what it acknowledged
 * last, and the difference is sent. What rose and fell in between is not.
 *
 * Pure but for the ledger's own memory: time comes in with the readings and `nowMs`.
 */
import { hash } from 'node:crypto';
import type { Abilities } from '../model/dashboard.ts';
import type { Action, ActionType, Incident } from '../model/incident.ts';
import type { Policy } from '../model/policy.ts';
import type { KnownReading, NoData, Reading } from '../model/reading.ts';
import type { AlarmStatus } from '../model/status.ts';
import type { Target } from '../model/target.ts';
import type { Ledger } from './ledger.ts';
import { ended, hasReached, isAhead, isKnown, observe, type Standing } from './standing.ts';

/** Who decides, and for whom. */
export type Deciding = {
  readonly reporterId: string;
  readonly policy: Policy;
  readonly abilities: Abilities;
  readonly nowMs: number;
  /** How much earlier than `repeat_interval` a repeat is due: the next cycle would be too late by more. */
  readonly slackMs: number;
};

export type Decisions = {
  readonly actions: readonly Action[];
  /** Targets that were read and need nothing: what still waits to be sent about them is outdated. */
  readonly settled: readonly KnownReading[];
};

export function decide(readings: readonly Reading[], ledger: Ledger, deciding: Deciding): Decisions {
  const actions: Action[] = [];
  const settled: KnownReading[] = [];
  for (const reading of readings) {
    const action =
      reading.status === undefined
        ? reminder(reading.target, reading, ledger, deciding)
        : decideOne(reading, ledger, deciding);
    if (action) actions.push(action);
    else if (reading.status !== undefined) settled.push(reading);
  }
  return deciding.policy.mode === 'paused' ? { actions: [], settled } : { actions, settled };
}

/** About targets that are held back, whatever they are read as. */
export function remindersOf(targets: readonly Target[], ledger: Ledger, deciding: Deciding): Action[] {
  if (deciding.policy.mode === 'paused') return [];
  return targets.flatMap((target) => reminder(target, undefined, ledger, deciding) ?? []);
}

/**
 * No data never opens, never closes and does not count. A dashboard that forgets is told again what it
 * knows, else silence would look like a recovery; unless it has recovered, or something is on its way.
 */
function reminder(
  target: Target,
  insteadOf: NoData | undefined,
  ledger: Ledger,
  deciding: Deciding,
): Action | undefined {
  const { policy, abilities, nowMs } = deciding;
  if (!abilities.forgets || policy.send !== 'every_poll') return undefined;
  const standing = ledger.get(policy, target.key);
  const { incident, told, intended, below } = standing;
  if (!incident || !told || intended.length > 0 || hasReached(below, policy.closeAfter)) return undefined;
  const evidence = { triggered: [] };
  const kept = { target, status: told.status, timeMs: nowMs, evidence, ...(insteadOf && { insteadOf }) };
  return action('repeat', told.status, standing, boundTo(incident, target), kept, deciding);
}

function decideOne(reading: KnownReading, ledger: Ledger, deciding: Deciding): Action | undefined {
  const { policy } = deciding;
  const before = ledger.get(policy, reading.target.key);
  const seen = observe(before, reading, policy.match.minStatus, deciding.nowMs);
  const incident = incidentOf(seen, reading, deciding);
  const standing = incident ? { ...seen, incident } : ended(seen);
  ledger.set(policy, reading.target.key, standing);
  if (!standing.incident) return undefined;
  return standing.above
    ? alarm(standing, standing.incident, reading, deciding)
    : recovery(standing, standing.incident, reading, ledger, deciding);
}

/** The incident that stands after this reading; one that nobody was told of ends without a word. */
function incidentOf(standing: Standing, reading: KnownReading, deciding: Deciding): Incident | undefined {
  const { policy, abilities } = deciding;
  if (standing.incident) {
    const isOver = hasReached(standing.below, policy.closeAfter);
    const needsClosing = abilities.closes && isKnown(standing);
    return isOver && !needsClosing ? undefined : boundTo(standing.incident, reading.target);
  }
  return standing.above && hasReached(standing.above, policy.openAfter)
    ? newIncident(reading, standing.above.firstMs, deciding)
    : undefined;
}

/** What is configured of its member may have changed, and not all of it is kept over a restart. */
function boundTo(incident: Incident, target: Target): Incident {
  return incident.members[0] === target ? incident : { ...incident, members: [target] };
}

function newIncident(reading: KnownReading, sinceMs: number, deciding: Deciding): Incident {
  const { reporterId, policy } = deciding;
  // Where every poll is told, the reading's time tells one report from the next. So the incident
  // is the target itself, and a reading told before a restart keeps its key after it.
  const episode = policy.send === 'every_poll' ? '' : String(sinceMs);
  return {
    id: digest([reporterId, policy.name, reading.target.key, episode]),
    dashboard: policy.name,
    members: [reading.target],
    sinceMs,
  };
}

function alarm(
  standing: Standing,
  incident: Incident,
  reading: KnownReading,
  deciding: Deciding,
): Action | undefined {
  const { policy, abilities } = deciding;
  const { told, doubts } = standing;
  const seen = reading.status as AlarmStatus;
  // Who cannot be told that it became less bad goes on knowing the worst.
  const isTooLow = policy.send === 'on_change' && !abilities.lowers && told && seen < told.status;
  const status = isTooLow ? told.status : seen;
  const change = !told || told.status !== status || doubts.length > 0;
  if (change) return action(told ? 'change' : 'open', status, standing, incident, reading, deciding);

  if (policy.send === 'on_change' && !isDue(told.atMs, deciding)) return undefined;
  return action('repeat', status, standing, incident, reading, deciding);
}

/** At once where the clock was set back since it was told. */
function isDue(toldMs: number, { policy, nowMs, slackMs }: Deciding): boolean {
  if (policy.repeatIntervalMs === 0) return false;
  return isAhead(toldMs, nowMs) || nowMs - toldMs >= policy.repeatIntervalMs - slackMs;
}

function recovery(
  standing: Standing,
  incident: Incident,
  reading: KnownReading,
  ledger: Ledger,
  deciding: Deciding,
): Action | undefined {
  const { policy } = deciding;
  // Until it counts as recovered, a dashboard that forgets must not take silence for it.
  if (!hasReached(standing.below, policy.closeAfter)) {
    return reminder(reading.target, undefined, ledger, deciding);
  }
  const closed = standing.told?.status ?? policy.match.minStatus;
  return action('close', closed, standing, incident, reading, deciding);
}

function action(
  type: ActionType,
  status: AlarmStatus,
  standing: Standing,
  incident: Incident,
  reading: KnownReading,
  deciding: Deciding,
): Action {
  const { reporterId, policy } = deciding;
  return {
    type,
    incident,
    status,
    timeMs: policy.send === 'every_poll' ? reading.timeMs : (standing.level?.sinceMs ?? reading.timeMs),
    reading,
    idempotencyKey: digest([reporterId, policy.name, incident.id, ...moment()]),
  };

  /**
   * What tells this message from the others about its incident. An incident may reach a
   * status twice, so a change carries the time at which it reached it. Whether it is the first message
   * depends on answers that may be late: so it makes no difference.
   */
  function moment(): string[] {
    if (policy.send === 'every_poll' && type !== 'close') {
      return ['report', String(status), String(reading.timeMs)];
    }
    const sinceMs = type === 'repeat' ? standing.told?.atMs : standing.level?.sinceMs;
    return [type === 'change' ? 'open' : type, String(status), String(sinceMs)];
  }
}

function digest(parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts));
}
