/** The kind `cachet` where several services are one component: it is as bad as the worst of them. */
import { expect, test } from 'vitest';
import type { Status } from '../../src/model/status.ts';
import { drawing } from '../chance.ts';
import { cachetStage } from './cachet-stage.ts';

const both = ['latency/API', 'errors/API'];
const severities = [1, 2, 4, 4];

for (const version of [3, 2] as const) {
  test(`version ${version}: the worse one that recovers leaves the component to the other`, async () => {
    const { cycle, page, said, restart } = await cachetStage(version, '', both);
    await cycle({ latency: 2, errors: 1 });
    restart();
    await cycle({ latency: 0, errors: 1 });
    expect(page.components.map(({ status }) => status)).toEqual([2]);
    await cycle({ latency: 0, errors: 0 });
    expect(page.components.map(({ status }) => status)).toEqual([1]);
    expect(said()).toEqual([
      [4, 'API has an outage.', 'API has recovered.'],
      [4, 'API is degraded.', 'API has recovered.'],
    ]);
  });

  test(`version ${version}: a milder one that begins, or becomes less bad, hides nothing`, async () => {
    const { cycle, page, shown } = await cachetStage(version, '', both);
    await cycle({ latency: 3, errors: 0 });
    await cycle({ latency: 3, errors: 1 });
    expect(shown()).toEqual([4]);
    await cycle({ latency: 3, errors: 2 });
    await cycle({ latency: 3, errors: 1 });
    expect(shown()).toEqual([4]);
    expect(page.components.map(({ status }) => status)).toEqual([4]);
  });

  test(`version ${version}: those that begin together are opened as bad as the worst`, async () => {
    const { cycle, page, shown } = await cachetStage(version, '', [...both, 'web']);
    await cycle({ latency: 2, errors: 1, web: 1 });
    expect(shown()).toEqual([4, 2]);
    expect(page.incidents.map(({ component }) => component?.status)).toEqual([4, 4, 2]);
  });

  test(`version ${version}: one whose incident a human has closed counts no more`, async () => {
    const { cycle, page } = await cachetStage(version, '', both);
    await cycle({ latency: 3, errors: 1 });
    page.human.update(1, 4, 'Done');
    await cycle({ latency: 3, errors: 2 });
    await cycle({ latency: 3, errors: 1 });
    expect(page.components.map(({ status }) => status)).toEqual([2]);
    await cycle({ latency: 3, errors: 0 });
    expect(page.components.map(({ status }) => status)).toEqual([1]);
  });

  test(`version ${version}: the component of what a human has closed is left to the other`, async () => {
    const { cycle, page } = await cachetStage(version, '', both);
    await cycle({ latency: 2, errors: 0 });
    await cycle({ latency: 3, errors: 1 });
    page.human.update(1, 4, 'Done');
    await cycle({ latency: 0, errors: 1 });
    expect(page.components.map(({ status }) => status)).toEqual([2]);
  });

  test(`version ${version}: one that begins anew, worse than a human has closed it, counts at once`, async () => {
    const { cycle, page } = await cachetStage(version, '', both);
    await cycle({ latency: 1, errors: 2 });
    page.human.update(1, 4, 'Done');
    await cycle({ latency: 3, errors: 1 });
    expect(page.incidents.map(({ status }) => status)).toEqual([4, 1, 1]);
    expect(page.components.map(({ status }) => status)).toEqual([4]);
  });

  for (const seed of [1, 2]) {
    test(`version ${version}: whatever comes and is lost, the worst is shown (seed ${seed})`, async () => {
      const below = drawing(seed);
      const { cycle, page, restart } = await cachetStage(version, '', [...both, 'web']);
      const truth = version === 2 ? () => undefined : truthOf3(page);
      const statuses: Record<string, Status> = { latency: 0, errors: 0, web: 0 };
      for (let turn = 0; turn < 150; turn++) {
        const before = { ...statuses };
        for (const name of Object.keys(statuses)) if (below(3) === 0) statuses[name] = below(4) as Status;
        if (below(4) === 0) page.fail('reset-after-accept', { times: 1 });
        await cycle(statuses);
        if (below(5) === 0) restart();
        const worst = worstOf(statuses);
        expect(
          page.components.map(({ id }) => page.shown(id)),
          `turn ${turn}`,
        ).toEqual(truth(worst) ?? worst);
        if (version === 3) expectOwn(page, before, statuses, `turn ${turn}`);
      }
      expect(page.incidents.filter(({ status }) => status !== 4)).toHaveLength(
        Object.values(statuses).filter((status) => status > 0).length,
      );
    });
  }
}

type Page = Awaited<ReturnType<typeof cachetStage>>['page'];

const servicesOf = [['latency', 'errors'], ['web']];

/** What each component is to show. */
function worstOf(statuses: Readonly<Record<string, Status>>): readonly number[] {
  return servicesOf.map((names) => severities[Math.max(...names.map((name) => statuses[name] ?? 0))] ?? 0);
}

/** Until it is fixed, an incident of Cachet 3 says of its component what it said when it began; the newest is shown. */
function truthOf3(page: Page): (worst: readonly number[]) => readonly number[] {
  const began = new Map<number, number | undefined>();
  return (worst) => {
    for (const { id, component } of page.incidents) {
      if (!began.has(id)) began.set(id, worst[(component?.id ?? 0) - 1]);
    }
    const open = page.incidents.filter(({ status }) => status !== 4);
    return page.components.map(({ id }) => {
      const newest = open.filter(({ component }) => component?.id === id).at(-1);
      return newest ? (began.get(newest.id) ?? 0) : 1;
    });
  };
}

/** The component's own status is set with every change, and not by an incident that begins. */
function expectOwn(
  page: Page,
  before: Readonly<Record<string, Status>>,
  now: Readonly<Record<string, Status>>,
  turn: string,
): void {
  for (const [at, names] of servicesOf.entries()) {
    const known = names.filter((name) => before[name] !== 0);
    if (known.every((name) => before[name] === now[name])) continue;
    const old = severities[Math.max(...known.map((name) => now[name] ?? 0))];
    expect([old, worstOf(now)[at]], turn).toContain(page.components[at]?.status);
  }
}

test('an id and a name may be one component, too', async () => {
  const services = ['latency/API', 'errors/Errors/1'];
  const { cycle, shown } = await cachetStage(2, '', services, { components: [{ name: 'API' }] });
  await cycle({ latency: 1, errors: 2 });
  expect(shown()).toEqual([4]);
  await cycle({ latency: 1, errors: 0 });
  expect(shown()).toEqual([2]);
});

test('version 2: a human’s incident keeps the component when one of ours is over', async () => {
  const { cycle, page } = await cachetStage(2, '', both);
  await cycle({ latency: 2, errors: 1 });
  page.human.open({ name: 'Disk', component: { id: 1, status: 3 } });
  page.human.setComponent(1, 3);
  await cycle({ latency: 0, errors: 1 });
  expect(page.components.map(({ status }) => status)).toEqual([3]);
});
