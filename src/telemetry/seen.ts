/** What is kept of each thing that was seen. Times are milliseconds since 1970, unless they say monotonic. */
import type { FailureReason } from '../model/failure.ts';
import type { ActionType } from '../model/incident.ts';
import { limits } from '../model/limits.ts';
import type { Outcome } from '../model/outcome.ts';
import type { AlarmStatus, Status } from '../model/status.ts';
import type { Target } from '../model/target.ts';
import { Results } from './results.ts';
import { Ring } from './ring.ts';
import type { DashboardFacts } from './scene.ts';

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

/** Why it is not known which kind a dashboard is; without a reason the first attempt has not ended yet. */
type Undecided = { readonly reason?: FailureReason; readonly httpStatus?: number | undefined };

export type SeenDashboard = {
  facts: DashboardFacts;
  /** Whether the newest attempt was answered; undefined before the first one. */
  connected: boolean | undefined;
  /** It is told nothing, because its kind is not known; undefined where it is. */
  undecided: Undecided | undefined;
  /** Whether its kind has been found out before: a program that was ready stays so. */
  wasDecided: boolean;
  /** Open incidents there that are not ours; undefined where nobody has looked. */
  unowned: number | undefined;
  /** Milliseconds of the newest attempts. */
  readonly latencies: Ring<number>;
  /** Targets whose newest attempt or delivery failed, by their keys. */
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

export function unseenTarget(target: Target): SeenTarget {
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

export function unseenDashboard(facts: DashboardFacts): SeenDashboard {
  return {
    facts,
    connected: undefined,
    undecided: undefined,
    wasDecided: false,
    unowned: undefined,
    latencies: new Ring(limits.latenciesShown),
    troubles: new Map(),
  };
}
