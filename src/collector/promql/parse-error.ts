/** What is wrong with the text of a query, told with its place as Prometheus tells it. */
import { QueryError } from './query.ts';

export function parseError(text: string, at: number, message: string): QueryError {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  return new QueryError('bad_data', `${line}:${column}: parse error: ${message}`);
}

/** Prometheus knows it, and we do not. */
export function beyondSubset(what: string): QueryError {
  return new QueryError('execution', `${what} is not part of this subset of PromQL`);
}
