/** The kind `statuspage` where humans end our incidents, or have incidents of their own: what components show. */
import { expect, test } from 'vitest';
import type { Status } from '../../src/model/status.ts';
import { statuspageStage } from './statuspage-stage.ts';

const api = 'cmp000000001';
const closed = 'api close';
const byOthers = 'known, the incident was closed by somebody else';

type Page = Awaited<ReturnType<typeof statuspageStage>>['page'];

const ends: readonly (readonly [string, (page: Page) => void])[] = [
  ['resolved', (page) => page.human.change('inc000000001', { status: 'resolved' })],
  ['removed', (page) => page.human.remove('inc000000001')],
];

const paths: readonly (readonly [before: readonly Status[], after: readonly Status[]])[] = [
  [[2], [0]],
  [[2], [1, 0]],
  [[1, 2], [0]],
  [[2, 1], [0]],
];

for (const [how, end] of ends) {
  for (const [before, after] of paths) {
    test(`the component of what a human has ${how} is well with its target: ${before} then ${after}`, async () => {
      const { walk, page, outcomes, shown, asked } = await statuspageStage();
      await walk(...before);
      end(page);
      await walk(...after);
      expect(shown()).toEqual(['API: operational']);
      expect(outcomes.at(-1)).toMatch(new RegExp(`^${closed} \\d: ${byOthers}$`));
      expect(asked().at(-1)).toBe(`PATCH /components/${api} {"component":{"status":"operational"}}`);
      expect(page.incidents.filter(({ status }) => status !== 'resolved')).toEqual([]);
    });
  }

  test(`a component that a human has set after what was ${how} stays so`, async () => {
    const { walk, page, shown, asked } = await statuspageStage();
    await walk(2);
    end(page);
    page.human.setComponent(api, 'partial_outage');
    await walk(0);
    expect(shown()).toEqual(['API: partial_outage']);
    page.human.setComponent(api, 'operational');
    asked();
    await walk(2);
    end(page);
    page.human.change('inc000000002', { status: 'resolved', components: { [api]: 'operational' } });
    await walk(0);
    expect(asked().filter((line) => line.startsWith('PATCH'))).toEqual([]);
  });

  test(`a component of what was ${how} stays as it is while another open incident lists it`, async () => {
    const { walk, page, shown } = await statuspageStage();
    await walk(2);
    end(page);
    page.human.open({ name: 'Disk', component_ids: [api] });
    await walk(0);
    expect(shown()).toEqual(['API: major_outage']);
  });

  test(`of two targets the one whose incident is open keeps the component after the other was ${how}`, async () => {
    const { cycle, page, shown } = await statuspageStage('', ['api', 'web/API']);
    await cycle({ api: 2, web: 0 });
    await cycle({ api: 2, web: 2 });
    end(page);
    await cycle({ api: 0, web: 2 });
    expect(shown()).toEqual(['API: major_outage']);
    await cycle({ api: 0, web: 0 });
    expect(shown()).toEqual(['API: operational']);
  });

  for (const fault of ['reset-before-accept', 'reset-after-accept'] as const) {
    test(`the component of what was ${how} is well after an answer that was lost, too: ${fault}`, async () => {
      const { walk, page, shown } = await statuspageStage(', retries: 0');
      await walk(2);
      end(page);
      page.fail(fault, { times: 1 });
      await walk(0, 0);
      expect(shown()).toEqual(['API: operational']);
    });
  }

  test(`a component that cannot be set after what was ${how} holds back nobody`, async () => {
    const { cycle, page, outcomes } = await statuspageStage('', ['api', 'web']);
    await cycle({ api: 2, web: 0 });
    end(page);
    page.fail('status-422', { times: 1 });
    await cycle({ api: 0, web: 1 });
    expect([...outcomes].sort()).toEqual([
      expect.stringMatching(/^api close 2: rejected, rejected: answered 422/),
      'api open 2: sent, reference inc000000001',
      'web open 1: sent, reference inc000000002',
    ]);
  });
}

test('a component that is bad in a human’s incident is not made milder by ours', async () => {
  const { walk, page, shown, asked } = await statuspageStage();
  page.human.open({ name: 'Disk', components: { [api]: 'major_outage' } });
  await walk(1);
  expect(asked().at(-1)).not.toMatch(/"components":/);
  expect(page.incidents[1]).toMatchObject({ componentIds: [api], impactOverride: 'minor' });
  await walk(2, 1, 0);
  expect(shown()).toEqual(['API: major_outage']);
});

test('a component that is less bad in a human’s incident is as bad as ours', async () => {
  const { walk, page, shown } = await statuspageStage();
  page.human.open({ name: 'Disk', components: { [api]: 'degraded_performance' } });
  await walk(2);
  expect(shown()).toEqual(['API: major_outage']);
});

test('what is said again about a component does not make it milder either', async () => {
  const { walk, page, shown } = await statuspageStage(', repeat_interval: 1m');
  await walk(1);
  page.human.open({ name: 'Disk', components: { [api]: 'major_outage' } });
  await walk(1, 1);
  expect(shown()).toEqual(['API: major_outage']);
});

test('what opens less bad than another target of its component leaves it as that needs it', async () => {
  const { cycle, shown } = await statuspageStage('', ['api', 'web/API']);
  await cycle({ api: 2, web: 0 });
  await cycle({ api: 2, web: 1 });
  expect(shown()).toEqual(['API: major_outage']);
  await cycle({ api: 0, web: 1 });
  expect(shown()).toEqual(['API: degraded_performance']);
});
