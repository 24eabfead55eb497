/** The command `push`, as a user starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { type Io, processIo } from '../../src/cli/io.ts';
import { pushLines } from '../../src/cli/push-metrics.ts';
import { findEndpoint } from '../../src/client/endpoint.ts';
import { file, freePort } from '../process/program.ts';
import { type Received, type Reply, refusing, startCollector, taken } from './collector.ts';

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** @param input what is piped in; more than text is left to the test */
async function push(
  args: readonly string[],
  input: string | Buffer = '',
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { child, ended } = started(args, env);
  // Who stops reading early is no error of who writes.
  child.stdin.on('error', () => undefined).end(input);
  return ended();
}

function started(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['dist/cli.js', 'push', ...args], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text;
    });
  }
  const closed = once(child, 'close');
  const ended = async (): Promise<Ended> => {
    const [code] = (await closed) as [number | null];
    return { code, ...printed };
  };
  return { child, ended };
}

/** Names what has the wrong path. */
function strict(received: Received): Reply {
  const errors = received.metrics.flatMap(({ path }, index) =>
    path === 'odd' ? [{ index, field: 'path', message: 'must begin with /' }] : [],
  );
  return errors.length > 0
    ? { status: 400, body: { success: false, message: 'odd', errors } }
    : taken(received);
}

test('one metric, by its options', async () => {
  const collector = await startCollector();
  const { code, stdout, stderr } = await push([
    ...['--url', collector.url, '--service', 'api', '--status-code', '200', '--latency-ms', '45.5'],
    ...['--path', '/a', '--method', 'GET', '--source-ip', '192.0.2.7'],
    ...['--environment', 'staging', '--instance', 'a-1'],
  ]);
  expect([code, stdout, stderr]).toEqual([0, '1 metric was taken.\n', '']);
  expect(collector.kept).toEqual([
    {
      timestamp: expect.stringMatching(/^20.*Z$/),
      ...{
        service: 'api',
        method: 'GET',
        path: '/a',
        source_ip: '192.0.2.7',
        status_code: 200,
        latency_ms: 45.5,
      },
      ...{ environment: 'staging', instance: 'a-1' },
    },
  ]);
});

test('many, a line each; blank lines and the ends of Windows are no matter', async () => {
  const collector = await startCollector();
  const input = '\n{"service":"a"}\r\n\r\n  {"service":"b","custom":{"x":1}}\n{"service":"c"}';
  const { code, stdout, stderr } = await push(['--url', collector.url], input);
  expect([code, stdout, stderr]).toEqual([0, '3 metrics were taken.\n', '']);
  expect(collector.kept.map(({ service }) => service)).toEqual(['a', 'b', 'c']);
});

test('nothing is fine, too', async () => {
  const collector = await startCollector();
  expect(await push(['--url', collector.url])).toEqual({
    code: 0,
    stdout: '0 metrics were taken.\n',
    stderr: '',
  });
});

test('what is wrong is named with its line, and the rest is taken', async () => {
  const collector = await startCollector(strict);
  const lines = [
    '{"service":"a","path":"/1"}',
    'nonsense',
    '[]',
    '{"service":"a","path":"odd"}',
    '',
    `{"service":"a","path":"${'x'.repeat(70_000)}"}`,
    '{"service":"a","path":"/2"}',
    '{"service":"a","path":"odd"}',
  ];
  const { code, stdout, stderr } = await push(['--url', collector.url], lines.join('\n'));
  expect(stderr.trim().split('\n').sort()).toEqual([
    'line 2: is no JSON',
    'line 3: is no JSON object',
    'line 4: path: must begin with /',
    'line 6: is longer than 65536 bytes',
    'line 8: path: must begin with /',
  ]);
  expect([code, stdout]).toEqual([1, '2 metrics were taken.\n']);
  expect(collector.kept.map(({ path }) => path)).toEqual(['/1', '/2']);
});

test('bytes that are no text are named, and what follows is taken', async () => {
  const collector = await startCollector();
  const input = Buffer.concat([Buffer.from([0x22, 0xff, 0x22, 0x0a]), Buffer.from('{"service":"a"}\n')]);
  const { code, stdout, stderr } = await push(['--url', collector.url], input);
  expect([code, stdout, stderr]).toEqual([1, '1 metric was taken.\n', 'line 1: is no UTF-8\n']);
});

