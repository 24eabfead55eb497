/** The kind `stackmon-v2` where several services are one component: it is as bad as the worst of them. */
import { expect, test } from 'vitest';
import { component } from '../../src/demo/dialects/stackmon-components.ts';
import type { Status } from '../../src/model/status.ts';
import { type Draw, drawing } from '../chance.ts';
import { open, play, steps } from './stackmon-page.ts';

const both = '[{name: latency, component: API}, {name: errors, component: API}]';

test('one that recovers leaves the component to the other', async () => {
  const { page, cycle, outcomes } = await play(both);
  await cycle({ latency: 2, errors: 2 });
  expect(open(page)).toEqual(['1: 1, impact 2']);
  await cycle({ latency: 0, errors: 2 });
  expect(open(page)).toEqual(['1: 1, impact 2']);
  expect(outcomes.at(-1)).toBe(
    'latency close 2: known, reference 1, event 1 stays open: errors is the same component',
  );
  await cycle({ latency: 0, errors: 0 });
  expect(open(page)).toEqual([]);
  expect(outcomes.at(-1)).toBe('errors close 2: sent');
  expect(steps(page).at(-1)).toBe('PATCH /v2/events/1 resolved');
});

test('the worse one that recovers leaves the impact of the other', async () => {
  const { page, cycle } = await play(both);
  await cycle({ latency: 1, errors: 0 });
  await cycle({ latency: 1, errors: 3 });
  expect(open(page)).toEqual(['1: 1, impact 3']);
  await cycle({ latency: 1, errors: 0 });
  expect(open(page)).toEqual(['1: 1, impact 1']);
  await cycle({ latency: 0, errors: 0 });
  expect(open(page)).toEqual([]);
});

test('the worse one that becomes less bad goes no lower than the other', async () => {
  const { page, cycle } = await play(both);
  await cycle({ latency: 2, errors: 3 });
  await cycle({ latency: 2, errors: 1 });
  expect(open(page)).toEqual(['1: 1, impact 2']);
  await cycle({ latency: 0, errors: 1 });
  expect(open(page)).toEqual(['1: 1, impact 1']);
  await cycle({ latency: 0, errors: 0 });
  expect(open(page)).toEqual([]);
});

test('the other one is known after a restart', async () => {
  const { page, cycle, restart } = await play(both);
  await cycle({ latency: 2, errors: 1 });
  restart();
  await cycle({ latency: 0, errors: 1 });
  expect(open(page)).toEqual(['1: 1, impact 1']);
  restart();
  await cycle({ latency: 0, errors: 0 });
  expect(open(page)).toEqual([]);
});

test('one that falls ill when the other recovers has an incident', async () => {
  const { page, cycle } = await play(both);
  await cycle({ latency: 2, errors: 0 });
  await cycle({ latency: 0, errors: 2 });
  expect(open(page).map((line) => line.slice(2))).toEqual([' 1, impact 2']);
  await cycle({ latency: 0, errors: 0 });
  expect(open(page)).toEqual([]);
});

const numbered = '[{name: latency, ids: {page: 1}}, {name: errors, component: API}]';

test('one that has its number written leaves the component to the other, which goes by its name', async () => {
  const { page, cycle, restart } = await play(numbered);
  await cycle({ latency: 2, errors: 2 });
  restart();
  await cycle({ latency: 0, errors: 2 });
  expect(open(page)).toEqual(['1: 1, impact 2']);
});

test('without a list of components nothing is closed, and what is new is opened', async () => {
  const services =
    '[{name: latency, ids: {page: 1}}, {name: errors, component: API}, {name: web, ids: {page: 2}}]';
  const { page, cycle, restart } = await play(services, ', retries: 0', {
    components: [component(1, 'API'), component(2, 'Web')],
  });
  await cycle({ latency: 2, errors: 2, web: 0 });
  restart();
  // What is open is looked at first.
  page.failReads('status-500', { after: 1, times: 1 });
  await cycle({ latency: 0, errors: 2, web: 1 });
  expect(open(page)).toEqual(['1: 1, impact 2', '2: 2, impact 1']);
  expect(page.requests.filter(({ rawUrl }) => rawUrl === '/v2/components')).toHaveLength(2);
  await cycle({ latency: 0, errors: 0, web: 0 });
  expect(open(page)).toEqual([]);
});

const three =
  '[{name: latency, component: API}, {name: errors, component: API}, {name: web, component: Web}]';

const faults = ['reset-after-accept', 'status-503', 'status-422', 'status-500'] as const;
type Story = Awaited<ReturnType<typeof play>>;

/** A few cycles in which services change and one request or another fails. */
async function trouble({ page, cycle, restart }: Story, statuses: Record<string, Status>, below: Draw) {
  for (let left = below(3); left >= 0; left--) {
    for (const name of Object.keys(statuses)) if (below(3) === 0) statuses[name] = below(4) as Status;
    const fault = faults[below(faults.length)];
    if (below(2) === 0) page.fail(fault, { after: below(3), times: 1 });
    await cycle(statuses);
    if (below(5) === 0) restart();
  }
  page.fail(undefined);
  for (let quiet = 0; quiet < 3; quiet++) await cycle(statuses);
}

/** The impacts of the open events that hold the component. */
function shownOf({ page }: Story, component: number): readonly number[] {
  return page.events.flatMap(({ endMs, components, impact }) =>
    endMs === undefined && components.includes(component) ? [impact] : [],
  );
}

for (const [seed, keys] of [
  [7, ', retries: 0'],
  [11, ', retries: 0'],
  [12, ''],
  [18, ''],
] as const) {
  test(`whatever comes, is refused and is lost, the worst of each component is shown (seed ${seed})`, async () => {
    const story = await play(three, keys, { components: [component(1, 'API'), component(2, 'Web')] });
    const statuses = { latency: 0, errors: 0, web: 0 } satisfies Record<string, Status>;
    const below = drawing(seed);
    for (let turn = 0; turn < 60; turn++) {
      await trouble(story, statuses, below);
      const worst = [Math.max(statuses.latency, statuses.errors), statuses.web];
      const shown = [1, 2].map((id) => shownOf(story, id));
      expect(shown, `turn ${turn}: ${story.outcomes.slice(-9).join('; ')}`).toEqual(
        worst.map((impact) => (impact > 0 ? [impact] : [])),
      );
    }
  });
}
