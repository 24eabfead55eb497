/**
 * Signs the HS256 tokens that dashboards ask for.
 *
 * jose imports a raw secret on every call, which doubles the price of a signature: the key
 * is imported once, and again only when the secret's text changed.
 */
import { webcrypto } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';

export type SignToken = (claims: JWTPayload) => Promise<string>;

/** The Authorization header with a token signed anew; no header where there is no secret. */
export function bearer(secret: Secret | undefined): (claims: JWTPayload) => Promise<Record<string, string>> {
  if (!secret) return async () => ({});
  const sign = tokenSigner(secret);
  return async (claims) => {
    try {
      return { authorization: `Bearer ${await sign(claims)}` };
    } catch {
      // A secret that cannot sign is this dashboard's trouble alone: the others are still told.
      const text = 'the token could not be signed with this secret';
      throw new Failure('dashboard', 'unauthorized', text, { isUnsent: true });
    }
  };
}

export function tokenSigner(secret: Secret): SignToken {
  let text: string | undefined;
  let key: Promise<webcrypto.CryptoKey> | undefined;

  return async (claims) => {
    if (!key || text !== secret.reveal()) {
      text = secret.reveal();
      key = importKey(text);
    }
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(await key);
  };
}

/** The key is the UTF-8 bytes of the text, whatever their number. */
function importKey(text: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('raw', Buffer.from(text), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
}
