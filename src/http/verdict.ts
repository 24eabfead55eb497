/** What an HTTP status means, for every peer: the one table of reasons. */
import { Failure, type FailureReason, type Peer } from '../model/failure.ts';
import { retryAfterMs } from './retry-after.ts';

/** The failure that a status other than 2xx stands for. `hint` is cut text from the answer, or ''. */
export function statusFailure(
  peer: Peer,
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  nowMs: number,
  hint = '',
): Failure {
  const wait = retryAfterMs(headers['retry-after'], nowMs);
  return new Failure(peer, reasonOf(status), `${describe(status)}${hint && `: ${hint}`}`, {
    httpStatus: status,
    // Who says that it is not available has not done it.
    isAmbiguous: status >= 500 && status !== 503,
    ...(wait !== undefined && { retryAfterMs: wait }),
  });
}

function reasonOf(status: number): FailureReason {
  if (status === 401 || status === 403 || status === 407) return 'unauthorized';
  if (status === 420 || status === 429) return 'rate_limited';
  if (status === 408 || status === 425 || status >= 500) return 'failed';
  return 'rejected';
}

function describe(status: number): string {
  if (status >= 300 && status < 400) return `answered ${status}, a redirect, which is never followed`;
  if (status === 407) return `answered ${status}: the proxy wants other credentials`;
  return `answered ${status}`;
}
