/** From opening to closing: restarts, outages of the dashboard, kinds that can do less, targets that go and come. */
import { expect, test } from 'vitest';
import type { Status } from '../../src/model/status.ts';
import { newStanding } from '../../src/reporter/standing.ts';
import { targetOf } from './cast.ts';
import type { Fate } from './line.ts';
import { dumbPage, keyedPage, naturalPage } from './pages.ts';
import { calm, minuteMs, type World, world } from './world.ts';

/** One cycle for each, of the service `api`; `-` is no data, `K` kills before it, `L` loses the next answer. */
async function walk(on: World, steps: string): Promise<void> {
  for (const step of steps.split(' ')) {
    const word = step.replace(/[KL]/g, '');
    if (step.includes('K')) on.kill();
    let fates: Fate[] = step.includes('L') ? ['lost'] : [];
    on.chaos({ ...calm, fate: () => fates.shift() ?? 'ok' });
    on.statuses({ api: word === '-' ? undefined : (Number(word) as Status) });
    await on.cycle();
    fates = [];
  }
}

const told = (on: World) => on.page.taken.map(({ shows }) => shows).join(' ');

async function check(steps: string, expected: string, given: Parameters<typeof world>[2] = {}) {
  const on = world(dumbPage(), ['api'], { retries: 0, ...given });
  await walk(on, steps);
  expect(told(on)).toBe(expected);
  return on;
}

test('what rises, falls and ends is told as it comes', () => check('0 1 2 1 0 1 0', '1 2 1 0 1 0'));
test('a restart in the middle opens nothing again', () => check('1 K1 K1 K0 K0', '1 0'));
test('what is over after a restart is closed', () => check('2 K- K0', '2 0'));
test('what rose while nobody looked is told after a restart', () => check('1 K3', '1 3'));
test('what was lost on its way is told again, once', () => check('L1 1 1', '1 1'));
test('a close that was lost and a service that is down again', () => check('1 L0 1 0', '1 0 1 0'));
test('rows are counted over a restart', () => check('1 K1 K1', '1', { openAfter: { readings: 3 } }));
test('a program that restarts often counts on, and opens and closes', async () => {
  const after = { readings: 5 };
  const given = { openAfter: after, closeAfter: after };
  await check('1 1 1 K1 1 0 0 K0 0 0', '1 0', given);
  await check('1 1 K1 1 K1 0 K0 0 0 K0', '1 0', given);
});
test('a row that a good reading ended is not found again after a restart', () =>
  check('1 0 K1 1', '1', { openAfter: { readings: 2 } }));
test('a row that a good reading ended after a restart is not found after the next', () =>
  check('1 K0 K1', '', { openAfter: { readings: 2 } }));
test('a recovery that was none is not found again after a restart', () =>
  check('1 0 1 K0 K0', '1 0', { closeAfter: { readings: 2 } }));
test('an incident of 200 hours is told once', () => check(`${'2 '.repeat(200)}2`, '2'));
test('nothing is told of what is below min_status', () =>
  check('1 2 1 2', '2 0 2', { match: { services: ['*'], environments: ['*'], minStatus: 2 } }));

test('once all is over nothing is kept, restored or not', async () => {
  const on = await check('1 K0 0', '1 0');
  on.flush();
  expect([...on.disk]).toEqual([]);
});

test('a kind that cannot lower goes on with the worst, one that cannot close says nothing', async () => {
  const on = world(dumbPage(), ['api'], {}, { closes: false, lowers: false });
  await walk(on, '1 3 2 1 1 0 0 1');
  expect(told(on)).toBe('1 3 1');
});

test('a dashboard that forgets is told again where there is no data, and under maintenance', async () => {
  const on = world(dumbPage(), ['api'], { send: 'every_poll' }, { forgets: true });
  await walk(on, '2 - -');
  on.maintained.add('api');
  await walk(on, '0 3');
  on.maintained.clear();
  await walk(on, '0 - -');
  expect(told(on)).toBe('2 2 2 2 2 0');
});

