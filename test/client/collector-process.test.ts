/** The library and the collector of this program: what one counts, the other has. */
import { get } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { Client } from '../../src/client/client.ts';
import type { ClientOptions } from '../../src/client/settings.ts';
import { freePort, start } from '../process/program.ts';

type Totals = {
  readonly total_requests: number;
  readonly status_code_counts: Readonly<Record<string, number>>;
};

async function startProgram(env: Readonly<Record<string, string>> = {}) {
  const port = await freePort();
  const program = start(['collect'], { PORT: String(port), ...env });
  const url = `http://127.0.0.1:${port}`;
  const totals = (headers: Readonly<Record<string, string>> = {}) =>
    answered<Totals>(`${url}/api/stats`, headers);
  await expect.poll(() => totals().catch(() => undefined), { timeout: 20_000 }).toBeDefined();
  return { program, url, totals };
}

function answered<Body>(url: string, headers: Readonly<Record<string, string>>): Promise<Body> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(JSON.parse(text) as Body));
    }).on('error', reject);
  });
}

function open(url: string, options: ClientOptions = {}): Client {
  const client = new Client(url, options);
  onTestFinished(() => client.close({ timeoutMs: 0 }));
  return client;
}

test('what was sent is counted there, once', async () => {
  const { url, totals } = await startProgram();
  const client = open(url);
  for (let index = 0; index < 5_000; index++) {
    client.send({
      service: `s${index % 7}`,
      path: `/${index % 50}`,
      status_code: index % 10 === 0 ? 500 : 200,
      latency_ms: 3,
    });
  }
  expect(await client.flush({ timeoutMs: 20_000 })).toBe(true);
  await client.sendSync({ service: 'single', custom: { any: ['thing'] } });
  expect(client.stats()).toMatchObject({ sent: 5_000, failed: 0, dropped: 0, repeated: 0 });
  const { total_requests, status_code_counts } = await totals();
  expect([total_requests, status_code_counts['500']]).toEqual([5_001, 500]);
});

test('what is wrong is named, and costs no other metric', async () => {
  const { url, totals } = await startProgram();
  const client = open(url);
  // Too old for the collector, which says so of the first twenty.
  const timestamp = new Date(Date.now() - 3_600_000);
  for (let index = 0; index < 400; index++) {
    client.send(index % 4 === 0 ? { service: 'old', timestamp } : { service: 'new', environment: 'staging' });
  }
  expect(await client.flush({ timeoutMs: 20_000 })).toBe(true);
  expect(client.stats()).toMatchObject({ sent: 300, failed: 100 });
  expect((await totals()).total_requests).toBe(300);
  await expect(client.sendSync({ service: 'old', timestamp })).rejects.toMatchObject({
    status: 400,
    errors: [{ index: 0, field: 'timestamp', message: 'is older than 30m' }],
  });
});

test('a collector that wants a token gets it, and refuses another', async () => {
  const { url } = await startProgram({ MP_COLLECTOR__BEARER_TOKEN: 'the-right-token' });
  const right = open(url, { token: 'the-right-token' });
  const wrong = open(url, { token: 'another-token' });
  await right.sendSync({ service: 'api' });
  await expect(wrong.sendSync({ service: 'api' })).rejects.toMatchObject({ status: 401 });
  wrong.send({ service: 'api' });
  await wrong.flush();
  expect(wrong.stats()).toMatchObject({ failed: 1, sent: 0 });
});

test('a program that sends more than its rate is slowed down, and loses nothing of what it has room for', async () => {
  const { url, totals } = await startProgram({ MP_COLLECTOR__RATE: '1000' });
  const client = open(url);
  for (let index = 0; index < 3_000; index++) client.send({ service: 'api' });
  expect(await client.flush({ timeoutMs: 20_000 })).toBe(true);
  expect(client.stats()).toMatchObject({ sent: 3_000, failed: 0, dropped: 0, repeated: 0 });
  expect((await totals()).total_requests).toBe(3_000);
});

test('a collector that goes and comes back gets what waited', async () => {
  const { url, program } = await startProgram();
  const client = open(url);
  client.send({ service: 'before' });
  expect(await client.flush()).toBe(true);
  program.signal('SIGTERM');
  await program.ended();
  for (let index = 0; index < 50; index++) client.send({ service: 'during' });
  expect(await client.flush({ timeoutMs: 50 })).toBe(false);
  start(['collect'], { PORT: new URL(url).port });
  expect(await client.flush({ timeoutMs: 25_000 })).toBe(true);
  expect(client.stats()).toMatchObject({ sent: 51, failed: 0, dropped: 0 });
});
