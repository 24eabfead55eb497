/** The convertor in the same process: asked like any other, without a socket. */
import { expect, test } from 'vitest';
import { openConvertor } from '../../src/convertor/client.ts';
import type { ConvertorSettings } from '../../src/convertor/settings.ts';
import { json, type Page, type Route } from '../../src/http/routes.ts';
import { Failure } from '../../src/model/failure.ts';
import type { Target } from '../../src/model/target.ts';
import { FakeClock } from '../fake-clock.ts';

const settings: ConvertorSettings = {
  path: 'auto',
  timeoutMs: 1_000,
  retries: 0,
  maxDataAgeMs: 600_000,
  window: { fromMs: 300_000, toMs: 0 },
  tls: {},
};
const target: Target = {
  key: 'api',
  service: 'api',
  environment: 'production',
  component: 'API',
  attributes: {},
  ids: {},
  flags: [],
};

function open(route: Route, changed: Partial<ConvertorSettings> = {}) {
  const clock = new FakeClock();
  const bugs: unknown[] = [];
  const routes = new Map([
    ['/v1/health', route],
    ['/v1/maintenances', route],
  ]);
  const onBug = (error: unknown) => void bugs.push(error);
  const client = openConvertor(
    { ...settings, ...changed },
    clock,
    { asked: () => undefined, maintenancesFailed: () => undefined, maintenancesDropped: () => undefined },
    { routes, onBug },
  );
  const read = async () => {
    try {
      const reading = await client.read(target);
      return reading.status ?? reading.reason;
    } catch (error) {
      if (error instanceof Failure) return error.reason;
      throw error;
    }
  };
  return { client, clock, bugs, read };
}

function health(clock: FakeClock, weight: number): Page {
  const metrics = [{ timestamp: clock.now() / 1_000, weight }];
  return json(200, { name: 'api', environment: 'production', metrics });
}

test('the question is the one that goes over HTTP', async () => {
  const asked: string[] = [];
  const { clock, read } = open(({ path, query }) => {
    asked.push(`${path}?${query}`);
    return health(clock, 2);
  });
  expect(await read()).toBe(2);
  const window = 'from=2026-01-20T11:55:00Z&to=2026-01-20T12:00:00Z'.replaceAll(':', '%3A');
  expect(asked).toEqual([`/v1/health?${window}&service=api&environment=production`]);
});

test('the page is told how long it is waited for, so that it can give up', async () => {
  const within: (number | undefined)[] = [];
  const { clock, read } = open(
    ({ withinMs }) => {
      within.push(withinMs);
      return within.length === 1 ? json(500, {}) : health(clock, 0);
    },
    { retries: 1 },
  );
  const reading = read();
  await clock.advance(500);
  expect([await reading, within]).toEqual([0, [1_000, 500]]);
});

test('what takes longer than the time-out is no answer', async () => {
  const { clock, read } = open(() => new Promise(() => undefined));
  const reading = read();
  await clock.advance(1_000);
  expect(await reading).toBe('timeout');
  expect(clock.waiting).toEqual([]);
});

test('an end in the middle of an answer is a stop, and leaves no timer', async () => {
  const { client, clock, read } = open(() => new Promise(() => undefined));
  const reading = read();
  client.stop();
  expect(await reading).toBe('stopped');
  expect(clock.waiting).toEqual([]);
});

test('an answer leaves no timer', async () => {
  const { clock, read } = open(() => health(clock, 0));
  expect(await read()).toBe(0);
  expect(clock.waiting).toEqual([]);
});

test('a page that throws is a bug, told once, and a failure like any 500', async () => {
  const bug = new Error('a bug');
  const { bugs, read } = open(() => {
    throw bug;
  });
  expect(await read()).toBe('failed');
  expect(bugs).toEqual([bug]);
});

test('a failure is asked again within the time-out', async () => {
  let count = 0;
  const { clock, read } = open(() => (++count === 1 ? json(500, { message: 'no' }) : health(clock, 1)), {
    retries: 1,
  });
  const reading = read();
  await clock.advance(500);
  expect(await reading).toBe(1);
});

test('what it does not know is unsupported, and so is a page that is not there', async () => {
  expect(await open(() => json(409, { message: 'Service not supported' })).read()).toBe('unsupported');
  expect(await open(() => json(409, {}), { path: '/elsewhere' }).read()).toBe('unsupported');
});

test('it is not asked what is under maintenance: it knows no more than the configuration', async () => {
  const asked: string[] = [];
  const { client, clock } = open(({ path }) => {
    asked.push(path);
    return json(200, []);
  });
  client.maintenances.look();
  const windows = await client.maintenances.windows(1_000);
  expect(windows.around(target, clock.now())).toBeUndefined();
  expect(asked).toEqual([]);
});
