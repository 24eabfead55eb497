/** The headers of an answer: the same guards for every one, whoever gives it. */
import { limits } from '../model/limits.ts';
import type { Page } from './routes.ts';

/** Of every answer, whatever it is. */
export const standingHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/**
 * What becomes of the connection: we end it, we keep it, or the client has said that it ends it, which
 * node answers by itself.
 */
export type Ending = 'last' | 'kept' | 'theirs';

const endings: Readonly<Record<Ending, Readonly<Record<string, string>>>> = {
  last: { connection: 'close' },
  // In whole seconds, so less than it is kept: who knows it does not ask at the moment when it is closed.
  kept: { 'keep-alive': `timeout=${Math.floor(limits.connectionIdleMs / 1_000)}` },
  theirs: {},
};

/** In one literal: an object that is added to afterwards takes twenty times as long to make. */
export function headersOf({ type, body, headers }: Page, ending: Ending): Record<string, string | number> {
  return {
    ...headers,
    ...standingHeaders,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...endings[ending],
  };
}
