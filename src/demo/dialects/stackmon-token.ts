/** How CloudMon's status dashboards read a token: neither allows for clocks that differ. */
import { createSecretKey } from 'node:crypto';
import { errors, jwtVerify } from 'jose';

type Claims = Readonly<Record<string, unknown>>;

export type Reading = {
  readonly authorization: string | undefined;
  readonly secret: string;
  readonly nowMs: number;
};

/** The first version: HS256, for nobody in particular, not issued in the future, and with the claim. */
export async function readFirstToken(reading: Reading, claim: string): Promise<boolean> {
  const [, token = ''] = /^bearer (.+)$/i.exec(reading.authorization ?? '') ?? [];
  const claims = await verified(token, reading, ['HS256']);
  if (!claims || !Object.hasOwn(claims, claim) || claims['aud'] !== undefined) return false;
  const { iat } = claims;
  return typeof iat !== 'number' || iat * 1000 <= reading.nowMs;
}

/** The second: any HMAC. */
export async function readSecondToken(reading: Reading): Promise<boolean> {
  const token = (reading.authorization ?? '').replace(/^Bearer /, '');
  return (await verified(token, reading, ['HS256', 'HS384', 'HS512'])) !== undefined;
}

async function verified(
  token: string,
  { secret, nowMs }: Reading,
  algorithms: string[],
): Promise<Claims | undefined> {
  try {
    const key = createSecretKey(Buffer.from(secret));
    const { payload } = await jwtVerify(token, key, { algorithms, currentDate: new Date(nowMs) });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
