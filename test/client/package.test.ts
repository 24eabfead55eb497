/** The published package: both kinds of modules, types, and programs that live through every collector. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, expect, test } from 'vitest';
import type { Stats } from '../../src/client/client.ts';
import { freePort } from '../process/program.ts';
import { type Received, type Reply, refusing, startCollector, taken } from './collector.ts';
import { install, runFile } from './installed.ts';

const project = install();
afterAll(project.remove);

const esm = "import { Client } from 'cloudmon-reporter/client';\n";
const cjs = "const { Client } = require('cloudmon-reporter/client');\n";

test('the package holds the library, its types, and nothing of how it is made', () => {
  const ours = project.files.filter((name) => name.startsWith('dist/client/')).sort();
  expect(ours).toEqual(
    ['client.cjs', 'client.d.cts', 'client.d.ts', 'client.js'].map((name) => `dist/client/${name}`),
  );
  expect(project.files).toContain('dist/cli.js');
  expect(project.files.filter((name) => /^(src|test|node_modules)\b|\.map$/.test(name))).toEqual([]);
});

test.each([
  ['an ES module', 'program.mjs', esm, 'await client.close();'],
  ['CommonJS', 'program.cjs', cjs, 'client.close();'],
])('%s sends, and ends', async (_, name, head, end) => {
  const collector = await startCollector();
  const body = "const client = new Client();\nclient.send({ service: 'api', status_code: 200 });\n";
  const env = { REPORTER_URL: collector.url, REPORTER_TOKEN: 'a-token' };
  expect(await runFile(project, name, head + body + end, env)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(collector.kept).toEqual([{ service: 'api', status_code: 200, timestamp: expect.any(String) }]);
  expect(collector.requests[0]?.headers.authorization).toBe('Bearer a-token');
});

test('both kinds of modules export the same names', async () => {
  const names = 'console.log(Object.keys(library).sort().join());';
  const asModule = await runFile(
    project,
    'names.mjs',
    `import * as library from 'cloudmon-reporter/client';${names}`,
  );
  const asCommon = await runFile(
    project,
    'names.cjs',
    `const library = require('cloudmon-reporter/client');${names}`,
  );
  expect(asModule).toEqual({ code: 0, stdout: 'Client,CollectorError,middleware\n', stderr: '' });
  expect(asCommon).toEqual(asModule);
});

test('nothing else of the package can be imported but its description', async () => {
  const source = `
    require('cloudmon-reporter/package.json');
    for (const name of ['', '/dist/cli.js', '/dist/client/client.js'])
      try { require.resolve('cloudmon-reporter' + name); console.log(name); } catch (error) { console.log(error.code); }`;
  const { stdout } = await runFile(project, 'reach.cjs', source);
  expect(stdout).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n'.repeat(3));
});

test('importing the library changes nothing of the program', async () => {
  const source = `
    const before = [Object.keys(globalThis).join(), process.eventNames().join()];
    const { Client } = await import('cloudmon-reporter/client');
    const client = new Client('http://127.0.0.1:9');
    client.send({ service: 'api' });
    await client.close({ timeoutMs: 10 });
    const after = [Object.keys(globalThis).join(), process.eventNames().join()];
    console.log(JSON.stringify(before) === JSON.stringify(after));`;
  expect(await runFile(project, 'clean.mjs', source)).toEqual({ code: 0, stdout: 'true\n', stderr: '' });
});

test.each<readonly [string, (() => Reply) | undefined]>([
  ['is well', undefined],
  ['is silent', () => 'silent'],
  ['refuses', refusing(503)],
])('a program that closes nothing ends by itself when its collector %s', async (_, answer) => {
  const collector = await startCollector(answer);
  const source = `${esm}const client = new Client('${collector.url}', { timeoutMs: 200, batch: { everyMs: 1 } });
    client.send({ service: 'api' });
    await new Promise((resolve) => setTimeout(resolve, 50));`;
  expect(await runFile(project, 'leaves.mjs', source)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(collector.requests).toHaveLength(1);
});

test('a program that awaits a flush which cannot succeed ends all the same', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const source = `${esm}const client = new Client('${url}');
    client.send({ service: 'api' });
    console.log(await client.flush({ timeoutMs: 100 }));
    await client.close({ timeoutMs: 100 });
    await client.sendSync({ service: 'api' }).catch((error) => console.log(error.message));`;
  const { code, stdout } = await runFile(project, 'awaits.mjs', source);
  expect([code, stdout]).toEqual([0, 'false\nthe client is closed\n']);
});

type Figures = Stats & { readonly calls: number; readonly heldMiB: number };

/** Serves nothing but sends what a busy server would, turn by turn; prints what became of it. */
const busy = `${esm}
const client = new Client(process.env.REPORTER_URL, { timeoutMs: 100, queueMax: 5_000 });
process.on('warning', (warning) => console.error(warning));
const turn = () => new Promise((resolve) => setImmediate(resolve));
let calls = 0;
const work = async (turns) => {
  for (let each = 0; each < turns; each++) {
    for (let request = 0; request < 50; request++) {
      const path = '/path/' + (calls++ % 100);
      client.send({ service: 'api', method: 'GET', path, source_ip: '192.0.2.7', status_code: 200, latency_ms: 1.25 });
    }
    await turn();
  }
};
const held = () => (gc(), process.memoryUsage().heapUsed / 1_048_576);
await work(200);
const before = held();
await work(2_000);
const heldMiB = held() - before;
await client.close({ timeoutMs: 300 });
await new Promise((resolve) => setTimeout(resolve, 150));
console.log(JSON.stringify({ ...client.stats(), calls, heldMiB }));
`;

