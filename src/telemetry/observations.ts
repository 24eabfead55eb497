/**
 * What the program has seen of the world and of itself, for the pages, the health and the gauges.
 *
 * Everything in it has a bound: as many targets and dashboards as the configuration names,
 * and the newest so many of what goes on and on.
 */
import type { Clock } from '../model/clock.ts';
import type { Failure, FailureReason } from '../model/failure.ts';
import type { Action } from '../model/incident.ts';
import { limits } from '../model/limits.ts';
import type { Reading } from '../model/reading.ts';
import { missingOf, pollResult } from './poll-result.ts';
import { Ring } from './ring.ts';
import type { Scene } from './scene.ts';
import {
  type SeenCycle,
  type SeenDashboard,
  type SeenDelivery,
  type SeenLatency,
  type SeenTarget,
  unseenDashboard,
  unseenTarget,
} from './seen.ts';
import type { Witness } from './witness.ts';

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
  /** Why no poll of the newest cycle brought a status; undefined where one did, or none had one to bring. */
  convertorTrouble: FailureReason | undefined;
  /** Whether anything was answered in the newest cycle. */
  isConvertorConnected = false;
  /** When a configuration was last taken. */
  configuredMs: number;
  /** When a cycle ended, or a configuration that may have changed the interval was taken: monotonic. */
  quietSinceMs: number;
  isConfigurationBroken = false;
  /** Why state is not written; undefined where it is, or is kept nowhere. */
  stateTrouble: string | undefined;
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
      // Its kind is written by now, or does not matter.
      if (facts.kind !== seen.facts.kind || facts.mode === 'paused') seen.undecided = undefined;
      seen.facts = facts;
      for (const key of seen.troubles.keys()) if (!this.targets.has(key)) seen.troubles.delete(key);
      this.dashboards.set(facts.name, seen);
    }
  }

  asked: Witness['asked'] = (_target, durationMs, failure) => {
    if (failure?.isUnsent) return;
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
    const isHeard = reading.status !== undefined && missing === undefined;
    seen.observedMs = isHeard ? reading.timeMs : undefined;
    if (isHeard) {
      if (seen.lastKnown !== undefined && seen.lastKnown !== status) seen.flaps++;
      seen.lastKnown = status;
    }
    seen.results.push(nowMs, status);
  };

  attempted: Witness['attempted'] = (action, durationMs, failure) => {
    const seen = this.dashboards.get(action.incident.dashboard);
    if (!seen || failure?.reason === 'stopped') return;
    if (!failure?.isUnsent) {
      seen.connected = !failure?.isTransport;
      seen.latencies.push(durationMs);
    }
    this.#judge(seen, action, failure);
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
    const isTrouble = outcome === 'rejected' || outcome === 'failed';
    // A delivery that we stopped, or whose reading grew old, is no news about the dashboard.
    if (reason === 'stale' || (isTrouble && reason === 'stopped')) return;
    this.#judge(seen, action, isTrouble ? failure : undefined);
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

  found: Witness['found'] = (dashboard, unowned) => {
    const seen = this.dashboards.get(dashboard);
    if (seen) seen.unowned = unowned.length;
  };

  undecided: Witness['undecided'] = (dashboard, failure) => {
    const seen = this.dashboards.get(dashboard);
    if (!seen) return;
    if (failure) {
      const { reason, httpStatus, isUnsent, isTransport } = failure;
      if (!isUnsent) seen.connected = !isTransport;
      seen.undecided = { reason, httpStatus };
    } else if (!seen.wasDecided) {
      seen.undecided = {};
    }
  };

  decided: Witness['decided'] = (dashboard) => {
    const seen = this.dashboards.get(dashboard);
    if (!seen) return;
    seen.connected = true;
    seen.undecided = undefined;
    seen.wasDecided = true;
  };

  /** A dashboard of which it has never been known yet which kind it is. */
  get neverDecided(): string | undefined {
    const names = [...this.dashboards].flatMap(([name, { undecided, wasDecided }]) =>
      undecided && !wasDecided ? [name] : [],
    );
    return names[0];
  }

  stateFailed: Witness['stateFailed'] = ({ message }) => {
    this.stateTrouble = message;
  };

  stateRecovered: Witness['stateRecovered'] = () => {
    this.stateTrouble = undefined;
  };

  /** @param failure the newest word about the targets of the action; undefined: all is well */
  #judge({ troubles }: SeenDashboard, { incident }: Action, failure: Failure | undefined): void {
    for (const { key } of incident.members) {
      if (!failure) troubles.delete(key);
      else if (this.targets.has(key)) {
        const { reason, httpStatus } = failure;
        troubles.set(key, { reason, httpStatus, atMs: this.clock.monotonic() });
      }
    }
  }

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

/** Nothing is known of any target, and not only because there is nothing to know. */
function troubleOf(readings: readonly Reading[]): FailureReason | undefined {
  const asked = readings.filter((reading) => !missingOf(reading)?.isUnasked);
  if (asked.some((reading) => pollResult(reading) === 'ok')) return undefined;
  return asked
    .flatMap((reading) => missingOf(reading)?.reason ?? [])
    .find((reason) => reason !== 'empty' && reason !== 'incomplete');
}
