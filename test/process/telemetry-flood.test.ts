/** A thousand connections that are stuck, in every way there is: whoever asks properly is answered at once. */
import { readFileSync } from 'node:fs';
import { type IncomingMessage, get as plainGet } from 'node:http';
import { Agent, get as secureGet } from 'node:https';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { sleep, systemClock } from '../../src/model/clock.ts';
import { authority, certificate } from './certificates.ts';
import { file, freePort, type Program, start, temporaryFolder } from './program.ts';
import { startWorld } from './world.ts';

const ours = await authority('our authority');
const server = await certificate({ by: ours });
const client = await certificate({ by: ours, use: 'client' });

/** What a stuck client says at first, and then for ever. */
type Stuck = { readonly first: string | Buffer; readonly drip?: string; readonly reads?: false };

const line = 'GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n';
const plain: readonly Stuck[] = [
  { first: '' },
  { first: line, drip: 'X: y\r\n' },
  { first: 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n', drip: 'x' },
  { first: `${line}\r\n` },
  { first: `${line}\r\n`, drip: 'G' },
  { first: `${line}\r\n`.repeat(20), drip: `${line}\r\n`, reads: false },
];
const secure: readonly Stuck[] = [
  { first: '' },
  { first: Buffer.from([0x16]) },
  { first: Buffer.from([0x16, 3, 1, 2, 0, 1]), drip: '\0' },
  { first: line, drip: 'X: y\r\n' },
];

/** Resolves to how long each was let be, once all are cut. */
function flood(port: number, stuck: readonly Stuck[], addresses: number): readonly Promise<number>[] {
  return Array.from({ length: 1_000 }, (_, number) => {
    const { first, drip, reads = true } = stuck[number % stuck.length] ?? { first: '' };
    const localAddress = `127.0.1.${1 + (number % addresses)}`;
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    // What is sent to a connection that was cut is an error.
    socket.on('error', () => undefined);
    if (reads) socket.resume();
    socket.write(first);
    const timer = drip && setInterval(() => socket.write(drip), 300);
    onTestFinished(() => void socket.destroy());
    return new Promise((resolve) => {
      let startedMs = 0;
      socket.once('connect', () => {
        startedMs = performance.now();
      });
      socket.once('close', () => {
        clearInterval(timer);
        resolve(performance.now() - startedMs);
      });
    });
  });
}

/** The longest of a hundred honest requests, each with a connection of its own. */
async function longestMs(ask: (take: (answer: IncomingMessage) => void) => ReturnType<typeof plainGet>) {
  let longest = 0;
  for (let number = 0; number < 100; number++) {
    const startedMs = performance.now();
    const status = await new Promise((resolve, reject) => {
      const request = ask((answer) => answer.resume().once('end', () => resolve(answer.statusCode)));
      request.once('error', reject);
    });
    expect(status).toBe(200);
    longest = Math.max(longest, performance.now() - startedMs);
  }
  return longest;
}

/** The most that the program ever had in memory, in MiB. */
function peakMiB({ pid }: Program): number {
  const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

test.each([
  ['HTTP', 'one address', 1, false],
  ['HTTP', 'many addresses', 40, false],
  ['mutual TLS', 'one address', 1, true],
  ['mutual TLS', 'many addresses', 40, true],
])(
  '%s: 1,000 stuck connections from %s keep nobody out',
  async (_speech, _from, addresses, isSecure) => {
    const { convertor, text } = await startWorld(['api'], { pollSeconds: 1 });
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
    await convertor.waitForRequest(() => true, 2);
    const restMiB = peakMiB(program);
    const from = convertor.requests.length;

    const lasted = flood(port, isSecure ? secure : plain, addresses);
    await sleep(systemClock, 500);
    const agent = new Agent({ ca: ours.cert, cert: client.cert, key: client.key });
    const slowest = await longestMs((take) =>
      isSecure
        ? secureGet(`${url}/-/healthy`, { agent }, take)
        : plainGet(`${url}/-/healthy`, { agent: false }, take),
    );
    expect(slowest).toBeLessThan(100);
    expect(Math.max(...(await Promise.all(lasted)))).toBeLessThan(6_000);
    expect(peakMiB(program) - restMiB).toBeLessThan(32);
    const times = convertor.requests.slice(from).map(({ timeMs }) => timeMs);
    expect(times.length).toBeGreaterThan(3);
    for (const [at, timeMs] of times.slice(1).entries()) {
      expect(Math.abs(timeMs - (times[at] ?? 0) - 1_000)).toBeLessThan(250);
    }
  },
  30_000,
);