const onlySome = (received: Received): Reply => {
  const errors = received.metrics.flatMap(({ path }, index) =>
    path === '/path/7' ? [{ index, field: 'path', message: 'is 7' }] : [],
  );
  return errors.length > 0 ? { status: 400, body: { success: false, errors } } : taken(received);
};

test.each<readonly [string, ((received: Received) => Reply) | 'dead']>([
  ['dead', 'dead'],
  ['well', taken],
  ['silent', () => 'silent'],
  ['cutting', () => 'reset'],
  ['cutting after taking', () => 'taken and reset'],
  ['picky', onlySome],
  ...([400, 401, 413, 429, 500, 503] as const).map(
    (status) => [`answering ${status}`, refusing(status)] as const,
  ),
  [
    'different each time',
    ({ number, ...rest }) => {
      const replies: readonly Reply[] = [
        taken({ number, ...rest }),
        'reset',
        refusing(429)(),
        'taken and reset',
        'half',
      ];
      return replies[number % replies.length] ?? 'silent';
    },
  ],
])(
  'a busy program lives through a collector that is %s, and knows what became of its metrics',
  async (_, answer) => {
    const collector = await startCollector(answer === 'dead' ? undefined : answer);
    if (answer === 'dead') await collector.stop();
    const { code, stdout, stderr } = await runFile(
      project,
      'busy.mjs',
      busy,
      { REPORTER_URL: collector.url },
      ['--expose-gc'],
    );
    expect([code, stderr]).toEqual([0, '']);
    const { sent, dropped, failed, queued, inFlight, repeated, calls, heldMiB } = JSON.parse(
      stdout,
    ) as Figures;
    expect(calls).toBe(110_000);
    expect({ all: sent + dropped + failed, queued, inFlight }).toEqual({
      all: calls,
      queued: 0,
      inFlight: 0,
    });
    // A queue of 5,000 and a batch, and not 110,000.
    expect(heldMiB).toBeLessThan(8);
    // What was cut off after it was taken is known to the collector alone.
    expect(sent).toBeLessThanOrEqual(collector.kept.length);
    expect(collector.kept.length - sent).toBeLessThanOrEqual(repeated + failed);
  },
);

const typed = `
import { Client, CollectorError, middleware, type ClientOptions, type Metric, type Stats } from 'cloudmon-reporter/client';
const options: ClientOptions = { token: undefined, batch: { max: 5 }, onError: (error: Error): string => error.message };
const client: Client = new Client('http://localhost:3000', options);
const metric: Metric = { service: 'api', timestamp: new Date(), custom: { any: [1] } };
client.send(metric);
const stats: Stats = client.stats();
const settled: Promise<boolean> = client.flush({ timeoutMs: stats.sent });
const handle = middleware(client, { service: 'api', path: (request: { url?: string }) => request.url ?? '' });
handle({ url: '/' }, { statusCode: 200, headersSent: false, once: () => 0 }, () => undefined);
// @ts-expect-error a metric needs its service
client.send({ path: '/' });
// @ts-expect-error and numbers are numbers
client.send({ service: 'api', status_code: '200' });
export const error = new CollectorError('why', 400).status?.toFixed();
export { settled };
`;

const { ModuleKind, ModuleResolutionKind } = ts;

test.each<readonly [string, string, ts.CompilerOptions]>([
  ['an ES module under nodenext', 'types.mts', { module: ModuleKind.NodeNext }],
  ['CommonJS under nodenext', 'types.cts', { module: ModuleKind.NodeNext }],
  ['an ES module under node16', 'types.mts', { module: ModuleKind.Node16 }],
  ['CommonJS under node16', 'types.cts', { module: ModuleKind.Node16 }],
  ['a bundler', 'types.ts', { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler }],
  [
    'the resolution of old',
    'types.ts',
    // The tool says that it will go away; who still has it still has it.
    { module: ModuleKind.CommonJS, moduleResolution: ModuleResolutionKind.Node10, ignoreDeprecations: '6.0' },
  ],
])('the types hold for %s, without the types of node', (_, name, options) => {
  const file = join(project.folder, name);
  writeFileSync(file, typed);
  const strict = {
    strict: true,
    noEmit: true,
    types: [],
    lib: ['lib.es2022.d.ts'],
    target: ts.ScriptTarget.ES2022,
  };
  const program = ts.createProgram([file], { ...strict, exactOptionalPropertyTypes: true, ...options });
  const problems = ts.getPreEmitDiagnostics(program);
  expect(
    problems.map(
      ({ messageText, file: at }) => `${at?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    ),
  ).toEqual([]);
});