test('a dashboard that forgets and did not hear of the end is not told that it goes on', async () => {
  const on = world(dumbPage(), ['api'], { send: 'every_poll', retries: 0 }, { forgets: true });
  await walk(on, '2');
  on.chaos({ ...calm, fate: () => 'refused' });
  on.statuses({ api: 0 });
  await on.cycle();
  await walk(on, '- -');
  expect(told(on)).toBe('2');
});

test('a report that waits for its next attempt is not replaced by an older one', async () => {
  const on = world(dumbPage(), ['api'], { send: 'every_poll', retries: 10 }, { forgets: true });
  await walk(on, '1');
  on.chaos({ ...calm, fate: () => 'refused' });
  on.statuses({ api: 2 });
  await on.cycle();
  await walk(on, '- -');
  expect(told(on).split(' ').slice(0, 2)).toEqual(['1', '2']);
});

test.each([
  ['for opening', '1', '1', { openAfter: { readings: 2 } }, ''],
  ['for closing', '1 0', 'K0', { closeAfter: { readings: 2 } }, '1'],
] as const)(
  'what maintenance ends is no row %s after a restart either',
  async (_, before, after, given, expected) => {
    const on = world(dumbPage(), ['api'], given);
    await walk(on, before);
    on.maintained.add('api');
    await walk(on, '3');
    on.kill();
    on.maintained.clear();
    await walk(on, after);
    expect(told(on)).toBe(expected);
  },
);

test('an open that is answered after its target recovered is closed', async () => {
  const on = world(dumbPage(), ['api']);
  on.chaos({ ...calm, fate: () => 'slow' });
  on.statuses({ api: 1 });
  await on.cycle();
  on.chaos(calm);
  await walk(on, '0 0 0');
  expect(told(on)).toBe('1 0');
  expect(on.outcomes).toEqual(['1 api open 1 sent', '1 api close 1 sent']);
});

test('what was switched from record to send begins with what the page was told', async () => {
  const on = world(dumbPage(), ['api']);
  await walk(on, '1');
  on.reload({ policy: { mode: 'record' } });
  await walk(on, '2 0 3');
  on.reload({ policy: { mode: 'send' } });
  await walk(on, '3 0');
  expect(told(on)).toBe('1 3 0');
});

test('a target that is taken out while open is left as it is, and known when it is back', async () => {
  const on = world(dumbPage(), ['api', 'web']);
  await walk(on, '1');
  on.reload({ services: ['web'] });
  await walk(on, '0 0');
  on.reload({ services: ['web'] });
  expect(on.left).toEqual(['api']);
  on.kill();
  on.reload({ services: ['api', 'web'] });
  await walk(on, '1 0');
  expect(told(on)).toBe('1 0');
});

test('a target that is taken out twice is told about twice', async () => {
  const on = world(dumbPage(), ['api']);
  await walk(on, '1');
  on.reload({ services: [] });
  on.reload({ services: ['api'] });
  await walk(on, '1');
  on.reload({ services: [] });
  expect(on.left).toEqual(['api', 'api']);
});

test('what a dashboard is not told about any more is left, too', async () => {
  const on = world(dumbPage(), ['api']);
  await walk(on, '1');
  on.reload({ policy: { match: { services: ['web'], environments: ['*'], minStatus: 1 } } });
  expect(on.left).toEqual(['api']);
});

test('after thirty days it is forgotten', async () => {
  const on = world(dumbPage(), ['api']);
  await walk(on, '1');
  on.reload({ services: [] });
  on.flush();
  expect(on.disk.size).toBe(1);
  await on.clock.advance(31 * 24 * 60 * minuteMs);
  on.reload({ services: [] });
  on.flush();
  expect(on.disk.size).toBe(0);
});

test('what is held back, and why, is kept for whoever asks', async () => {
  const on = world(dumbPage(), ['api', 'web'], { retries: 0 });
  const kept = () => {
    on.flush();
    return Object.fromEntries([...on.disk].map(([key, text]) => [key, JSON.parse(text)]));
  };
  on.chaos({ ...calm, fate: () => 'rejected' });
  on.statuses({ api: 1, web: 0 });
  on.maintained.add('web');
  await on.cycle();
  const sinceMs = on.clock.now() - minuteMs;
  await on.cycle();
  const { key } = targetOf('web');
  const [standing] = Object.values(kept()).filter((each) => 'trouble' in each);
  expect(standing.trouble).toEqual({ reason: 'rejected', text: 'rejected', sinceMs });
  expect(kept()[JSON.stringify(['held', key])]).toMatchObject({ service: 'web', environment: 'production' });
  on.maintained.clear();
  on.chaos(calm);
  await on.cycle();
  await on.cycle();
  expect(on.ledger().get(on.policy(), targetOf('api').key).trouble).toBeUndefined();
  expect(Object.keys(kept()).filter((each) => each.startsWith('["held"'))).toEqual([]);
});

