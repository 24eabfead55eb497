/** The kind `stackmon-v2` where several components share an event: one that recovers never takes another along. */
import { expect, test } from 'vitest';
import { component } from '../../src/demo/dialects/stackmon-components.ts';
import { open, play, steps } from './stackmon-page.ts';

const three = [component(1, 'API'), component(2, 'Web'), component(3, 'Mail')];
const all = ['API', 'Web', 'Mail'];

test('two components in one shared incident, one recovers: only that one is closed, the other stays open', async () => {
  const { page, cycle, outcomes } = await play(['API', 'Web']);
  await cycle({ api: 2, web: 2 });
  expect(open(page)).toEqual(['1: 1 2, impact 2']);
  await cycle({ api: 0, web: 2 });
  expect(open(page)).toEqual(['1: 2, impact 2']);
  expect(steps(page)).toEqual([
    'POST /v2/events of 1 impact 2',
    'POST /v2/events of 2 impact 2',
    'POST /v2/events/1/extract of 1',
    'PATCH /v2/events/2 resolved',
  ]);
  await cycle({ api: 0, web: 0 });
  expect(open(page)).toEqual([]);
  expect(steps(page).slice(4)).toEqual(['PATCH /v2/events/1 resolved']);
  expect(outcomes.filter((line) => line.includes('close'))).toEqual([
    'api close 2: sent',
    'web close 2: sent',
  ]);
});

test('with shared: wait, an event stays until all of its components have recovered', async () => {
  const { page, cycle, outcomes, restart } = await play(['API', 'Web'], ', shared: wait');
  await cycle({ api: 2, web: 2 });
  await cycle({ api: 0, web: 2 });
  await cycle({ api: 0, web: 1 });
  restart();
  expect(open(page)).toEqual(['1: 1 2, impact 2']);
  expect(outcomes).toContain(
    'api close 2: suppressed, event 1 has other components too: it stays as it is until all of them agree ' +
      '(shared: wait)',
  );
  expect(outcomes.filter((line) => line.includes('rejected'))).toEqual([]);
  await cycle({ api: 0, web: 0 });
  expect(steps(page).slice(2)).toEqual(['PATCH /v2/events/1 resolved']);
});

const twenty = Array.from({ length: 20 }, (_, index) => `Part${index + 1}`);
const many = [...twenty, 'Other'].map((name, index) => component(index + 1, name));
const statuses = (status: 0 | 1) => Object.fromEntries(twenty.map((name) => [name.toLowerCase(), status]));

test('twenty that recover in one cycle leave by one extract, and are closed once', async () => {
  const { page, cycle } = await play([...twenty, 'Other'], '', { components: many });
  await cycle({ ...statuses(1), other: 1 });
  expect(open(page)).toHaveLength(1);
  const before = page.requests.length;
  await cycle({ ...statuses(0), other: 1 });
  const numbers = twenty.map((_, index) => index + 1).join(',');
  expect(steps(page).slice(21)).toEqual([
    `POST /v2/events/1/extract of ${numbers}`,
    'PATCH /v2/events/2 resolved',
  ]);
  expect(page.requests.length - before).toBe(3);
  expect(open(page)).toEqual(['1: 21, impact 1']);
});

test('twenty that are all of it close it', async () => {
  const { page, cycle } = await play(twenty, '', { components: many });
  await cycle(statuses(1));
  await cycle(statuses(0));
  expect(steps(page).slice(20)).toEqual(['PATCH /v2/events/1 resolved']);
});

test('what gets worse alone leaves the others as they are', async () => {
  const { page, cycle } = await play(all, '', { components: three });
  await cycle({ api: 1, web: 1, mail: 1 });
  await cycle({ api: 2, web: 1, mail: 1 });
  expect(open(page)).toEqual(['1: 2 3, impact 1', '2: 1, impact 2']);
  await cycle({ api: 0, web: 1, mail: 1 });
  expect(open(page)).toEqual(['1: 2 3, impact 1']);
});

test('what gets worse one after the other strands nobody, although the dashboard would', async () => {
  const { page, cycle } = await play(all, '', { components: three });
  await cycle({ api: 1, web: 1, mail: 1 });
  await cycle({ api: 2, web: 2, mail: 1 });
  expect(open(page)).toEqual(['1: 3, impact 1', '2: 1, impact 2', '3: 2, impact 2']);
  await cycle({ api: 2, web: 3, mail: 2 });
  expect(open(page)).toEqual(['2: 1 3, impact 2', '3: 2, impact 3']);
  await cycle({ api: 0, web: 0, mail: 2 });
  expect(open(page)).toEqual(['2: 3, impact 2']);
  await cycle({ api: 0, web: 0, mail: 0 });
  expect(open(page)).toEqual([]);
});

