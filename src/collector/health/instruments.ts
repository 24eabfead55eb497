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
    return [
      this.#answers.family(
        'cloudmon_collector_health_answers_total',
        'Answers about the health of a service, by what came of them.',
      ),
      this.#durations.family(
        'cloudmon_collector_health_duration_seconds',
        'How long answers about health took to make.',
      ),
      this.#errors.family(
        'cloudmon_collector_datasource_errors_total',
        'Times that the data source was asked about flags and failed, by reason.',
      ),
    ];
  }
}