test('of many problems the first hundred are listed', async () => {
  const collector = await startCollector();
  const { code, stderr } = await push(['--url', collector.url], 'x\n'.repeat(250));
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(101);
  expect(stderr).toMatch(/\nline 100: is no JSON\nand 150 more\n$/);
});

test('a hundred thousand arrive in their order, in batches', async () => {
  const collector = await startCollector();
  const lines = Array.from({ length: 100_000 }, (_, index) => `{"service":"api","path":"/${index}"}\n`);
  const { code, stdout } = await push(['--url', collector.url], lines.join(''));
  expect([code, stdout]).toEqual([0, '100000 metrics were taken.\n']);
  expect(collector.kept.map(({ path }) => path)).toEqual(lines.map((_, index) => `/${index}`));
  expect(Math.max(...collector.requests.map(({ metrics }) => metrics.length))).toBeLessThanOrEqual(500);
});

test('what trickles in does not wait for more', async () => {
  const collector = await startCollector();
  const { child, ended } = started(['--url', collector.url]);
  child.stdin.write('{"service":"a"}\n{"serv');
  await expect.poll(() => collector.kept.length, { timeout: 10_000 }).toBe(1);
  child.stdin.end('ice":"b"}\n');
  expect((await ended()).stdout).toBe('2 metrics were taken.\n');
});

test('who pipes in more than the collector takes has to wait', async () => {
  const collector = await startCollector(() => 'silent');
  const { child, ended } = started(['--url', collector.url]);
  child.stdin.on('error', () => undefined);
  // More than any pipe holds.
  child.stdin.write(`{"service":"api","path":"${'x'.repeat(900)}"}\n`.repeat(10_000));
  await expect.poll(() => collector.requests.length, { timeout: 10_000 }).toBe(1);
  // What was not asked for yet is still on this side.
  expect(child.stdin.writableLength).toBeGreaterThan(0);
  child.kill('SIGKILL');
  await ended();
});

test('a collector that is busy gets time', async () => {
  const busy = refusing(429, { 'retry-after': '0' });
  const collector = await startCollector((received) => (received.number < 3 ? busy() : taken(received)));
  const { code, stdout } = await push(['--url', collector.url], '{"service":"a"}\n');
  expect([code, stdout]).toEqual([0, '1 metric was taken.\n']);
  expect(collector.requests).toHaveLength(3);
});

test('a batch that is too large comes in halves', async () => {
  const small = (received: Received) => (received.metrics.length > 2 ? refusing(413)() : taken(received));
  const collector = await startCollector(small);
  const lines = Array.from({ length: 9 }, (_, index) => `{"service":"a","path":"/${index}"}\n`);
  expect((await push(['--url', collector.url], lines.join(''))).stdout).toBe('9 metrics were taken.\n');
  expect(collector.kept.map(({ path }) => path)).toEqual(lines.map((_, index) => `/${index}`));
});

test.each<readonly [string, () => Reply, string]>([
  ['refuses', refusing(401), 'answered 401: refused with 401; line 1 and later were not'],
  [
    'is a stranger',
    () => ({ status: 200, body: '<html>' }),
    'answered 200, but not as a collector does; line 1 and later were not',
  ],
  [
    'cuts',
    () => 'reset',
    'cannot be reached (ECONNRESET); lines 1 to 2 may have been taken, line 3 and later were not',
  ],
])('a collector that %s ends it, with what is known', async (_, answer, why) => {
  const collector = await startCollector(answer);
  const { code, stdout, stderr } = await push(['--url', collector.url], '{"service":"a"}\n{"service":"b"}\n');
  expect([code, stdout, stderr]).toEqual([
    1,
    '0 metrics were taken.\n',
    `${collector.url}/api/ingest ${why}\n`,
  ]);
  expect(collector.requests).toHaveLength(1);
});

