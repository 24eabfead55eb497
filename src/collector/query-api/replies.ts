/** What Prometheus's API answers with: a result, or why there is none. */
import type { Page } from '../../http/routes.ts';
import type { QueryError } from '../promql/query.ts';

/** Prometheus's own words. */
export type ErrorKind = QueryError['kind'] | 'unavailable';

const statuses: Readonly<Record<ErrorKind, number>> = {
  bad_data: 400,
  execution: 422,
  timeout: 503,
  unavailable: 503,
};

export function success(data: unknown): Page {
  return page(200, JSON.stringify({ status: 'success', data }));
}

export function page(status: number, body: string | Buffer): Page {
  return { status, type: 'application/json', body };
}

/** @param status where it is another one than usual */
export function failure(kind: ErrorKind, message: string, status = statuses[kind]): Page {
  const refused = page(status, JSON.stringify({ status: 'error', errorType: kind, error: message }));
  return status === 503 ? { ...refused, headers: { 'retry-after': '1' } } : refused;
}

/** What Prometheus says of a path that it does not have. */
export const notFound: Page = {
  status: 404,
  type: 'text/plain; charset=utf-8',
  body: '404 page not found\n',
};
