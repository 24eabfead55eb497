/** The kind `statuspage` where things go wrong: nothing is lost, nothing is doubled, nobody else is held back. */
import { expect, test } from 'vitest';
import { json } from '../../src/demo/reply.ts';
import { targetOf } from '../reporter/cast.ts';
import { statuspageStage } from './statuspage-stage.ts';
import { watchedTargets } from './watched-targets.ts';

test('after a restart in the middle nothing is opened again, and what has recovered is resolved', async () => {
  const { walk, page, restart } = await statuspageStage();
  await walk(1);
  restart();
  await walk(1, 2);
  restart();
  await walk(0);
  expect(page.incidents.map(({ status, updates }) => [status, updates.length])).toEqual([['resolved', 3]]);
});

test('after the state is lost an incident of ours is taken over', async () => {
  const { walk, page, forget } = await statuspageStage();
  await walk(2);
  forget();
  await walk(2);
  expect(page.incidents[0]?.updates).toHaveLength(1);
  forget();
  await walk(0, 0);
  expect(page.incidents.map(({ status }) => status)).toEqual(['resolved']);
});

test('after the state is lost and nothing can be read, nothing is opened blindly', async () => {
  const { walk, page, forget } = await statuspageStage();
  await walk(1);
  forget();
  page.failReads('status-500');
  await walk(1);
  expect(page.incidents).toHaveLength(1);
  page.failReads(undefined);
  await walk(1, 0);
  expect(page.incidents.map(({ status }) => status)).toEqual(['resolved']);
});

for (const fault of ['reset-after-accept', 'bad-gateway-after-accept', 'hang-after-accept'] as const) {
  test(`lost answers double nothing: ${fault}`, async () => {
    const { walk, page, shown } = await statuspageStage(', timeout: 300ms, retries: 1');
    for (const status of [1, 2, 1, 0] as const) {
      page.fail(fault, { times: 1 });
      await walk(status);
    }
    expect(page.incidents.map(({ status, updates }) => [status, updates.map(({ body }) => body)])).toEqual([
      ['resolved', ['API is degraded.', 'API has an outage.', 'API is degraded.', 'API has recovered.']],
    ]);
    expect(shown()).toEqual(['API: operational']);
  });
}

for (const fault of ['reset-after-accept', 'reset-before-accept'] as const) {
  test(`what becomes ill again after an end that was not answered is seen: ${fault}`, async () => {
    const { walk, page, open, shown } = await statuspageStage(', retries: 0');
    await walk(1);
    page.fail(fault, { times: 1 });
    await walk(0, 1, 1);
    expect([open().length, shown()]).toEqual([1, ['API: degraded_performance']]);
    await walk(0, 0);
    expect([open(), shown()]).toEqual([[], ['API: operational']]);
  });
}

test('an answer that was lost before the program was killed doubles nothing', async () => {
  const { walk, page, restart } = await statuspageStage(', retries: 0');
  page.fail('reset-after-accept', { times: 1 });
  await walk(1);
  restart();
  await walk(1, 0);
  expect(page.incidents.map(({ status, updates }) => [status, updates.length])).toEqual([['resolved', 2]]);
});

test('what was opened, and recovered before anybody knew, is resolved', async () => {
  const { walk, page } = await statuspageStage(', retries: 0');
  page.fail('reset-after-accept', { times: 1 });
  await walk(1, 0);
  expect(page.incidents.map(({ status }) => status)).toEqual(['resolved']);
});

for (const fault of ['garbage-answer', 'empty-answer', 'no-content', 'huge-answer'] as const) {
  test(`an answer without an id is looked up later: ${fault}`, async () => {
    const { walk, page, outcomes } = await statuspageStage();
    page.fail(fault, { times: 1 });
    await walk(1, 2, 0);
    expect(outcomes).toEqual([
      'api open 1: sent',
      'api change 2: sent, reference inc000000001',
      'api close 2: sent, reference inc000000001',
    ]);
    expect(page.incidents.map(({ status }) => status)).toEqual(['resolved']);
  });
}

