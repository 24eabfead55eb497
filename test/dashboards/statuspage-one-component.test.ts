/** The kind `statuspage` where several services are one component: it is as bad as the worst of them. */
import { expect, test } from 'vitest';
import { limits } from '../../src/model/limits.ts';
import type { Status } from '../../src/model/status.ts';
import { drawing } from '../chance.ts';
import { statuspageStage } from './statuspage-stage.ts';

const both = ['latency/API', 'errors/API'];

test('with show: components, one that recovers leaves the component to the other', async () => {
  const { cycle, shown, outcomes, restart } = await statuspageStage(', show: components', both);
  await cycle({ latency: 2, errors: 1 });
  expect(shown()).toEqual(['API: major_outage']);
  restart();
  await cycle({ latency: 0, errors: 1 });
  expect(shown()).toEqual(['API: degraded_performance']);
  await cycle({ latency: 0, errors: 0 });
  expect(shown()).toEqual(['API: operational']);
  expect(outcomes.filter((line) => line.includes('somebody else'))).toEqual([]);
});

test('with show: components, both that recover at once leave it operational', async () => {
  const { cycle, shown, outcomes } = await statuspageStage(', show: components', both);
  await cycle({ latency: 2, errors: 1 });
  await cycle({ latency: 0, errors: 0 });
  expect(shown()).toEqual(['API: operational']);
  expect(outcomes.filter((line) => line.includes('somebody else'))).toEqual([]);
});

test('with show: components, what a human has set stays', async () => {
  const { cycle, shown, page } = await statuspageStage(', show: components', both);
  await cycle({ latency: 2, errors: 1 });
  page.human.setComponent('cmp000000001', 'under_maintenance');
  await cycle({ latency: 0, errors: 1 });
  expect(shown()).toEqual(['API: under_maintenance']);
});

const unwell = [503, 422, 500] as const;

for (const status of unwell) {
  test(`with show: components, one that is never told leaves nothing behind (${status})`, async () => {
    const { cycle, shown, page, outcomes } = await statuspageStage(', show: components, retries: 0', both);
    page.fail({ status, body: '{}' }, { times: 1, after: 1 });
    await cycle({ latency: 1, errors: 2 });
    expect(shown()).toEqual(['API: degraded_performance']);
    await cycle({ latency: 1, errors: 0 });
    await cycle({ latency: 0, errors: 0 });
    expect(shown()).toEqual(['API: operational']);
    expect(outcomes.filter((line) => line.includes('somebody else'))).toEqual([]);
  });

  test(`with show: components, an end that is never told hides nothing (${status})`, async () => {
    const { cycle, shown, page } = await statuspageStage(', show: components, retries: 0', both);
    await cycle({ latency: 0, errors: 2 });
    page.fail({ status, body: '{}' }, { times: 1, after: 1 });
    await cycle({ latency: 1, errors: 0 });
    await cycle({ latency: 1, errors: 2 });
    expect(shown()).toEqual(['API: major_outage']);
  });
}

test('with show: components, one whose end was left to a human does not come back with the next one', async () => {
  const { cycle, shown, page } = await statuspageStage(', show: components', both);
  await cycle({ latency: 2, errors: 3 });
  page.human.setComponent('cmp000000001', 'under_maintenance');
  await cycle({ latency: 0, errors: 1 });
  expect(shown()).toEqual(['API: degraded_performance']);
});

test('with show: components, one that ends does not come back with what may have been told before', async () => {
  const { cycle, shown, page } = await statuspageStage(', show: components, retries: 0', both);
  await cycle({ latency: 1, errors: 0 });
  page.fail('reset-after-accept', { times: 1 });
  await cycle({ latency: 1, errors: 2 });
  await cycle({ latency: 0, errors: 0 });
  expect(shown()).toEqual(['API: operational']);
});

test('with show: components, one that was refused does not count for the next one', async () => {
  const { cycle, shown, page } = await statuspageStage(', show: components, retries: 0', both);
  page.fail({ status: 422, body: '{}' }, { times: 1 });
  await cycle({ latency: 2, errors: 1 });
  expect(shown()).toEqual(['API: degraded_performance']);
});

