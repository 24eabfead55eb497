/** The list of components of a dashboard that lacks some of them is asked for once a cycle, and no more. */
import { expect, onTestFinished, test } from 'vitest';
import { openDashboard } from '../../src/dashboards/kinds.ts';
import { startStackmonV1 } from '../../src/demo/dialects/stackmon-v1.ts';
import { startStackmonV2 } from '../../src/demo/dialects/stackmon-v2.ts';
import { Failure } from '../../src/model/failure.ts';
import { FakeClock } from '../fake-clock.ts';
import { stage } from './stage.ts';
import { needs } from './telling.ts';

const unknown = '[{name: db, component: Database}, {name: mail, component: Mail}]';

const pages = {
  'stackmon-v1': { start: startStackmonV1, list: '/api/v1/component_status', keys: '' },
  'stackmon-v2': { start: startStackmonV2, list: '/v2/components', keys: ', adopt: system' },
} as const;

async function play(kind: keyof typeof pages, services = unknown) {
  const { start, list, keys } = pages[kind];
  const clock = new FakeClock();
  const page = await start({ clock, secret: 'dev' });
  onTestFinished(() => page.stop());
  const played = await stage(
    `{kind: ${kind}, url: "${page.url}", secret: dev, retries: 0${keys}}`,
    services,
    clock,
  );
  const looks = () => page.requests.filter(({ method, path }) => method === 'GET' && path === list).length;
  return { page, looks, ...played };
}

/** The kind itself, asked as often as a test likes at any moment. */
function opened({ settings, clock, config }: Awaited<ReturnType<typeof play>>) {
  const dashboard = openDashboard(settings, {
    clock,
    print: () => undefined,
    reporterId: 'cloudmon-reporter',
    pollIntervalMs: 60_000,
    rateOf: () => undefined,
    note: () => undefined,
  });
  onTestFinished(() => dashboard.stop());
  const { signal } = new AbortController();
  const { targets } = config.reporter;

  /** Returns how many it does not know. */
  return async () => {
    const failures: unknown[] = [];
    const tellings = targets.map((target) => needs(target, 'open'));
    if (dashboard.tellsTogether) {
      const beside = { told: () => [], moved: () => undefined };
      await dashboard.tellAll(tellings, (_, result) => void failures.push(result), signal, beside);
    } else {
      for (const telling of tellings)
        await dashboard.tell(telling, signal).catch((error) => failures.push(error));
    }
    return failures.filter((each) => each instanceof Failure && each.reason === 'unknown_component').length;
  };
}

// An older dashboard is asked about each component by its name.
for (const [kind, perCycle] of [
  ['stackmon-v1', 2],
  ['stackmon-v2', 1],
] as const) {
  test(`${kind}: several that stay unknown, cycle after cycle`, async () => {
    const { looks, cycle } = await play(kind);
    const counts: number[] = [];
    for (let count = 0; count < 4; count++) {
      const before = looks();
      await cycle({ db: 1, mail: 2 });
      counts.push(looks() - before);
    }
    expect(counts).toEqual([perCycle, perCycle, perCycle, perCycle]);
  });

  test(`${kind}: within a cycle it is not asked again, whoever is told; in the next one it is`, async () => {
    const on = await play(kind);
    const tell = opened(on);
    for (let count = 0; count < 3; count++) expect(await tell()).toBe(2);
    expect(on.looks()).toBe(perCycle);
    await on.clock.advance(29_000);
    expect(await tell()).toBe(2);
    expect(on.looks()).toBe(perCycle);
    // It begins a little early.
    await on.clock.advance(21_000);
    for (let count = 0; count < 3; count++) expect(await tell()).toBe(2);
    expect(on.looks()).toBe(2 * perCycle);
  });
}

test('stackmon-v2: what is taken over and what is told ask for it together', async () => {
  const services = '[{name: api, component: API}, {name: db, component: Database}]';
  const { looks, cycle, forget, outcomes } = await play('stackmon-v2', services);
  await cycle({ api: 1, db: 0 });
  forget();
  const before = looks();
  await cycle({ api: 2, db: 1 });
  expect(looks() - before).toBe(1);
  expect(outcomes).toContain('api open 2: sent, reference 1');
});
