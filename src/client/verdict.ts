/** What follows from what a collector answered. */
import { CollectorError, type Complaint } from './collector-error.ts';
import type { Endpoint } from './endpoint.ts';
import { type Answer, Unanswered } from './post.ts';
import { limits } from './settings.ts';

export type Verdict =
  | { readonly kind: 'taken' }
  /** Nothing was taken; some of the metrics are named as wrong, the others may be sent again. */
  | { readonly kind: 'wrong'; readonly error: CollectorError }
  /** Nothing was taken; a smaller batch may be. */
  | { readonly kind: 'large'; readonly error: CollectorError }
  /** Later, perhaps. */
  | Away
  | { readonly kind: 'refused'; readonly error: CollectorError };

export type Away = {
  readonly kind: 'away';
  readonly error: CollectorError;
  /** How long the collector asks to be left alone. */
  readonly waitMs?: number;
  /** It may have been taken all the same. */
  readonly mayBeTaken: boolean;
  /** A new connection at once will do. */
  readonly isStale: boolean;
};

/** @param count of the metrics that were sent */
export function judge(answer: Answer, count: number, endpoint: Endpoint, nowMs: number): Verdict {
  const { status } = answer;
  const told = fields(answer.body);
  if (status === 200) {
    if (told['success'] === true) return { kind: 'taken' };
    const message = `${endpoint.name} answered 200, but not as a collector does`;
    return { kind: 'refused', error: new CollectorError(message, status) };
  }
  const errors = complaints(told['errors'], count, endpoint);
  const said = typeof told['message'] === 'string' ? `: ${shown(told['message'], endpoint)}` : '';
  const error = new CollectorError(`${endpoint.name} answered ${status}${said}`, status, errors);
  if (status === 400 && errors.length > 0) return { kind: 'wrong', error };
  if (status === 413) return { kind: 'large', error };
  if (status < 500 && ![408, 425, 429].includes(status)) return { kind: 'refused', error };
  const waitMs = retryAfterMs(answer.retryAfter, nowMs);
  return {
    kind: 'away',
    error,
    ...(waitMs !== undefined && { waitMs }),
    // Who says so has not taken it; behind any other a collector may have.
    mayBeTaken: ![408, 425, 429, 502, 503].includes(status),
    isStale: false,
  };
}

/** What was thrown instead of an answer. */
export function judgeFailure(thrown: unknown): Away {
  const { message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const isUnanswered = thrown instanceof Unanswered;
  return {
    kind: 'away',
    error: new CollectorError(message),
    mayBeTaken: isUnanswered && thrown.mayBeTaken,
    isStale: isUnanswered && thrown.isStale,
  };
}

function fields(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

function complaints(errors: unknown, count: number, endpoint: Endpoint): readonly Complaint[] {
  if (!Array.isArray(errors)) return [];
  return errors.slice(0, count).flatMap((each) => {
    const { index, field, message } = fields(each);
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= count) return [];
    const [name, what] = [shown(String(field), endpoint), shown(String(message), endpoint)];
    return [{ index: index as number, field: name, message: what }];
  });
}

function shown(message: string, { conceal }: Endpoint): string {
  return conceal(message)
    .replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ')
    .slice(0, limits.messageCharactersMax);
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), within our limits. */
function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  if (Number.isNaN(ms)) return undefined;
  return Math.min(limits.retryAfterMsMax, Math.max(limits.retryAfterMsMin, ms));
}
