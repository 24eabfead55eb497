/** What is open on a dashboard and not in our state: ours is taken over, what others opened is left alone. */
import { expect, test } from 'vitest';
import type { Answer, Telling } from '../../src/model/dashboard.ts';
import { Failure } from '../../src/model/failure.ts';
import type { Target } from '../../src/model/target.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { tellTogether } from '../../src/reporter/telling-together.ts';
import { everyPoll, plainDashboard, targetOf } from './cast.ts';
import { incidentPage } from './pages.ts';
import { calm, minuteMs, world } from './world.ts';

/** A page on which `api` and `web` are open, as a reporter left it whose state is lost. */
async function lost(policy: Parameters<typeof world>[2] = {}) {
  const page = incidentPage();
  const on = world(page, ['api', 'web'], policy);
  on.statuses({ api: 2, web: 1 });
  await on.cycle();
  on.forget();
  return { page, on };
}

test('what has recovered is closed, what goes on is not opened again', async () => {
  const { page, on } = await lost();
  on.statuses({ api: 2, web: 0 });
  await on.cycle();
  await on.cycle();
  expect(page.open()).toEqual([{ id: '1', service: 'api', isOurs: true, status: 2 }]);
  expect(page.taken.slice(2).map(({ service, shows }) => [service, shows])).toEqual([['web', 0]]);
});

test('what has changed is changed', async () => {
  const { page, on } = await lost();
  on.statuses({ api: 1, web: 3 });
  await on.cycle();
  expect(page.open().map(({ id, status }) => [id, status])).toEqual([
    ['1', 1],
    ['2', 3],
  ]);
});

test('as long as the page cannot be read nothing is opened without another look', async () => {
  const { page, on } = await lost();
  let isReadable = false;
  let requests = 0;
  // The first request of a cycle is the look.
  on.chaos({ ...calm, fate: () => (isReadable || requests++ % 3 > 0 ? 'ok' : 'refused') });
  on.statuses({ api: 2, web: 1 });
  await on.cycle();
  await on.cycle();
  expect(page.open()).toHaveLength(2);
  isReadable = true;
  on.statuses({ api: 0, web: 0 });
  await on.cycle();
  await on.cycle();
  expect(page.open()).toEqual([]);
});

test('with adopt: none nothing is taken over', async () => {
  const { page, on } = await lost({ adopt: 'none' });
  on.statuses({ api: 0, web: 0 });
  for (let minute = 0; minute < 20; minute++) await on.cycle();
  expect(page.open()).toHaveLength(2);
});

test('what others opened is left alone, and kept for whoever asks, until it is gone', async () => {
  const page = incidentPage();
  const on = world(page, ['api']);
  page.openByHand('api');
  on.statuses({ api: 0 });
  await on.cycle();
  on.flush();
  const key = JSON.stringify(['unowned', 'default']);
  expect(JSON.parse(on.disk.get(key) ?? '')).toEqual([{ reference: '1', title: 'by hand' }]);
  for (let minute = 0; minute < 20; minute++) await on.cycle();
  expect(page.open()).toHaveLength(1);
  expect(page.taken).toEqual([]);
  on.kill();
  on.flush();
  expect(on.disk.has(key)).toBe(false);
});

test('it is looked again every 15 minutes, and for others as soon as they are configured', async () => {
  const page = incidentPage();
  const on = world(page, ['api']);
  let looks = 0;
  on.chaos({
    ...calm,
    fate: () => {
      looks++;
      return 'ok';
    },
  });
  on.statuses({ api: 0, web: 0 });
  const run = async (minutes: number) => {
    looks = 0;
    for (let minute = 0; minute < minutes; minute++) await on.cycle();
    return looks;
  };
  expect(await run(15)).toBe(1);
  expect(await run(15)).toBe(1);
  on.reload({ services: ['api', 'web'] });
  expect(await run(1)).toBe(1);
  on.reload({ policy: { mode: 'record' } });
  expect(await run(60)).toBe(0);
});

test('it is not looked while something is told, and a cycle waits for neither', async () => {
  const page = incidentPage();
  const on = world(page, ['api']);
  const asked: string[] = [];
  on.chaos({
    ...calm,
    fate: () => {
      asked.push(`${Math.floor(on.clock.monotonic() / minuteMs)}`);
      // The first is the look, the second tells, for a minute and a half.
      return asked.length === 2 ? 'slow' : 'ok';
    },
  });
  on.statuses({ api: 1 });
  await on.cycle();
  on.reload({ services: ['api'] });
  on.statuses({ api: 2 });
  await on.cycle();
  expect(on.outcomes[0]).toMatch(/superseded stopped|sent/);
  expect(asked.slice(0, 2)).toEqual(['0', '0']);
  await on.cycle();
  expect(page.open().map(({ status }) => status)).toEqual([2]);
});

