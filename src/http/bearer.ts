/** Lets in who shows a token of ours, and tells nobody how much of a wrong one was right. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../model/secret.ts';
import { json, type Page } from './routes.ts';

/**
 * @param token asked anew each time, because a reload may change it; undefined: everybody is let in
 * @returns why who shows this `Authorization` is not let in
 */
export function bearerGuard(
  token: () => Secret | undefined,
): (authorization: string | undefined) => Page | undefined {
  let known: { readonly text: string; readonly digest: Buffer } | undefined;
  return (authorization = '') => {
    const text = token()?.reveal();
    if (text === undefined) return undefined;
    if (known?.text !== text) known = { text, digest: digest(text) };
    const shown = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
    return timingSafeEqual(digest(shown), known.digest) ? undefined : refusal;
  };
}

const refusal: Page = {
  ...json(401, { success: false, message: 'show the token: Authorization: Bearer …' }),
  headers: { 'www-authenticate': 'Bearer' },
};

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