test('an event that the dashboard left empty is closed', async () => {
  const { page, cycle } = await play(all, '', { components: three });
  await cycle({ api: 1, web: 2, mail: 2 });
  await cycle({ api: 2, web: 2, mail: 2 });
  expect(open(page)).toEqual(['2: 2 3 1, impact 2']);
  expect(steps(page).slice(3)).toEqual(['POST /v2/events of 1 impact 2', 'PATCH /v2/events/1 resolved']);
});

test('what became less bad leaves a shared event first, those that agree together', async () => {
  const { page, cycle } = await play(all, '', { components: three });
  await cycle({ api: 3, web: 3, mail: 3 });
  await cycle({ api: 1, web: 1, mail: 3 });
  expect(steps(page).slice(3)).toEqual(['POST /v2/events/1/extract of 1,2', 'PATCH /v2/events/2 impact 1']);
  expect(open(page)).toEqual(['1: 3, impact 3', '2: 1 2, impact 1']);
  await cycle({ api: 2, web: 0, mail: 3 });
  await cycle({ api: 0, web: 0, mail: 0 });
  expect(open(page)).toEqual([]);
});

test('what became less bad together is changed together', async () => {
  const { page, cycle } = await play(['API', 'Web']);
  await cycle({ api: 3, web: 3 });
  await cycle({ api: 1, web: 1 });
  expect(steps(page).slice(2)).toEqual(['PATCH /v2/events/1 impact 1']);
});

test('what is new joins no event that is closed in the same cycle', async () => {
  const { page, cycle } = await play(['API', 'Web']);
  await cycle({ api: 1, web: 0 });
  await cycle({ api: 0, web: 1 });
  expect(open(page)).toEqual(['2: 2, impact 1']);
  expect(steps(page).slice(1)).toEqual(['PATCH /v2/events/1 resolved', 'POST /v2/events of 2 impact 1']);
});

test('somebody else’s component in our event stays open', async () => {
  const { page, cycle } = await play(['API']);
  await cycle({ api: 1 });
  page.report(1, [2]);
  expect(open(page)).toEqual(['1: 1 2, impact 1']);
  await cycle({ api: 0 });
  expect(open(page)).toEqual(['1: 2, impact 1']);
});

test('an end is never before the beginning of what was split off', async () => {
  const { page, cycle } = await play(['API', 'Web']);
  await cycle({ api: 1, web: 1 });
  await cycle({ api: 0, web: 1 });
  for (const { startMs, endMs = Number.POSITIVE_INFINITY } of page.events) {
    expect(endMs).toBeGreaterThanOrEqual(startMs);
  }
});

test('one of several that cannot be told does not hold back the rest', async () => {
  const { page, cycle, outcomes } = await play(['API', 'Nobody', 'Web']);
  await cycle({ api: 1, nobody: 1, web: 1 });
  expect(open(page)).toEqual(['1: 1 2, impact 1']);
  expect(outcomes.map((line) => line.split(',')[0])).toEqual([
    'nobody open 1: rejected',
    'api open 1: sent',
    'web open 1: sent',
  ]);
});

test('ids win over names, and what is no number is no id', async () => {
  const services =
    '[{name: api, component: X, ids: {page: "2"}}, {name: web, component: Web, ids: {page: p8}}]';
  const { page, cycle, outcomes } = await play(services);
  await cycle({ api: 1, web: 1 });
  expect(open(page)).toEqual(['1: 2, impact 1']);
  expect(outcomes).toContain(
    'web open 1: rejected, unknown_component: ids.page of web in production is not the number of a component',
  );
});

test('more than a page of open events are all looked at', async () => {
  const others = Array.from({ length: 120 }, (_, index) => component(index + 10, `Other${index}`));
  const { page, cycle } = await play(['API', 'Web'], '', { components: [...three, ...others] });
  await cycle({ api: 1, web: 2 });
  for (const { id } of others) page.openIncident(3, [id]);
  await cycle({ api: 0, web: 2 });
  const isOurs = ({ components: [first = 0] }: { components: readonly number[] }) => first < 10;
  expect(page.events.filter((event) => isOurs(event) && event.endMs === undefined)).toHaveLength(1);
  expect(page.requests.map(({ query }) => query['page'])).toContain('3');
});

test('where there are too many to look at, nothing is taken for closed', async () => {
  const others = Array.from({ length: 501 }, (_, index) => component(index + 10, `Other${index}`));
  const { page, cycle, outcomes } = await play(['API'], '', { components: [...three, ...others] });
  await cycle({ api: 1 });
  for (const { id } of others) page.openIncident(3, [id]);
  await cycle({ api: 0 });
  expect(outcomes.at(-1)).toBe(
    'api close 1: rejected, rejected: the dashboard has more than 500 open events: close old ones there',
  );
});
