/** The kind `statuspage` where several services are one component: it is as bad as the worst of them. */
import { expect, test } from 'vitest';
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

const words = ['operational', 'degraded_performance', 'major_outage', 'major_outage'];

for (const show of ['incidents', 'components']) {
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
        const api = Math.max(statuses['latency'] ?? 0, statuses['errors'] ?? 0);
        expect(shown(), `turn ${turn}`).toEqual([
          `API: ${words[api]}`,
          `WEB: ${words[statuses['web'] ?? 0]}`,
        ]);
      }
    });
  }
}
