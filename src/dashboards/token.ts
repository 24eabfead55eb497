/**
 * Signs the HS256 tokens that dashboards ask for.
 *
 * jose imports a raw secret on every call, which doubles the price of a signature: the key
 * is imported once, and again only when the secret's text changed.
 */
import { webcrypto } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import type { Secret } from '../model/secret.ts';

export type SignToken = (claims: JWTPayload) => Promise<string>;

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
