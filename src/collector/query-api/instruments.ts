/** How queries are doing: those over HTTP, whatever they ask for. */
import { Counts } from '../../exposition/counts.ts';
import { Durations, latencyBounds } from '../../exposition/durations.ts';
import { type Family, noLabels } from '../../exposition/family.ts';
import type { ErrorKind } from './replies.ts';

/** What became of a query. Also a metric label: keep it short and closed. */
export const queryResults = [
  'ok',
  'bad_data',
  'execution',
  'timeout',
  'unavailable',
] as const satisfies readonly (ErrorKind | 'ok')[];
export type QueryOutcome = (typeof queryResults)[number];

export class QueryInstruments {
  readonly #results = new Counts<QueryOutcome>(queryResults, (result) => ({ result }));
  readonly #durations = new Durations(latencyBounds, noLabels);

  answered(result: QueryOutcome): void {
    this.#results.add(result);
  }

  workedOut(durationMs: number): void {
    this.#durations.add(durationMs);
  }

  families(): readonly Family[] {
    return [
      this.#results.family(
        'cloudmon_collector_queries_total',
        'Queries over HTTP, and questions about series and labels, by what became of them.',
      ),
      this.#durations.family(
        'cloudmon_collector_query_duration_seconds',
        'How long queries took to be answered, from their turn on.',
      ),
    ];
  }
}