test('an unreachable collector is said in one line', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const one = await push(['--url', url, '--service', 'api']);
  expect(one).toEqual({
    code: 1,
    stdout: '',
    stderr: `${url}/api/ingest cannot be reached (ECONNREFUSED)\n`,
  });
  const many = await push(['--url', url], '{"service":"a"}\n'.repeat(3));
  const why = `${url}/api/ingest cannot be reached (ECONNREFUSED); line 1 and later were not`;
  expect(many).toEqual({ code: 1, stdout: '0 metrics were taken.\n', stderr: `${why}\n` });
});

test('a refused metric is said in one line', async () => {
  const collector = await startCollector(refusing(400));
  const { code, stderr } = await push(['--url', collector.url, '--service', 'x'.repeat(201)]);
  expect([code, stderr]).toEqual([1, 'service: is longer than 200 characters\n']);
  const { stderr: told } = await push(['--url', collector.url, '--service', 'x']);
  expect(told).toBe(`${collector.url}/api/ingest answered 400: refused with 400\n`);
});

test('the token comes from a file or from the environment', async () => {
  const collector = await startCollector();
  const env = { REPORTER_URL: collector.url, MP_COLLECTOR__BEARER_TOKEN: 'third' };
  await push(['--service', 'api', '--token-file', file('first\n', 'token')], '', {
    ...env,
    REPORTER_TOKEN: 'second',
  });
  await push(['--service', 'api'], '', { ...env, REPORTER_TOKEN: 'second' });
  await push(['--service', 'api'], '', env);
  const tokens = collector.requests.map(({ headers }) => headers.authorization);
  expect(tokens).toEqual(['Bearer first', 'Bearer second', 'Bearer third']);
});

test.each<readonly [string, readonly string[], string]>([
  [
    'no collector',
    [],
    'No collector to push to: no collector is known: name its URL, or set REPORTER_URL.\n',
  ],
  [
    'no URL',
    ['--url', 'here:3000'],
    'No collector to push to: the URL of the collector is no http:// or https:// URL.\n',
  ],
  ['no service', ['--url', 'http://a', '--path', '/'], 'A metric needs its --service.\n'],
  [
    'no file',
    ['--url', 'http://a', '--token-file', '/nowhere'],
    '--token-file /nowhere cannot be read (ENOENT).\n',
  ],
])('%s is a usage error', async (_, args, why) => {
  expect(await push(args)).toEqual({ code: 64, stdout: '', stderr: why });
});

test.each([
  ['--status-code', '600'],
  ['--status-code', 'OK'],
  ['--latency-ms', '-1'],
  ['--token', 'secret'],
])('%s %s is a usage error', async (flag, value) => {
  const { code, stdout } = await push(['--url', 'http://a', '--service', 'api', flag, value]);
  expect([code, stdout]).toEqual([64, '']);
});

test('an empty token file, or one that no header can carry, is a usage error', async () => {
  const path = file('\n', 'token');
  const { code, stderr } = await push(['--url', 'http://a', '--token-file', path]);
  expect([code, stderr]).toEqual([64, `--token-file ${path} is empty.\n`]);
  const two = await push(['--url', 'http://a', '--token-file', file('one\ntwo', 'token')]);
  expect([two.code, two.stderr]).toEqual([
    64,
    'No collector to push to: the token holds what no header can.\n',
  ]);
});

test('who still writes when nothing more is taken is not waited for', async () => {
  const collector = await startCollector(refusing(403));
  const { child, ended } = started(['--url', collector.url]);
  child.stdin.on('error', () => undefined).write('{"service":"a"}\n');
  expect((await ended()).code).toBe(1);
});

test('input that breaks is said, with what was taken before', async () => {
  const collector = await startCollector();
  const endpoint = findEndpoint(collector.url, undefined, {});
  if (endpoint instanceof Error) throw endpoint;
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  async function* input() {
    yield Buffer.from('{"service":"a"}\n');
    throw Object.assign(new Error('of the disk'), { code: 'EIO' });
  }
  const io: Io = {
    ...processIo('0.0.0'),
    openInput: () => Readable.from(input()),
    print,
    printError: print,
    isTerminal: () => true,
    setExitCode: (code) => print(`exit ${code}`),
  };
  await pushLines(endpoint, io);
  expect(printed).toEqual([
    'Type one metric a line, as JSON; end with Ctrl-D.\n',
    'standard input cannot be read (EIO)\n',
    '1 metric was taken.\n',
    'exit 1',
  ]);
});
