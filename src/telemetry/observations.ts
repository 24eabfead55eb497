/**
 * What the program has seen of the world and of itself, for the pages, the health and the gauges.
 *
 * Everything in it has a bound: as many targets and dashboards as the configuration names,
 * and the newest so many of what goes on and on.
 */
import type { Clock } from '../model/clock.ts';
import type { FailureReason } from '../model/failure.ts';
import type { ActionType } from '../model/incident.ts';
import { limits } from '../model/limits.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Reading } from '../model/reading.ts';
import type { AlarmStatus, Status } from '../model/status.ts';
import type { Target } from '../model/target.ts';
import { missingOf, pollResult } from './poll-result.ts';
import { Results } from './results.ts';
import { Ring } from './ring.ts';
import type { DashboardFacts, Scene } from './scene.ts';
import type { Witness } from './witness.ts';

/** Times are milliseconds since 1970. */
export type SeenTarget = {
  target: Target;
  /** The same object for ever: printers remember its text. */
  readonly labels: { readonly service: string; readonly environment: string };
  /** Undefined: no data, or not read yet. */
  status: Status | undefined;
  /** Why there is no data. */
  missing: string | undefined;
  /** When the convertor observed it; undefined without data. */
  observedMs: number | undefined;
  /** When it was last read; undefined before the first time. */
  readMs: number | undefined;
  /** Since when the readings say the same. */
  sinceMs: number | undefined;
  /** How often the status changed from one reading with data to the next. */
  flaps: number;
  lastKnown: Status | undefined;
  readonly results: Results;
};

type Trouble = {
  readonly reason: FailureReason;
  readonly httpStatus: number | undefined;
  /** Monotonic. */
  readonly atMs: number;
};

export type SeenDashboard = {
  facts: DashboardFacts;
  /** Whether the newest attempt was answered; undefined before the first one. */
  connected: boolean | undefined;
  /** Milliseconds of the newest attempts. */
  readonly latencies: Ring<number>;
  /** Targets whose newest delivery failed, by their keys. */
  readonly troubles: Map<string, Trouble>;
};

export type SeenDelivery = {
  readonly atMs: number;
  readonly target: Target;
  readonly dashboard: string;
  readonly type: ActionType;
  readonly status: AlarmStatus;
  readonly outcome: Outcome;
  readonly reason: FailureReason | undefined;
  readonly httpStatus: number | undefined;
};

/** Requests to the convertor in one cycle. */
export type SeenLatency = { readonly atMs: number; readonly meanMs: number; readonly maxMs: number };

export type SeenCycle = {
  readonly atMs: number;
  /** Monotonic. */
  readonly doneMs: number;
  readonly durationMs: number;
};

export class Observations implements Omit<Witness, 'cyclesSkipped'> {
  readonly clock: Clock;
  readonly startedMs: number;
  /** Monotonic. */
  readonly bornMs: number;
  readonly targets = new Map<string, SeenTarget>();
  readonly dashboards = new Map<string, SeenDashboard>();
  readonly deliveries = new Ring<SeenDelivery>(limits.deliveriesShown);
  readonly latencies = new Ring<SeenLatency>(limits.latenciesShown);
  pollIntervalMs = 0;
  /** The newest that ended. */
  cycle: SeenCycle | undefined;
  /** Why every poll of the newest cycle failed; undefined where one did not. */
  convertorTrouble: FailureReason | undefined;
  /** Whether anything was answered in the newest cycle. */
  isConvertorConnected = false;
  /** When a configuration was last taken. */
  configuredMs: number;
  /** When a cycle ended, or a configuration that may have changed the interval was taken: monotonic. */
  quietSinceMs: number;
  isConfigurationBroken = false;
  #asked = { count: 0, sumMs: 0, maxMs: 0, answered: 0 };

  constructor(clock: Clock) {
    this.clock = clock;
    this.startedMs = clock.now();
    this.bornMs = clock.monotonic();
    this.configuredMs = this.startedMs;
    this.quietSinceMs = this.bornMs;
  }

  get uptimeMs(): number {
    return this.clock.monotonic() - this.bornMs;
  }

  /** A configuration is in effect. What is no longer in it is forgotten. */
  configure({ pollIntervalMs, targets, dashboards }: Scene): void {
    if (pollIntervalMs !== this.pollIntervalMs) this.quietSinceMs = this.clock.monotonic();
    this.pollIntervalMs = pollIntervalMs;
    this.configuredMs = this.clock.now();
    this.isConfigurationBroken = false;
    const seenTargets = new Map(this.targets);
    this.targets.clear();
    for (const target of targets) {
      const seen = seenTargets.get(target.key) ?? unseenTarget(target);
      seen.target = target;
      this.targets.set(target.key, seen);
    }
    const seenDashboards = new Map(this.dashboards);
    this.dashboards.clear();
    for (const facts of dashboards) {
      const seen = seenDashboards.get(facts.name) ?? unseenDashboard(facts);
      seen.facts = facts;
      for (const key of seen.troubles.keys()) if (!this.targets.has(key)) seen.troubles.delete(key);
      this.dashboards.set(facts.name, seen);
    }
  }

