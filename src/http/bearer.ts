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
  return (authorization = '') => {
    const secret = token();
    if (!secret) return undefined;
    const shown = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
    return timingSafeEqual(digest(shown), digest(secret.reveal())) ? undefined : refusal;
  };
}

const refusal: Page = {
  ...json(401, { success: false, message: 'show the token: Authorization: Bearer …' }),
  headers: { 'www-authenticate': 'Bearer' },
};

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
