/**
 * Checks a token as a careful dashboard does: HS256 and nothing else, all four claims of
 * seed 001, times that make sense. More claims are allowed.
 */
import { createSecretKey } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';

export type Claims = Readonly<Record<string, unknown>>;

export type Token = {
  readonly header: Claims | undefined;
  readonly claims: Claims | undefined;
  /** Whether the signature is good and nothing is wrong with the claims by themselves. */
  readonly verified: boolean;
  /** Why not. */
  readonly problem: string | undefined;
};

const leewayMs = 60_000;

/** @param secret absent: the dashboard asks for no token, and cannot verify one that comes all the same */
export async function readToken(
  authorization: string | undefined,
  secret: string | undefined,
  nowMs: number,
): Promise<Token> {
  const problem = (text: string | undefined): Token => ({ ...decoded, verified: false, problem: text });
  const jwt = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/.exec(authorization ?? '')?.[1] ?? '';
  const decoded = decodeToken(jwt);
  if (secret === undefined) return problem(undefined);
  if (authorization === undefined) return problem('there is no Authorization header');
  if (jwt === '') return problem('the Authorization header is not `Bearer` and a token');
  try {
    const key = createSecretKey(Buffer.from(secret));
    await jwtVerify(jwt, key, { algorithms: ['HS256'], typ: 'JWT', currentDate: new Date(nowMs) });
  } catch (error) {
    return problem(`the token is not good: ${error instanceof errors.JOSEError ? error.code : 'unreadable'}`);
  }
  const wrong = wrongHeader(decoded.header ?? {}) ?? wrongClaim(decoded.claims ?? {}, nowMs);
  return wrong === undefined ? { ...decoded, verified: true, problem: undefined } : problem(wrong);
}

export function decodeToken(jwt: string): Pick<Token, 'header' | 'claims'> {
  try {
    return { header: { ...decodeProtectedHeader(jwt) }, claims: decodeJwt(jwt) };
  } catch {
    return { header: undefined, claims: undefined };
  }
}

function wrongHeader(header: Claims): string | undefined {
  const names = Object.keys(header).sort().join(' ');
  return names === 'alg typ' && header['typ'] === 'JWT'
    ? undefined
    : 'the header is not exactly {"alg":"HS256","typ":"JWT"}';
}

function wrongClaim(claims: Claims, nowMs: number): string | undefined {
  const { service, environment, status, timestamp, iat } = claims;
  if (typeof service !== 'string' || service === '') return 'the claim `service` is missing';
  if (typeof environment !== 'string' || environment === '') return 'the claim `environment` is missing';
  if (!Number.isInteger(status)) return 'the claim `status` is not an integer';
  if (typeof timestamp !== 'number' || !Number.isInteger(timestamp)) {
    return 'the claim `timestamp` is not in whole epoch seconds';
  }
  if (Math.abs(timestamp * 1000 - nowMs) > leewayMs) return 'the claim `timestamp` is not now';
  // Peers without leeway refuse a token of a clock that is ahead.
  return typeof iat === 'number' && iat * 1000 > nowMs ? 'the claim `iat` is in the future' : undefined;
}
