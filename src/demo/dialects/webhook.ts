/**
 * A receiver of webhooks as one would write it: it takes each key once, and wants the same bytes when a
 * key comes again.
 */
import { createHmac } from 'node:crypto';
import { json, type Whole } from '../reply.ts';
import type { ServerOptions } from '../server.ts';
import { type Asked, type DialectServer, startDialect } from './dialect.ts';

/** One body that was taken. */
type Received = {
  readonly method: string;
  readonly path: string;
  readonly key: string;
  /** Byte for byte. */
  readonly body: string;
  /** Of the body; undefined where it is no JSON. */
  readonly json: unknown;
};

export type WebhookServer = DialectServer & {
  /** Oldest first, each once. */
  readonly received: readonly Received[];
};

export type WebhookOptions = ServerOptions & {
  /** What bodies are signed with. Absent: no signature is asked for. */
  readonly secret?: string;
  /** Headers that a request has to have, by their names in lower case. */
  readonly wants?: Readonly<Record<string, string>>;
};

const methods = ['POST', 'PUT', 'PATCH'];

export async function startWebhook(options: WebhookOptions = {}): Promise<WebhookServer> {
  const received = new Map<string, Received>();

  function take(asked: Asked): Whole {
    const { method, path, headers, body } = asked;
    const refusal = refusalOf(asked, options);
    if (refusal) return refusal;
    const key = String(headers['idempotency-key']);
    const before = received.get(key);
    if (!before) received.set(key, { method, path, key, body, json: asked.json });
    if (before && before.body !== body) return json(422, { error: 'the key came with another body before' });
    return json(200, { received: true, again: before !== undefined });
  }

  const server = await startDialect(options, take);
  return Object.defineProperty(server, 'received', { get: () => [...received.values()] }) as WebhookServer;
}

function refusalOf(
  { method, headers, body, json: parsed }: Asked,
  { secret, wants = {} }: WebhookOptions,
): Whole | undefined {
  if (!methods.includes(method)) return json(405, { error: `only ${methods.join(', ')}` });
  const lacks = Object.entries(wants).find(([name, value]) => headers[name] !== value)?.[0];
  if (lacks !== undefined) return json(401, { error: `the header ${lacks} is not right` });
  if (secret !== undefined && headers['x-hub-signature-256'] !== signature(secret, body)) {
    return json(401, { error: 'the signature is not right' });
  }
  if (!/^[0-9a-f]{64}$/.test(String(headers['idempotency-key']))) return json(400, { error: 'no key' });
  const type = headers['content-type'] ?? '';
  if (type === '') return json(415, { error: 'no content-type' });
  if (/^application\/json(;|$)/.test(type) && parsed === undefined) return json(400, { error: 'no JSON' });
  return undefined;
}

function signature(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
