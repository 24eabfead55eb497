/** Every target as data. */
import { expect, test } from 'vitest';
import { stage as open, reading, targetOf } from './stage.ts';

const api = { ...targetOf('api'), component: 'API' };

async function ask(on: ReturnType<typeof open>) {
  const { body, type } = await on.ask('/api/targets');
  expect(type).toBe('application/json; charset=utf-8');
  return JSON.parse(body);
}

test('a target that was never read knows nothing', async () => {
  expect(await ask(open([api]))).toEqual({
    timestamp: '2026-01-20T12:00:00Z',
    targets: [
      {
        service: 'api',
        environment: 'production',
        component: 'API',
        status: null,
        word: 'no data',
        reason: null,
        since: null,
        observed: null,
        read: null,
        flaps: 0,
        uptime: null,
        results: [],
        badge: '/badge/api/production.svg',
      },
    ],
  });
});

test('a target has what the page shows of it', async () => {
  const on = open([api]);
  for (const status of [0, 2, undefined, 1] as const) {
    on.witness.read(reading(api, status, on.clock.now() - 500));
    await on.clock.advance(60_000);
  }
  expect((await ask(on)).targets[0]).toMatchObject({
    status: 1,
    word: 'degraded',
    reason: null,
    since: '2026-01-20T12:03:00Z',
    observed: '2026-01-20T12:02:59Z',
    read: '2026-01-20T12:03:00Z',
    flaps: 2,
    uptime: 2 / 3,
    results: [
      { at: '2026-01-20T12:00:00Z', status: 0 },
      { at: '2026-01-20T12:01:00Z', status: 2 },
      { at: '2026-01-20T12:02:00Z', status: null },
      { at: '2026-01-20T12:03:00Z', status: 1 },
    ],
  });
});

test('no data has its reason', async () => {
  const on = open([api]);
  on.witness.read(reading(api, undefined));
  expect((await ask(on)).targets[0]).toMatchObject({ status: null, reason: 'unreachable', observed: null });
});

test('names come back as they were given', async () => {
  const names = ['<script>', '"', '\n', '\u{1f9e8}', '\u202e', 'a/b', '\0'];
  const { targets } = await ask(open(names.map((name) => targetOf(name, name))));
  expect(targets.map(({ service }: { service: string }) => service)).toEqual(names);
});

test('the answer has a bound: of many targets it has the newest results', async () => {
  const targets = Array.from({ length: 5_000 }, (_, i) => targetOf(`service-${i}`));
  const on = open(targets);
  for (let i = 0; i < 12; i++) {
    for (const target of targets) on.witness.read(reading(target, i === 11 ? 1 : 0));
    await on.clock.advance(1_000);
  }
  const answer = await ask(on);
  expect(answer.targets.length).toBe(5_000);
  expect(answer.targets[0].results.length).toBe(10);
  expect(answer.targets[0].results.at(-1)).toEqual({ at: '2026-01-20T12:00:11Z', status: 1 });
});