test('what the ledger knows is not taken over', () => {
  const ledger = new Ledger({ put: () => undefined });
  const found = { target: targetOf('api'), status: 2, reference: '7', sinceMs: 5 } as const;
  expect(ledger.adopt(everyPoll, found, 10)).toBe(true);
  expect(ledger.get(everyPoll, found.target.key)).toMatchObject({
    told: { status: 2, atMs: 10 },
    reference: '7',
    incident: { sinceMs: 5, members: [found.target] },
  });
  expect(ledger.adopt(everyPoll, { ...found, reference: '8' }, 20)).toBe(false);
});

const failed = (reason: 'failed' | 'rejected', isAmbiguous = false) =>
  new Failure('dashboard', reason, reason, { isAmbiguous });

function tellingOf(service: string): Telling {
  const target: Target = targetOf(service);
  const reading = { target, status: 1, timeMs: 0, evidence: { triggered: [] } } as const;
  const incident = { id: service, dashboard: 'default', members: [target], sinceMs: 0 };
  const action = { type: 'open', status: 1, timeMs: 0, reading, incident, idempotencyKey: service } as const;
  return { action, told: undefined, reference: undefined, isDoubted: false, isWanted: () => true };
}

/** What becomes of three that are told together. */
async function together(
  tellAll: (
    tellings: readonly Telling[],
    settle: (telling: Telling, result: Answer | Failure) => void,
  ) => Promise<void>,
): Promise<string[]> {
  const said: string[] = [];
  const tellings = ['a', 'b', 'c'].map(tellingOf);
  const left = new Set(tellings);
  const say = (what: string, { action }: Telling) => said.push(`${what} ${action.idempotencyKey}`);
  const dashboard = {
    ...plainDashboard,
    tellsTogether: true,
    find: async () => ({ ours: [], unowned: [] }),
    tellAll,
  } as const;
  const end = (what: string) => (telling: Telling) => {
    left.delete(telling);
    say(what, telling);
  };
  try {
    const ends = {
      attempted: (telling: Telling, failure?: Failure) =>
        say(failure ? `attempted ${failure.reason}` : 'attempted', telling),
      doubt: (telling: Telling) => say('doubt', telling),
      acknowledge: end('taken'),
      giveUp: end('given up'),
      fail: () => undefined,
      drop: end('dropped'),
      isLeft: (telling: Telling) => left.has(telling),
    } satisfies Parameters<typeof tellTogether>[3];
    const beside = { told: () => [], moved: () => undefined };
    await tellTogether(dashboard, [tellings], new AbortController().signal, ends, beside);
  } catch (error) {
    said.push(`thrown ${error instanceof Failure ? error.reason : String(error)}`);
  }
  return said;
}

test('one that is refused for good does not hold back the others', async () => {
  const said = await together(async (tellings, settle) => {
    for (const [at, telling] of tellings.entries()) {
      settle(telling, at === 1 ? failed('rejected') : { outcome: 'sent' });
    }
  });
  expect(said).toEqual([
    'attempted a',
    'taken a',
    'attempted rejected b',
    'given up b',
    'attempted c',
    'taken c',
  ]);
});

test('what is thrown stands for what was not told, and counts once', async () => {
  const failure = failed('failed', true);
  expect(
    await together(async ([first], settle) => {
      if (first) settle(first, { outcome: 'sent' });
      throw failure;
    }),
  ).toEqual(['attempted a', 'taken a', 'attempted failed b', 'doubt c', 'thrown failed']);
  expect(
    await together(async ([first], settle) => {
      if (first) settle(first, failure);
      throw failure;
    }),
  ).toEqual(['attempted failed a', 'thrown failed']);
});

test('a failure that was settled for good and is thrown does not become that of the next', async () => {
  const failure = failed('rejected', true);
  expect(
    await together(async ([first], settle) => {
      if (first) settle(first, failure);
      throw failure;
    }),
  ).toEqual(['attempted rejected a', 'given up a', 'thrown rejected']);
});

test('a kind that forgets one is a bug of ours', async () => {
  const said = await together(async ([first], settle) => {
    if (first) settle(first, { outcome: 'sent' });
  });
  expect(said.at(-1)).toMatch(/has not settled what it was told to tell/);
});
