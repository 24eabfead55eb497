/** What is counted and timed while it happens. */

import { Counts } from '../exposition/counts.ts';
import { cycleBounds, Durations, latencyBounds } from '../exposition/durations.ts';
import { noLabels, type Sample } from '../exposition/family.ts';
import { failureReasons } from '../model/failure.ts';
import { outcomes } from '../model/outcome.ts';
import type { InstrumentRegistry } from './instruments-registry.ts';
import { missingOf, pollResult, pollResults } from './poll-result.ts';
import type { Scene } from './scene.ts';
import type { Witness } from './witness.ts';

export class Work implements Omit<Witness, 'found' | 'decided' | 'stateRecovered'> {
  readonly #cycles = new Durations(cycleBounds, noLabels);
  readonly #polls = new Counts(pollResults, (result) => ({ result }));
  readonly #requests = new Durations(latencyBounds, noLabels);
  readonly #convertorErrors = new Counts(failureReasons, (reason) => ({ reason }));
  readonly #tokenFailures = new Counts(['token'], () => noLabels);
  readonly #skipped = new Counts(['cycle'], () => noLabels);
  readonly #stateErrors = new Counts(['state'], () => noLabels);
  #dashboards: ReadonlyMap<string, DashboardWork> = new Map();

  /** What a reload leaves goes on counting; what it removes is forgotten. */
  configure({ dashboards }: Scene): void {
    const before = this.#dashboards;
    this.#dashboards = new Map(
      dashboards.map(({ name }) => [name, before.get(name) ?? new DashboardWork(name)]),
    );
  }

  asked: Witness['asked'] = (_target, durationMs, failure) => {
    if (!failure?.isUnsent) this.#requests.add(durationMs);
    if (failure) this.#convertorErrors.add(failure.reason);
  };

  read: Witness['read'] = (reading) => {
    const reason = missingOf(reading)?.reason;
    // We are stopping, which is no news about the convertor.
    if (reason === 'stopped') return;
    this.#polls.add(pollResult(reading));
    // No request failed, and still nothing could be learnt.
    if (reason === 'stale') this.#convertorErrors.add(reason);
  };

  attempted: Witness['attempted'] = (action, durationMs, failure, mayRepeat) => {
    const dashboard = this.#dashboards.get(action.incident.dashboard);
    if (!dashboard) return;
    if (!failure?.isUnsent) dashboard.requests.add(durationMs);
    if (mayRepeat) dashboard.resends.add('message');
    if (!failure) return;
    dashboard.errors.add(failure.reason);
    // A proxy that wants other credentials has seen no token.
    if (failure.reason === 'unauthorized' && failure.httpStatus !== 407) this.#tokenFailures.add('token');
  };

  delivered: Witness['delivered'] = (action, outcome) => {
    this.#dashboards.get(action.incident.dashboard)?.outcomes.add(outcome);
  };

  undecided: Witness['undecided'] = (dashboard, failure) => {
    if (failure) this.#dashboards.get(dashboard)?.errors.add(failure.reason);
  };

  cycleDone: Witness['cycleDone'] = (durationMs) => this.#cycles.add(durationMs);

  cyclesSkipped: Witness['cyclesSkipped'] = (count) => this.#skipped.add('cycle', count);

  stateFailed: Witness['stateFailed'] = () => this.#stateErrors.add('state');

  register(registry: InstrumentRegistry): void {
    registry.add('histogram', {
      name: 'cloudmon_reporter_poll_cycle_duration_seconds',
      help: 'Time from the start of a cycle until every target was read and decided.',
      read: (name) => this.#cycles.samples(name),
    });
    registry.add('counter', {
      name: 'cloudmon_reporter_cycles_skipped_total',
      help: 'Cycles that were left out because the one before took too long.',
      read: (name) => this.#skipped.samples(name),
    });
    registry.add('counter', {
      name: 'cloudmon_reporter_polls_total',
      help: 'Readings of a target by what came of them.',
      labelNames: ['result'],
      read: (name) => this.#polls.samples(name),
    });
    registry.add('histogram', {
      name: 'cloudmon_reporter_convertor_request_duration_seconds',
      help: 'Time that one request to the convertor took, answered or not.',
      read: (name) => this.#requests.samples(name),
    });
    registry.add('counter', {
      name: 'cloudmon_reporter_convertor_errors_total',
      help: 'Requests to the convertor that failed, and answers that were too old (stale), by reason.',
      labelNames: ['reason'],
      read: (name) => this.#convertorErrors.samples(name),
    });
    registry.add('counter', {
      name: 'cloudmon_reporter_state_errors_total',
      help: 'Writes of the state or the history that failed: until one works, they are in memory only.',
      read: (name) => this.#stateErrors.samples(name),
    });
    this.#registerDashboards(registry);
  }

  #registerDashboards(registry: InstrumentRegistry): void {
    const each = (samples: (work: DashboardWork) => Sample[]) =>
      [...this.#dashboards.values()].flatMap(samples);
    registry.add('counter', {
      name: 'cloudmon_reporter_notifications_total',
      help: 'Deliveries to a dashboard by how they ended, after all attempts.',
      labelNames: ['dashboard', 'outcome'],
      read: (name) => each((work) => work.outcomes.samples(name)),
    });
    registry.add('histogram', {
      name: 'cloudmon_reporter_dashboard_request_duration_seconds',
      help: 'Time that one attempt at a dashboard took, answered or not.',
      labelNames: ['dashboard'],
      read: (name) => each((work) => work.requests.samples(name)),
    });
    registry.add('counter', {
      name: 'cloudmon_reporter_dashboard_errors_total',
      help: 'Attempts at a dashboard that failed, by reason.',
      labelNames: ['dashboard', 'reason'],
      read: (name) => each((work) => work.errors.samples(name)),
    });
    registry.add('counter', {
      name: 'cloudmon_reporter_ambiguous_resends_total',
      help: 'Attempts with a message that the dashboard may have taken before: it broke off, was too slow, or answered 5xx, but 503.',
      labelNames: ['dashboard'],
      read: (name) => each((work) => work.resends.samples(name)),
    });
    registry.add('counter', {
      name: 'cloudmon_reporter_token_failures_total',
      help: 'Tokens that could not be signed or that a dashboard refused (401 or 403).',
      read: (name) => this.#tokenFailures.samples(name),
    });
  }
}

class DashboardWork {
  readonly outcomes;
  readonly errors;
  readonly resends;
  readonly requests;

  constructor(dashboard: string) {
    this.outcomes = new Counts(outcomes, (outcome) => ({ dashboard, outcome }));
    this.errors = new Counts(failureReasons, (reason) => ({ dashboard, reason }));
    this.resends = new Counts(['message'], () => ({ dashboard }));
    this.requests = new Durations(latencyBounds, { dashboard });
  }
}