test('those that are opened alone, since one was refused, are as bad as the worst of them', async () => {
  const { cycle, shown, page, open } = await statuspageStage('', both);
  page.fail({ status: 422, body: '{}' }, { times: 1 });
  await cycle({ latency: 3, errors: 1 });
  expect(open()).toHaveLength(2);
  expect(shown()).toEqual(['API: major_outage']);
});

test('those that are too many for one incident are as bad as the worst of them', async () => {
  const apart = Array.from({ length: limits.incidentMembersMax }, (_, at) => `s${at}`);
  const services = ['first/API', ...apart, 'last/API'];
  const { cycle, shown, open } = await statuspageStage('', services);
  const ill = Object.fromEntries(apart.map((name) => [name, 1] as const));
  await cycle({ ...ill, first: 3, last: 1 });
  expect(open()).toHaveLength(2);
  expect(shown()[0]).toBe('API: major_outage');
});

test('a change that arrived without an answer is seen by the next one', async () => {
  const { cycle, shown, page, open } = await statuspageStage(', retries: 0', both);
  await cycle({ latency: 2, errors: 0 });
  await cycle({ latency: 2, errors: 2 });
  expect(open()).toHaveLength(2);
  page.fail('bad-gateway-after-accept', { times: 1 });
  await cycle({ latency: 0, errors: 1 });
  await cycle({ latency: 0, errors: 1 });
  expect(shown()).toEqual(['API: degraded_performance']);
});

const words = ['operational', 'degraded_performance', 'major_outage', 'major_outage'];

const faults = [...unwell.map((status) => ({ status, body: '{}' })), 'reset-after-accept'] as const;

const shows = ['incidents', 'components'] as const;

/** What a component shows once everything is told. */
const truth = ({ latency = 0, errors = 0, web = 0 }: Readonly<Record<string, Status>>) => [
  `API: ${words[Math.max(latency, errors)]}`,
  `WEB: ${words[web]}`,
];

for (const show of shows) {
  for (const seed of [1, 2]) {
    test(`with show: ${show}, whatever comes and is lost, the worst is shown (seed ${seed})`, async () => {
      const below = drawing(seed);
      const { cycle, shown, page, restart } = await statuspageStage(`, show: ${show}`, [...both, 'web']);
      const statuses: Record<string, Status> = { latency: 0, errors: 0, web: 0 };
      for (let turn = 0; turn < 150; turn++) {
        for (const name of Object.keys(statuses)) if (below(3) === 0) statuses[name] = below(4) as Status;
        if (below(4) === 0) page.fail('reset-after-accept', { times: 1 });
        await cycle(statuses);
        if (below(5) === 0) restart();
        expect(shown(), `turn ${turn}`).toEqual(truth(statuses));
      }
    });
  }

  for (const seed of [2, 3, 11]) {
    test(`with show: ${show}, whatever is refused and not tried again, the worst is shown (seed ${seed})`, async () => {
      const below = drawing(seed);
      const more = `, show: ${show}, retries: 0`;
      const { cycle, shown, page, restart } = await statuspageStage(more, [...both, 'web']);
      const statuses: Record<string, Status> = { latency: 0, errors: 0, web: 0 };
      for (let turn = 0; turn < 300; turn++) {
        // Often well, and often as before: what was never told is hidden best then.
        for (const name of Object.keys(statuses)) statuses[name] = Math.max(0, below(4) - 1) as Status;
        if (below(3) > 0) page.fail(faults[below(faults.length)], { times: 1, after: below(4) });
        await cycle(statuses);
        page.fail(undefined);
        if (below(8) === 0) restart();
        if (below(3) === 0) await expectTruth(statuses, cycle, shown, `turn ${turn}`);
      }
    });
  }
}

/** Nothing new comes, and nothing fails any more. */
async function expectTruth(
  statuses: Readonly<Record<string, Status>>,
  cycle: (statuses: Readonly<Record<string, Status>>) => Promise<void>,
  shown: () => readonly string[],
  turn: string,
): Promise<void> {
  for (let quiet = 0; quiet < 3; quiet++) await cycle(statuses);
  expect(shown(), turn).toEqual(truth(statuses));
}
