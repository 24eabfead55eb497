/** How asking about health goes. */
import { Counts } from '../../exposition/counts.ts';
import { Durations, latencyBounds } from '../../exposition/durations.ts';
import { type Family, noLabels } from '../../exposition/family.ts';
import { type FailureReason, failureReasons } from '../../model/failure.ts';

export const healthResults = ['ok', 'no_data', 'failed', 'busy', 'unsupported'] as const;
export type HealthResult = (typeof healthResults)[number];

export class HealthInstruments {
  readonly #answers = new Counts<HealthResult>(healthResults, (result) => ({ result }));
  readonly #errors = new Counts<FailureReason>(failureReasons, (reason) => ({ reason }));
  readonly #durations = new Durations(latencyBounds, noLabels);

  answered(result: HealthResult, durationMs: number): void {
    this.#answers.add(result);
    this.#durations.add(durationMs);
  }

  failed(reason: FailureReason): void {
    this.#errors.add(reason);
  }

  families(): readonly Family[] {
    const answers = 'cloudmon_collector_health_answers_total';
    const durations = 'cloudmon_collector_health_duration_seconds';
    const errors = 'cloudmon_collector_datasource_errors_total';
    return [
      {
        name: answers,
        type: 'counter',
        help: 'Answers about the health of a service, by what came of them.',
        samples: this.#answers.samples(answers),
      },
      {
        name: durations,
        type: 'histogram',
        help: 'How long answers about health took to make.',
        samples: this.#durations.samples(durations),
      },
      {
        name: errors,
        type: 'counter',
        help: 'Times that the data source was asked about flags and failed, by reason.',
        samples: this.#errors.samples(errors),
      },
    ];
  }
}