test('what knows nothing keeps nothing', () => {
  const on = world(naturalPage(), ['api']);
  expect(on.ledger().get(on.policy(), 'api')).toBe(newStanding);
  expect([...on.disk]).toEqual([]);
});

const many = Array.from({ length: 20 }, (_, at) => `s${at}`);

test.each([
  ['that refuses', 'refused'],
  ['that loses its answers', 'swallowed'],
  ['that wants peace', 'peace'],
] as const)('after an hour with a dashboard %s each incident is right within a cycle', async (_, fate) => {
  const page = keyedPage();
  const on = world(page, many);
  const was = (service: string): Status => (Number(service.slice(1)) % 3 === 0 ? 2 : 0);
  on.statuses(Object.fromEntries(many.map((service) => [service, was(service)])));
  await on.cycle();
  const before = page.taken.length;
  on.chaos({ ...calm, fate: () => fate });
  for (let minute = 0; minute < 60; minute++) {
    // All of them open and close meanwhile.
    on.statuses(Object.fromEntries(many.map((service, at) => [service, ((at + minute) % 4) as Status])));
    await on.cycle();
  }
  on.chaos(calm);
  const is = (service: string): Status => (Number(service.slice(1)) % 5 === 0 ? 3 : 0);
  on.statuses(Object.fromEntries(many.map((service) => [service, is(service)])));
  await on.cycle();
  expect(many.map((service) => page.shows(service))).toEqual(many.map(is));
  const news = page.taken.slice(before);
  // Where an open may have arrived, its end is told.
  const untouched = many.filter((service) => fate !== 'swallowed' && was(service) === is(service));
  expect(news.filter(({ service }) => untouched.includes(service) && is(service) === 0)).toEqual([]);
  expect(new Set(news.map(({ service }) => service)).size).toBe(news.length);
});

/** The story of two services, during which the program is killed at one moment. */
async function story(on: World, killAt: number, isAfter: boolean): Promise<number> {
  let moments = 0;
  const isNow = () => moments++ === killAt;
  on.chaos({
    fate: () => (isNow() ? (isAfter ? 'killed after' : 'killed before') : 'ok'),
    killsAtWrite: isNow,
    written: (waiting) => (isAfter ? waiting : 0),
  });
  const steps: readonly [Status, Status][] = [
    [0, 1],
    [1, 1],
    [2, 1],
    [2, 0],
    [1, 0],
    [0, 3],
    [1, 3],
    [1, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ];
  for (const [api, web] of steps) {
    on.statuses({ api, web });
    await on.cycle();
  }
  return moments;
}

test.each([
  ['a page where each target has a place', naturalPage],
  ['a page that knows keys', keyedPage],
  ['a page that knows nothing', dumbPage],
])(
  'killed at every write and every request in turn, %s is told all, and twice only in doubt',
  async (_, open) => {
    const moments = await story(world(open(), ['api', 'web']), -1, false);
    expect(moments).toBeGreaterThan(15);
    for (let at = 0; at < moments; at++) {
      for (const isAfter of [false, true]) {
        const page = open();
        const on = world(page, ['api', 'web']);
        await story(on, at, isAfter);
        expect([page.shows('api'), page.shows('web')]).toEqual([0, 0]);
        const highest = (service: string) =>
          Math.max(...page.taken.filter((one) => one.service === service).map(({ shows }) => shows));
        expect([highest('api'), highest('web')]).toEqual([2, 3]);
        expect(page.repeats().filter(({ isFlagged }) => !isFlagged)).toEqual([]);
        expect(page.repeats().length).toBeLessThanOrEqual(on.ambiguous());
      }
    }
  },
);
