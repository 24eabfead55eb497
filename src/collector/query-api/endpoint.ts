/** What one path of the API does with the parameters of a request. */
import type { Pause } from '../../model/clock.ts';
import type { JsonAnswer } from './json-answer.ts';
import type { Parameters } from './parameters.ts';

/**
 * Throws a `QueryError` where the parameters make no sense, before the work waits for its turn; queries, which
 * may take long to be read, are read when it has come.
 */
export type Endpoint = (parameters: Parameters) => Work;

export type Work = {
  readonly timeoutMs: number;
  /** Throws a `QueryError` where there is no answer. */
  readonly write: (answer: JsonAnswer, pause: Pause) => Promise<void>;
};
