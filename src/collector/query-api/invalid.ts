/** What is wrong with a parameter, told with its name as Prometheus tells it. */
import { QueryError } from '../promql/query.ts';
import { quoted } from './go-text.ts';

export function invalid(name: string, why: string): QueryError {
  return new QueryError('bad_data', `invalid parameter ${quoted(name)}: ${why}`);
}

/** Reads a parameter, and names it in what is found wrong with it. */
export function naming<Result>(name: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof QueryError && error.kind === 'bad_data' ? invalid(name, error.message) : error;
  }
}