for (const status of [420, 429]) {
  test(`${status} is waited out`, async () => {
    const { walk, page, outcomes } = await statuspageStage();
    page.fail(json(status, { error: 'Rate limit exceeded' }, { 'retry-after': '10' }), { times: 1 });
    await walk(1);
    expect(outcomes).toEqual(['api open 1: sent, reference inc000000001']);
    const times = page.requests.filter(({ method }) => method === 'POST').map(({ timeMs }) => timeMs);
    expect(times.map((timeMs) => timeMs - (times[0] ?? 0))).toEqual([0, 10_000]);
  });
}

test('the budget holds however much there is to tell', async () => {
  const services = Array.from({ length: 40 }, (_, index) => `s${index}`);
  const { cycle, page, open } = await statuspageStage('', services);
  const all = (status: 0 | 1 | 2) => Object.fromEntries(services.map((name) => [name, status]));
  // Each begins alone, so that each has an incident of its own.
  for (const name of services) await cycle({ ...all(0), [name]: 1 });
  await cycle(all(2));
  await cycle(all(0));
  await cycle(all(0));
  expect(open()).toEqual([]);
  expect(page.requests.filter(({ answered }) => answered === 420)).toEqual([]);
});

test('a component that is unknown is named, holds back nobody, and is told from the next look on', async () => {
  const { cycle, page, outcomes, asked } = await statuspageStage('', ['api', 'web'], {
    components: [{ name: 'API' }],
  });
  await cycle({ api: 1, web: 1 });
  expect(outcomes).toEqual([
    'web open 1: rejected, unknown_component: the page has no component named WEB; write its id under ids.page',
    'api open 1: sent, reference inc000000001',
  ]);
  expect(asked().filter((line) => line.startsWith('GET /components'))).toHaveLength(1);
  page.human.addComponent({ name: 'WEB' });
  await cycle({ api: 1, web: 1 });
  expect(outcomes.at(-1)).toBe('web open 1: sent, reference inc000000002');
});

test('of two components with one name the same one is always used, and an operator is told', async () => {
  const { walk, page, notes } = await statuspageStage('', ['api'], {
    components: [
      { name: 'API', id: 'zzz' },
      { name: 'API', id: 'aaa' },
      { name: 'API', id: 'group', group: true },
    ],
  });
  await walk(1);
  expect(page.incidents[0]?.componentIds).toEqual(['aaa']);
  expect(notes).toEqual(['2 components are named API; aaa is used: write the id under ids.page']);
});

test('components and incidents are read page by page', async () => {
  const others = Array.from({ length: 250 }, (_, index) => ({ name: `Other ${index}` }));
  const { walk, page, forget } = await statuspageStage('', ['api'], {
    components: [...others, { name: 'API' }],
  });
  await walk(1);
  for (let index = 0; index < 150; index++) page.human.open({ name: `Theirs ${index}` });
  forget();
  await walk(1, 0);
  expect(page.incidents.filter(({ status }) => status === 'resolved').map(({ id }) => id)).toEqual([
    'inc000000001',
  ]);
});

test('a list of components that fails at the start delays, and loses nothing', async () => {
  const { walk, page, outcomes } = await statuspageStage();
  page.failReads('status-500');
  await walk(1);
  expect(outcomes).toEqual(['api open 1: failed, failed: answered 500: fault: 500']);
  page.failReads(undefined);
  await walk(1);
  expect(outcomes.at(-1)).toBe('api open 1: sent, reference inc000000001');
});

test('one that the page refuses does not hold back the others', async () => {
  const { cycle, page, outcomes } = await statuspageStage('', ['api', 'web'], {});
  await cycle({ api: 0, web: 0 });
  page.fail('status-422', { times: 2 });
  await cycle({ api: 1, web: 1 });
  expect(outcomes).toEqual([
    'api open 1: rejected, rejected: answered 422: fault: 422',
    'web open 1: sent, reference inc000000001',
  ]);
});