  asked: Witness['asked'] = (_target, durationMs, failure) => {
    const asked = this.#asked;
    asked.count++;
    asked.sumMs += durationMs;
    asked.maxMs = Math.max(asked.maxMs, durationMs);
    if (failure?.isTransport || failure?.reason === 'stopped') return;
    asked.answered++;
    this.isConvertorConnected = true;
  };

  read: Witness['read'] = (reading) => {
    const seen = this.targets.get(reading.target.key);
    const missing = missingOf(reading)?.reason;
    if (!seen || missing === 'stopped') return;
    const { status } = reading;
    const nowMs = this.clock.now();
    if (seen.readMs === undefined || seen.status !== status) seen.sinceMs = nowMs;
    seen.readMs = nowMs;
    seen.status = status;
    seen.missing = missing;
    seen.observedMs = reading.status === undefined ? undefined : reading.timeMs;
    if (status !== undefined) {
      if (seen.lastKnown !== undefined && seen.lastKnown !== status) seen.flaps++;
      seen.lastKnown = status;
    }
    seen.results.push(nowMs, status);
  };

  attempted: Witness['attempted'] = (action, durationMs, failure) => {
    const seen = this.dashboards.get(action.incident.dashboard);
    if (!seen || failure?.reason === 'stopped') return;
    seen.connected = !failure?.isTransport;
    seen.latencies.push(durationMs);
  };

  delivered: Witness['delivered'] = (action, outcome, failure) => {
    const { incident, reading, type, status } = action;
    const seen = this.dashboards.get(incident.dashboard);
    if (!seen) return;
    const { reason, httpStatus } = failure ?? {};
    this.deliveries.push({
      atMs: this.clock.now(),
      target: reading.target,
      dashboard: incident.dashboard,
      type,
      status,
      outcome,
      reason,
      httpStatus,
    });
    const isTrouble = (outcome === 'rejected' || outcome === 'failed') && reason !== 'stopped';
    for (const { key } of incident.members) {
      if (!isTrouble || !reason) seen.troubles.delete(key);
      else if (this.targets.has(key)) {
        seen.troubles.set(key, { reason, httpStatus, atMs: this.clock.monotonic() });
      }
    }
  };

  cycleDone: Witness['cycleDone'] = (durationMs, readings) => {
    const atMs = this.clock.now();
    this.cycle = { atMs, doneMs: this.clock.monotonic(), durationMs };
    this.quietSinceMs = this.cycle.doneMs;
    this.convertorTrouble = troubleOf(readings);
    const { count, sumMs, maxMs, answered } = this.#asked;
    this.#asked = { count: 0, sumMs: 0, maxMs: 0, answered: 0 };
    if (count > 0) this.latencies.push({ atMs, meanMs: sumMs / count, maxMs });
    this.isConvertorConnected = answered > 0;
    this.#forgetOldTroubles();
  };

  /** A delivery that still fails fails again in every cycle: what does not is over. */
  #forgetOldTroubles(): void {
    const keepMs = Math.max(3 * this.pollIntervalMs, limits.troubleMsMin);
    for (const { troubles } of this.dashboards.values()) {
      for (const [key, { atMs }] of troubles) {
        if (this.clock.monotonic() - atMs > keepMs) troubles.delete(key);
      }
    }
  }
}

function troubleOf(readings: readonly Reading[]): FailureReason | undefined {
  const asked = readings.filter((reading) => !missingOf(reading)?.isUnasked);
  if (asked.some((reading) => pollResult(reading) !== 'error')) return undefined;
  const first = asked.map(missingOf).find((missing) => missing !== undefined);
  return first?.reason as FailureReason | undefined;
}

function unseenTarget(target: Target): SeenTarget {
  const { service, environment } = target;
  return {
    target,
    labels: { service, environment },
    status: undefined,
    missing: undefined,
    observedMs: undefined,
    readMs: undefined,
    sinceMs: undefined,
    flaps: 0,
    lastKnown: undefined,
    results: new Results(),
  };
}

function unseenDashboard(facts: DashboardFacts): SeenDashboard {
  return { facts, connected: undefined, latencies: new Ring(limits.latenciesShown), troubles: new Map() };
}
