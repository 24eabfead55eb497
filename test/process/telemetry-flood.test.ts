/**
 * A thousand connections that are stuck, in every way there is: whoever asks properly is answered at once.
 *
 * A second program, which nobody floods, is asked and asks at the same moments: what it takes longer
 * than it should is the machine's own affair, and granted to the first.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, get as plainGet } from 'node:http';
import { Agent, get as secureGet } from 'node:https';
import { expect, onTestFinished, test } from 'vitest';
import { authority, certificate } from './certificates.ts';
import { watchPolls } from './polls.ts';
import { file, freePort, type Program, start, temporaryFolder } from './program.ts';
import { startWorld } from './world.ts';

const ours = await authority('our authority');
const server = await certificate({ by: ours });
const client = await certificate({ by: ours, use: 'client' });

/** What a stuck client says at first, and then for ever. */
type Stuck = {
  readonly first: string;
  readonly drip?: string;
  readonly reads: boolean;
  readonly comesBack?: true;
};

const line = 'GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n';
const plain: readonly Stuck[] = [
  { first: '', reads: true },
  { first: line, drip: 'X: y\r\n', reads: true },
  { first: 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n', drip: 'x', reads: true },
  { first: `${line}\r\n`, reads: true },
  { first: `${line}\r\n`, drip: 'G', reads: true },
  { first: `${line}\r\n`.repeat(20), drip: `${line}\r\n`, reads: false },
];
const secure: readonly Stuck[] = [
  { first: '', reads: true },
  { first: '\x16', reads: true },
  { first: '\x16\x03\x01\x02\x00\x01', drip: '\0', reads: true },
  { first: line, drip: 'X: y\r\n', reads: true },
];

type Flood = {
  readonly port: number;
  readonly count: number;
  readonly stuck: readonly Stuck[];
  readonly addresses: readonly string[];
};

const addresses = (count: number) => Array.from({ length: count }, (_, at) => `127.0.1.${at + 1}`);

/** Resolves when all are connected, though not let in yet: to how long each is let be, when all are cut. */
async function flood(settings: Flood): Promise<{ readonly lastedMs: Promise<readonly number[]> }> {
  const child = fork('test/process/flood.js', { env: {}, execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.send(settings);
  await once(child, 'message');
  return { lastedMs: once(child, 'message').then(([lasted]) => lasted as number[]) };
}

/** A program that listens, in a world of its own, and has polled twice. */
async function listening(isSecure: boolean, services: readonly string[]) {
  const { convertor, text } = await startWorld(services, { pollSeconds: 1 });
  const folder = temporaryFolder();
  for (const [name, content] of [
    ['cert', server.cert],
    ['key', server.key],
    ['ca', ours.cert],
  ] as const) {
    file(content, `${name}.pem`, folder);
  }
  const port = await freePort();
  const tls = isSecure ? '  tls: {cert_file: cert.pem, key_file: key.pem, client_ca_file: ca.pem}' : '';
  const config = file(text({ more: `telemetry:\n  port: ${port}\n${tls}` }), 'config.yaml', folder);
  const program = start(['-c', config]);
  const { url } = await program.waitForLog('Telemetry is listening');
  const polls = watchPolls(convertor, program.pid, ({ service }) => service === services[0]);
  await polls.come(2);
  return {
    port,
    program,
    url: `${url}/-/healthy`,
    /** So many more of them. */
    polls: (count: number) => polls.come(2 + count),
    /** By how much a poll of a target missed its second at most, since it was ready. */
    missedMs: () => polls.missedMs()[0] ?? Number.NaN,
  };
}

type Listening = Awaited<ReturnType<typeof listening>>;

/** How long an honest request takes that is alone on its connection; it must be answered. */
async function askMs(url: string): Promise<number> {
  const startedMs = performance.now();
  const status = await new Promise((resolve, reject) => {
    const take = (answer: IncomingMessage) => answer.resume().once('end', () => resolve(answer.statusCode));
    const agent = new Agent({ ca: ours.cert, cert: client.cert, key: client.key });
    const request = url.startsWith('https')
      ? secureGet(url, { agent }, take)
      : plainGet(url, { agent: false }, take);
    request.once('error', reject);
  });
  expect(status).toBe(200);
  return performance.now() - startedMs;
}

/** The most that the program ever had in memory, in MiB. */
function peakMiB({ pid }: Program): number {
  const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

const sources = {
  "the honest client's address": ['127.0.0.1'],
  'one address': addresses(1),
  'many addresses': addresses(40),
};

test.each([
  ['HTTP', false],
  ['mutual TLS', true],
] as const)(
  '%s: 1,000 stuck connections keep nobody out, from the honest client, one address or many',
  async (_speech, isSecure) => {
    const open = () => listening(isSecure, ['api']);
    const [calm, ...programs] = await Promise.all([open(), open(), open(), open()]);
    const stuck = isSecure ? secure : plain;
    // One flood after the other begins; until they are over they wait together.
    const floods = [];
    for (const [at, [from, addressesOf]] of Object.entries(sources).entries()) {
      const flooded = programs[at] as Listening;
      const restMiB = peakMiB(flooded.program);
      const { lastedMs } = await flood({ port: flooded.port, count: 1_000, stuck, addresses: addressesOf });
      // Whoever comes is let in behind them: when it is answered, all are in, and none was cut yet.
      expect(await askMs(flooded.url), from).toBeLessThan(4_000);
      const slowest = { flooded: 0, calm: 0 };
      for (let number = 0; number < 100; number++) {
        slowest.flooded = Math.max(slowest.flooded, await askMs(flooded.url));
        slowest.calm = Math.max(slowest.calm, await askMs(calm.url));
      }
      expect(slowest.flooded, from).toBeLessThan(Math.max(100, 3 * slowest.calm));
      floods.push({ from, flooded, restMiB, lastedMs });
    }
    for (const { from, flooded, restMiB, lastedMs } of floods) {
      // Cut after 5 s, to the moment by the clock of other tests, and not after the minute that some would last.
      expect(Math.max(...(await lastedMs)), from).toBeLessThan(9_000);
      expect(peakMiB(flooded.program) - restMiB, from).toBeLessThan(32);
      expect(flooded.missedMs(), from).toBeLessThan(Math.max(250, 3 * calm.missedMs()));
    }
  },
  60_000,
);

test('64 clients that ask for all metrics 50 times at once, read none, and come back, hold up no poll', async () => {
  const services = Array.from({ length: 200 }, (_, at) => `s${at}`);
  const [flooded, calm] = await Promise.all([listening(false, services), listening(false, services)]);
  const restMiB = peakMiB(flooded.program);
  // With a body each: the next of them are there before the first is known to be whole.
  const ask = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
  const stuck = [{ first: ask.repeat(50), drip: ask, reads: false, comesBack: true }] as const;
  await flood({ port: flooded.port, count: 64, stuck, addresses: addresses(64) });
  await Promise.all([flooded.polls(5), calm.polls(5)]);
  expect(flooded.missedMs()).toBeLessThan(Math.max(250, 3 * calm.missedMs()));
  expect(peakMiB(flooded.program) - restMiB).toBeLessThan(64);
}, 60_000);
