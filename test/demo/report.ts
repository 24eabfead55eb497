/** Reports to a dashboard, good ones but for what a test changes. */
import { SignJWT } from 'jose';
import { ask, type Question, type Seen } from './ask.ts';

export const secret = 'a-secret-of-the-tests';

export type Changes = {
  readonly service?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** The body itself. */
  readonly raw?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly secret?: string;
  /** Instead of a token. */
  readonly authorization?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly question?: Question;
};

export async function sign(nowMs: number, changes: Changes = {}): Promise<string> {
  const claims = { service: changes.service ?? 'api', environment: 'production', status: 1 };
  const header = { alg: 'HS256', typ: 'JWT', ...changes.header };
  const key = Buffer.from((changes.secret ?? secret).padEnd(64, header.alg === 'HS256' ? '' : '-'));
  return new SignJWT({ ...claims, timestamp: Math.floor(nowMs / 1000), ...changes.claims })
    .setProtectedHeader(header)
    .sign(key);
}

export async function report(url: string, nowMs: number, changes: Changes = {}): Promise<Seen> {
  const authorization = changes.authorization ?? `Bearer ${await sign(nowMs, changes)}`;
  const body = {
    service: changes.service ?? 'api',
    environment: 'production',
    status: 1,
    message: 'Service degraded',
    timestamp: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
    ...changes.body,
  };
  return ask(`${url}/api/incidents`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(authorization !== '' && { authorization }),
      ...(changes.key !== undefined && { 'idempotency-key': changes.key }),
      ...changes.headers,
    },
    send: changes.raw ?? JSON.stringify(body),
    ...changes.question,
  });
}
