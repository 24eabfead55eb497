/** The kind `stackmon-v2` where a human opens, splits or takes over an event: it is never closed for them. */
import { expect, test } from 'vitest';
import type { DialectEvent } from '../../src/demo/dialects/stackmon-v2-events.ts';
import { open, type Played, play, steps } from './stackmon-page.ts';

/** Its number is written down, so that nothing but events is read. */
const numbered = '[{name: api, component: API, ids: {page: "1"}}]';
const two = '[{name: api, component: API, ids: {page: "1"}}, {name: web, component: Web, ids: {page: "2"}}]';

/** The next time that the open events are listed, this is done right after. */
function afterList({ page }: Pick<Played, 'page'>, done: () => void): void {
  const listed = page.events.filter(({ endMs }) => endMs === undefined).map(shown);
  page.failReads(
    ({ response }) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: listed }));
      done();
    },
    { times: 1 },
  );
}

function shown({ id, title, impact, components, startMs, system, type, updates }: DialectEvent): object {
  const said = updates.map(({ status, text }) => ({ status, text }));
  const start = new Date(startMs).toISOString();
  return { id, title, impact, components, start_date: start, system, type, updates: said };
}

function write(page: Played['page'], id: number, status: string, text = 'We are on it.'): void {
  const event = page.events.find((each) => each.id === id);
  event?.updates.push({ status, text, atMs: 0, impact: event.impact });
}

const opened: readonly (readonly [string, (event: DialectEvent) => void])[] = [
  ['as it is', () => undefined],
  ['without updates', ({ updates }) => void updates.splice(0)],
  [
    'with one update of theirs alone',
    ({ updates }) =>
      void updates.splice(0, 1, { status: 'analysing', text: 'A digger.', atMs: 0, impact: 2 }),
  ],
];

test.each(opened)('one that a human opens while we report is theirs, %s', async (_, change) => {
  const played = await play(numbered);
  const { page, walk, outcomes } = played;
  await walk(0);
  afterList(played, () => void page.openIncident(2, [1]));
  await walk(2);
  page.events.forEach(change);
  const before = JSON.stringify(page.events);
  await walk(3, 1, 0);
  expect(JSON.stringify(page.events)).toBe(before);
  expect(steps(page).filter((step) => step.startsWith('PATCH'))).toEqual([]);
  expect(outcomes.at(-1)).toBe('api close 1: known, left alone: it is in event 1 of somebody else');
});

test('what a human splits off theirs while we report is theirs', async () => {
  const played = await play(numbered);
  const { page, walk, outcomes } = played;
  await walk(0);
  const theirs = page.openIncident(2, [1, 2]);
  afterList(played, () => {
    page.openIncident(2, [1]);
    const text = `API moved from <a href='/incidents/${theirs}'>Something is wrong</a>`;
    page.events[1]?.updates.splice(0, 9, { status: 'SYSTEM', text, atMs: 0, impact: 2 });
  });
  await walk(1);
  const before = JSON.stringify(page.events);
  await walk(0);
  expect(JSON.stringify(page.events)).toBe(before);
  const note = 'known, left alone: it is in event 2 of somebody else';
  expect(outcomes).toEqual([`api open 1: ${note}`, `api close 1: ${note}`]);
});

test('where a human closes theirs while we report, the new one is ours, whatever is lost of that', async () => {
  for (const isLost of [false, true]) {
    const played = await play(numbered);
    const { page, walk, outcomes } = played;
    await walk(0);
    const theirs = page.openIncident(2, [1]);
    afterList(played, () => {
      page.closeIncident(theirs);
      if (isLost) page.failReads('status-500', { times: 1 });
    });
    await walk(1);
    expect(outcomes, String(isLost)).toEqual([
      isLost ? 'api open 1: known, reference 2' : 'api open 1: sent, reference 2',
    ]);
    await walk(0);
    expect([page.events.length, open(page)], String(isLost)).toEqual([2, []]);
  }
});

test('one that a human opens while we make ours worse is theirs', async () => {
  const played = await play(numbered);
  const { page, walk, outcomes } = played;
  await walk(1);
  afterList(played, () => void page.openIncident(1, [1]));
  await walk(2);
  const before = JSON.stringify(page.events);
  await walk(1, 0);
  expect(JSON.stringify(page.events)).toBe(before);
  const note = 'known, left alone: it is in event 2 of somebody else';
  expect(outcomes.slice(1)).toEqual([
    `api change 2: ${note}`,
    `api change 1: ${note}`,
    `api close 1: ${note}`,
  ]);
});

test.each([
  ['fixing', 'We are on it.'],
  ['impact changed', 'It is worse than the monitoring says.'],
])('what we split off is a human’s once a human has written %s there', async (status, text) => {
  const { page, cycle, outcomes } = await play(two);
  await cycle({ api: 2, web: 2 });
  await cycle({ api: 1, web: 2 });
  expect(open(page)).toEqual(['1: 2, impact 2', '2: 1, impact 1']);
  write(page, 2, status, text);
  await cycle({ api: 0, web: 0 });
  expect(open(page)).toEqual(['2: 1, impact 1']);
  expect(outcomes.at(-2)).toBe('api close 1: known, left alone: it is in event 2 of somebody else');
});

test('what we split off is ours as long as none has, also after a restart', async () => {
  const { page, cycle, restart } = await play(two);
  await cycle({ api: 3, web: 3 });
  await cycle({ api: 2, web: 3 });
  restart();
  await cycle({ api: 1, web: 3 });
  restart();
  await cycle({ api: 0, web: 3 });
  expect(open(page)).toEqual(['1: 2, impact 3']);
});

test('what a human splits off ours is ours', async () => {
  const { page, cycle } = await play(two);
  await cycle({ api: 2, web: 2 });
  const [event] = page.events;
  const id = page.openIncident(2, [1], event?.title);
  // As it is after an extract: nothing but where it came from.
  page.events.find((each) => each.id === id)?.updates.shift();
  await cycle({ api: 0, web: 2 });
  expect(open(page)).toEqual(['1: 2, impact 2']);
});
