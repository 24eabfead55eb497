/** What Cachet does not show: version 2 the older incidents, version 3 a new severity. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { limits } from '../../src/model/limits.ts';
import { targetOf } from '../reporter/cast.ts';
import { cachetStage } from './cachet-stage.ts';
import { watchedTargets } from './watched-targets.ts';

const foreign = { name: 'human', message: 'human', status: 1, visible: 1, stickied: false };

async function many(component?: number) {
  const on = await cachetStage(2, ', retries: 0');
  const { page } = on;
  const other = page.human.addComponent({ name: 'OTHER' });
  const crowd = () => {
    for (let at = 0; at < 120; at++) {
      page.human.open({ ...foreign, component: { id: component ?? other, status: 2 } });
    }
  };
  const posted = () => page.requests.filter(({ method }) => method === 'POST').length;
  return { ...on, crowd, posted, ours: () => page.incidents.filter(({ name }) => name !== 'human') };
}

test('an open that is in doubt is found among the older ones, and nothing is opened twice', async () => {
  const { walk, page, crowd, ours, outcomes } = await many();
  page.fail('reset-after-accept', { times: 1 });
  await walk(2);
  crowd();
  await walk(2, 0);
  expect(ours().map(({ status }) => status)).toEqual([4]);
  expect(outcomes.slice(1)).toEqual(['api open 2: known, reference 1', 'api close 2: sent, reference 1']);
});

test('where not even that can be seen, nothing is opened in doubt, and it is said', async () => {
  const { walk, page, crowd, ours, outcomes } = await many(1);
  page.fail('reset-after-accept', { times: 1 });
  await walk(2);
  crowd();
  await walk(2);
  expect(ours()).toHaveLength(1);
  expect(outcomes.slice(1)).toEqual([
    expect.stringContaining('100 incidents or more of component 1 are open'),
  ]);
});

test('a component that an older incident of others lists is not called well', async () => {
  const { walk, page, crowd, ours, shown } = await many();
  page.human.open({ ...foreign, component: { id: 1, status: 3 } });
  await walk(2);
  crowd();
  await walk(0);
  expect(ours().map(({ status }) => status)).toEqual([4]);
  expect(shown()[0]).toBe(4);
});

test('what is ours is found among the older ones, page by page, and each of the others once', async () => {
  const { walk, crowd, notes, find } = await many();
  await walk(2);
  crowd();
  const { ours, unowned } = await find([targetOf('api')]);
  expect(ours.map(({ reference }) => reference)).toEqual(['1']);
  expect(new Set(unowned.map(({ reference }) => reference)).size).toBe(120);
  expect(unowned).toHaveLength(120);
  expect(notes).toEqual([]);
});

test('an operator hears that not all is seen', async () => {
  const { walk, crowd, notes, page } = await many();
  const rows = limits.dashboardPagesMax * 100;
  for (let at = 0; at < rows; at++) page.human.open({ ...foreign, status: 4 });
  crowd();
  await walk(0);
  expect(notes).toEqual([expect.stringContaining('more incidents are open than Cachet 2 shows')]);
  expect(page.requests.filter(({ rawUrl }) => /[?&]page=\d+/.test(rawUrl))).toHaveLength(
    limits.dashboardPagesMax,
  );
});

test('an old page that cannot be read hides no newer one, keeps nobody waiting, and is said', async () => {
  const { walk, crowd, outcomes, notes, page, find, restart } = await many();
  page.human.open({ ...foreign, status: 4, message: 'x'.repeat(limits.answerBytesMax) });
  for (let at = 0; at < 100; at++) page.human.open({ ...foreign, status: 4 });
  await walk(2);
  crowd();
  restart();
  const before = page.requests.length;
  await walk(2, 0);
  const paged = page.requests.slice(before).filter(({ rawUrl }) => /incidents.*[?&]page=\d+/.test(rawUrl));
  expect(paged).toHaveLength(3);
  expect(outcomes).toEqual(['api open 2: sent, reference 102', 'api close 2: sent, reference 102']);
  expect(notes).toEqual([expect.stringMatching(/^the older incidents of Cachet 2 cannot be read: .*; /)]);
  page.human.change(102, { status: 1 });
  expect((await find([targetOf('api')])).ours.map(({ reference }) => reference)).toEqual(['102']);
});

test('a look at the older ones that is stopped is not taken for one that saw them', async () => {
  const { crowd, notes, page, deliveries } = await many();
  crowd();
  const { dashboard, ledger, policy } = deliveries().parts;
  if (!dashboard.tellsTogether) throw new Error('it looks for nothing');
  const stopping = new AbortController();
  page.failReads('hang', { after: 3 });
  const looked = dashboard.find([targetOf('api')], stopping.signal, ledger.known(policy));
  while (!page.requests.some(({ rawUrl }) => rawUrl.includes('page=1&'))) await turn();
  stopping.abort();
  await expect(looked).rejects.toMatchObject({ reason: 'stopped' });
  expect(notes).toEqual([]);
});

for (const version of [3, 2] as const) {
  test(`version ${version}: however much is ours, each target is looked at once`, async () => {
    const services = Array.from({ length: 20 }, (_, index) => `s${index}`);
    const { cycle, find } = await cachetStage(version, '', services);
    await cycle(Object.fromEntries(services.map((name) => [name, 2])));
    const { targets, looks } = watchedTargets(services);
    const { ours } = await find(targets);
    expect(ours.map(({ target }) => target.key).sort()).toEqual(targets.map(({ key }) => key).sort());
    expect(looks()).toBe(targets.length);
  });
}

test('version 3: that a new severity is not shown is said once', async () => {
  const { walk, notes } = await cachetStage(3);
  await walk(2, 2);
  expect(notes).toEqual([]);
  await walk(1, 2, 1, 0, 2, 1, 0);
  expect(notes).toEqual([expect.stringContaining('Cachet 3 shows a component as it was')]);
});
