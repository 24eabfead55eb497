/** Every shape of a convertor's answer, as a started daemon takes it. */
import { expect, test } from 'vitest';
import { oddBodies } from '../../src/demo/bodies.ts';
import { convertorFaultNames, faultyService } from '../../src/demo/faults.ts';
import type { Shape } from '../../src/demo/shapes.ts';
import type { TargetState } from '../../src/demo/target-state.ts';
import { file, type Setting, start } from './program.ts';
import { startWorld } from './world.ts';

/** What is told after one cycle over these services. */
async function told(states: ReadonlyMap<string, TargetState | undefined>, more: Partial<Setting> = {}) {
  const services = [...states.keys()];
  const { convertor, dashboard, text } = await startWorld(services, more);
  for (const [service, state] of states) if (state) convertor.set(service, 'production', state);
  const program = start(['-c', file(text()), '--log-level', 'trace']);
  await program.waitForLog('Cycle done');
  await program.waitForLog(
    'Sent notification',
    program.log().filter(({ msg }) => /status: [123]/.test(msg)).length,
  );
  program.signal('SIGTERM');
  expect(await program.ended()).toMatchObject({ code: 0 });
  return { requests: dashboard.requests, trapped: convertor.trap.requests, output: program.stdout() };
}

const shapes: readonly Shape[] = ['A', 'A-aliases', 'B', 'C', 'D', 'F', 'G'];

test('every shape is told for 1, 2 and 3 and never for 0', async () => {
  const states = new Map(
    shapes.flatMap((shape) =>
      [0, 1, 2, 3].map((status) => [`${shape}-${status}`, { shape, status, ageMs: 30_000 }] as const),
    ),
  );
  const { requests } = await told(states);
  const expected = shapes.flatMap((shape) => [1, 2, 3].map((status) => `${shape}-${status} ${status}`));
  expect(requests.map(({ service, body }) => `${service} ${JSON.parse(body).status}`).sort()).toEqual(
    expected.sort(),
  );
  for (const { reasons, body, token, timeMs } of requests) {
    expect(reasons).toEqual([]);
    const report = JSON.parse(body);
    expect(Object.keys(report)).toEqual(['service', 'environment', 'status', 'message', 'timestamp']);
    expect(report.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Math.abs(timeMs - 30_000 - Date.parse(report.timestamp))).toBeLessThan(5_000);
    expect(report.message).toBe(
      ['', 'Service degraded', 'Service outage', 'Service critical'][report.status],
    );
    expect(token).toMatchObject({ header: { alg: 'HS256', typ: 'JWT' } });
    const claims = (token as { claims: Record<string, unknown> }).claims;
    expect(Object.keys(claims)).toEqual(['service', 'environment', 'status', 'timestamp']);
    expect(claims).toMatchObject({
      service: report.service,
      environment: 'production',
      status: report.status,
    });
    expect(Math.abs(Number(claims['timestamp']) * 1000 - timeMs)).toBeLessThan(2_000);
  }
});

test('the Graphite facade is asked and read in its own way', async () => {
  const { requests } = await told(
    new Map([
      ['api', { status: 2 }],
      ['web', { status: 0 }],
    ]),
    {
      convertor: ['path: /render'],
    },
  );
  expect(requests.map(({ service }) => service)).toEqual(['api']);
});

test('what is empty, old, in the future, unknown or about others is never told', async () => {
  const states = new Map<string, TargetState>([
    ['empty', { shape: 'H' }],
    ['unknown', { shape: 'X' }],
    ['old', { status: 2, ageMs: 11 * 60_000 }],
    ['future', { status: 2, ageMs: -120_000 }],
    ['other-service', { status: 2, saysService: 'somebody' }],
    ['other-environment', { status: 2, saysEnvironment: 'somewhere' }],
    ['text', { status: '2' }],
    ['fraction', { status: 1.5 }],
    ['four', { status: 4 }],
    ['nothing', { status: null }],
    ['control', { status: 1 }],
  ]);
  const { requests } = await told(states);
  expect(requests.map(({ service }) => service)).toEqual(['control']);
});

test('names with & / ? # % é and spaces arrive as they are', async () => {
  const names = ['a & b', 'x/y?z', '#1 100%', 'café ☃', '"quoted" \\ \'', '%2F', '+plus+', 'a'.repeat(200)];
  const { requests } = await told(new Map(names.map((name) => [name, { status: 1 }])));
  expect(requests.map(({ service }) => service).sort()).toEqual([...names].sort());
  for (const { reasons } of requests) expect(reasons).toEqual([]);
});

test('no hostile answer is ever told, the healthy neighbour is', async () => {
  const names = convertorFaultNames.map((fault) => faultyService('convertor', fault));
  const states = new Map<string, TargetState | undefined>([
    ...names.map((name) => [name, undefined] as const),
    ['control', { status: 3 }],
  ]);
  const { requests, trapped, output } = await told(states, { convertor: ['timeout: 1', 'retries: 1'] });
  const believed = Object.keys(oddBodies).map((name) =>
    faultyService('convertor', name as keyof typeof oddBodies),
  );
  expect(requests.map(({ service }) => service).sort()).toEqual([...believed, 'control'].sort());
  expect(trapped).toEqual([]);
  expect(output).not.toMatch(/eyJ|[^\P{Cc}\n]/u);
}, 60_000);
