/** What one path of the API does with the parameters of a request. */
import type { JsonAnswer } from './json-answer.ts';
import type { Parameters } from './parameters.ts';
import type { Pause } from './query-turns.ts';

/** Throws a `QueryError` where the parameters make no sense, before the work waits for its turn. */
export type Endpoint = (parameters: Parameters) => Work;

export type Work = {
  readonly timeoutMs: number;
  /** Throws a `QueryError` where there is no answer. */
  readonly write: (answer: JsonAnswer, pause: Pause) => Promise<void>;
};
