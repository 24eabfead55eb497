/** What answers queries over time: our own series, a Prometheus, or a Graphite. */
import { Failure } from '../../model/failure.ts';

export type DatasourceQuestion = {
  readonly query: string;
  /** Wall clock, milliseconds, both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Monotonic: nobody waits for the answer any longer. */
  readonly untilMs?: number;
};

/** The values of one series, by time, oldest first. What is no number is left out, infinities are not. */
export type Track = {
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
};

export type Datasource = {
  /**
   * Every series that the query names; none where nothing has a value. Queries that are asked while others
   * are under way may be asked together, and equal ones once, within the time of the first.
   *
   * Throws a `Failure` of the peer `datasource` where there is no answer that makes sense.
   */
  readonly ask: (question: DatasourceQuestion) => Promise<readonly Track[]>;
  /** How long an answer may take. */
  readonly timeoutMs: number;
  /** Ends what is under way, with reason `stopped`. */
  readonly stop: () => void;
};

/**
 * The first and the last whole multiple of a step inside a window, none later than now: the first is behind
 * the last where there is none.
 */
export function wholeSteps(
  { fromMs, toMs }: Pick<DatasourceQuestion, 'fromMs' | 'toMs'>,
  stepMs: number,
  nowMs: number,
): { readonly fromMs: number; readonly toMs: number } {
  return {
    fromMs: Math.ceil(fromMs / stepMs) * stepMs,
    toMs: Math.floor(Math.min(toMs, nowMs) / stepMs) * stepMs,
  };
}

/** Why an answer is none, although it came whole. */
export function garbled(message: string): Failure {
  return new Failure('datasource', 'garbled', message);
}

/** More was asked for than is read. */
export function tooMuch(message: string): Failure {
  return new Failure('datasource', 'rejected', message);
}

export function stopped(): Failure {
  return new Failure('datasource', 'stopped', 'stopped before an answer came');
}