test('a page that is away is asked about one, not about all', async () => {
  const { cycle, page, outcomes } = await statuspageStage(', retries: 0', ['api', 'web', 'shop']);
  await cycle({ api: 1, web: 0, shop: 0 });
  await cycle({ api: 1, web: 1, shop: 0 });
  const before = page.requests.length;
  page.failReads('reset-before-accept');
  page.fail('reset-before-accept');
  await cycle({ api: 2, web: 2, shop: 1 });
  expect(page.requests.length - before).toBe(1);
  expect(outcomes.slice(2).filter((line) => /: failed, unreachable: /.test(line))).toHaveLength(3);
  page.failReads(undefined);
  page.fail(undefined);
  await cycle({ api: 2, web: 2, shop: 1 });
  expect(page.incidents.map(({ updates }) => updates.length)).toEqual([2, 2, 1]);
});

for (const fault of ['garbage-answer', 'huge-answer', 'escape-codes', 'html-error', 'redirect'] as const) {
  test(`hostile lists change nothing and say nothing: ${fault}`, async () => {
    const { walk, page, outcomes, notes } = await statuspageStage(', retries: 0');
    page.failReads(fault);
    await walk(1);
    expect(page.incidents).toEqual([]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through.
    expect([...outcomes, ...notes].join()).not.toMatch(/[\u0000-\u001f]/);
    expect(page.trap.requests).toEqual([]);
    page.failReads(undefined);
    await walk(1, 0);
    expect(page.incidents.map(({ status }) => status)).toEqual(['resolved']);
  });
}

test('lists that are not what they should be are garbled, and odd elements are left out', async () => {
  const { walk, page, outcomes } = await statuspageStage(', retries: 0');
  await walk(0);
  page.failReads(json(200, { components: [] }), { times: 1 });
  await walk(1);
  expect(outcomes).toEqual(['api open 1: rejected, garbled: the answer is no list of components']);
  page.failReads(json(200, [null, 1, { id: '../x', name: 'API' }, { id: 'cmp000000001', name: 'API' }]), {
    times: 1,
  });
  await walk(1);
  expect(outcomes.at(-1)).toBe('api open 1: sent, reference inc000000001');
});

test('a wrong key is said, without the key', async () => {
  const { walk, outcomes } = await statuspageStage('', ['api'], { apiKey: 'another' });
  await walk(1);
  expect(outcomes).toEqual(['api open 1: rejected, unauthorized: answered 401: Could not authenticate']);
});

test('it finds what is ours, and what is not', async () => {
  const { cycle, page, find } = await statuspageStage('', ['api', 'web']);
  await cycle({ api: 1, web: 3 });
  await cycle({ api: 0, web: 3 });
  const theirs = page.human.open({ name: 'Disk' });
  const other = page.human.open({
    name: 'Another reporter',
    metadata: { cloudmon_reporter: { id: 'other', targets: [] } },
  });
  const targets = [targetOf('api'), targetOf('web')];
  const found = await find(targets);
  expect(found).toEqual({
    ours: [
      {
        target: targets[1],
        status: 3,
        reference: 'inc000000001',
        sinceMs: Date.parse('2026-01-20T12:00:00Z'),
      },
    ],
    unowned: [
      { reference: other, title: 'Another reporter' },
      { reference: theirs, title: 'Disk' },
    ],
  });
});

test('however much is ours, no target is compared with each of it', async () => {
  const services = Array.from({ length: 20 }, (_, index) => `s${index}`);
  const { cycle, find } = await statuspageStage('', services);
  for (const at of services.keys()) {
    await cycle(Object.fromEntries(services.map((name, index) => [name, index <= at ? 2 : 0])));
  }
  const { targets, looks } = watchedTargets(services);
  const { ours } = await find(targets);
  expect(ours.map(({ target }) => target.key).sort()).toEqual(targets.map(({ key }) => key).sort());
  expect(new Set(ours.map(({ reference }) => reference)).size).toBe(services.length);
  expect(looks()).toBeLessThanOrEqual(targets.length);
});
