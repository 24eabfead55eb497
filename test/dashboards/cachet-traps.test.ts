/** The kind `cachet` where things go wrong, in both versions. */
import { expect, test } from 'vitest';
import { json } from '../../src/demo/reply.ts';
import { targetOf } from '../reporter/cast.ts';
import { cachetStage } from './cachet-stage.ts';

const whole = [[4, 'API is degraded.', 'API has an outage.', 'API is degraded.', 'API has recovered.']];

for (const version of [3, 2] as const) {
  for (const fault of ['reset-after-accept', 'bad-gateway-after-accept', 'reset-before-accept'] as const) {
    test(`version ${version}: whichever request is lost, nothing is doubled: ${fault}`, async () => {
      for (let after = 0; after < 9; after++) {
        const { walk, page, said, shown } = await cachetStage(version, ', retries: 1');
        page.fail(fault, { after, times: 1 });
        await walk(1, 2, 1, 0, 0);
        expect([after, said(), shown()]).toEqual([after, whole, [1]]);
      }
    });
  }

  test(`version ${version}: wherever the program is killed, nothing is doubled and nothing left open`, async () => {
    for (let after = 0; after < 9; after++) {
      const { walk, page, restart, said, shown } = await cachetStage(version, ', retries: 0');
      page.fail('reset-after-accept', { after, times: 1 });
      for (const status of [1, 1, 2, 2, 1, 1, 0, 0] as const) {
        await walk(status);
        restart();
      }
      expect([after, said(), shown()]).toEqual([after, whole, [1]]);
    }
  });

  for (const fault of ['reset-after-accept', 'reset-before-accept'] as const) {
    test(`version ${version}: what becomes ill again after an end that was not answered is seen: ${fault}`, async () => {
      for (let after = 0; after < 3; after++) {
        const more = ', retries: 0, message: {recovered: "{{component}} well at {{timestamp}}"}';
        const { walk, page, shown } = await cachetStage(version, more);
        await walk(1);
        page.fail(fault, { after, times: 1 });
        await walk(0, 1, 1);
        const open = page.incidents.filter(({ status }) => status !== 4);
        expect([after, open.length, shown()]).toEqual([after, 1, [2]]);
        await walk(0, 0);
        expect([after, page.incidents.filter(({ status }) => status !== 4), shown()]).toEqual([
          after,
          [],
          [1],
        ]);
      }
    });
  }

  test(`version ${version}: after the state is lost an incident of ours is taken over`, async () => {
    const { walk, forget, said } = await cachetStage(version);
    await walk(2);
    forget();
    await walk(2, 2);
    forget();
    await walk(0, 0);
    expect(said()).toEqual([[4, 'API has an outage.', 'API has recovered.']]);
  });

  for (const fault of ['garbage-answer', 'empty-answer', 'no-content'] as const) {
    test(`version ${version}: an answer without an id is looked up later: ${fault}`, async () => {
      const { walk, page, said } = await cachetStage(version);
      page.fail(fault, { times: 1 });
      await walk(1, 2, 0);
      expect(said()).toEqual([[4, 'API is degraded.', 'API has an outage.', 'API has recovered.']]);
    });
  }

  test(`version ${version}: the budget holds however much there is to tell`, async () => {
    const services = Array.from({ length: 150 }, (_, index) => `s${index}`);
    const { cycle, page } = await cachetStage(version, '', services);
    const all = (status: 0 | 2) => Object.fromEntries(services.map((name) => [name, status]));
    await cycle(all(2));
    await cycle(all(0));
    expect(page.incidents.filter(({ status }) => status !== 4)).toEqual([]);
    expect(page.requests.filter(({ answered }) => answered !== 200 && answered !== 201)).toEqual([]);
    const times = page.requests.map(({ timeMs }) => timeMs);
    const crowded = times.filter((timeMs, index) => (times[index + 300] ?? Infinity) - timeMs < 60_000);
    expect(crowded).toEqual([]);
  });

  test(`version ${version}: a component that is unknown is named and holds back nobody`, async () => {
    const { cycle, page, outcomes } = await cachetStage(version, '', ['api', 'web'], {
      components: [{ name: 'API' }],
    });
    await cycle({ web: 1, api: 1 });
    expect([...outcomes].sort()).toEqual([
      'api open 1: sent, reference 1',
      'web open 1: rejected, unknown_component: the page has no component named WEB; write its id under ids.page',
    ]);
    page.human.addComponent({ name: 'WEB' });
    await cycle({ web: 1, api: 1 });
    expect(outcomes.at(-1)).toBe('web open 1: sent, reference 2');
  });

  test(`version ${version}: an incident whose component is gone is fixed nevertheless`, async () => {
    const { walk, page, said, outcomes } = await cachetStage(version);
    await walk(1);
    page.human.removeComponent(1);
    await walk(0);
    expect(said()).toEqual([[4, 'API is degraded.', 'API has recovered.']]);
    expect(outcomes.at(-1)).toMatch(
      /^api close 1: sent, reference 1, its component could not be set: answered 4/,
    );
  });

  test(`version ${version}: a component that is there and is refused once is set by the next cycle`, async () => {
    const { walk, page, said, shown, outcomes } = await cachetStage(version, ', retries: 0');
    await walk(2);
    page.fail(json(422, { message: 'Not now.' }), { times: 1 });
    await walk(0);
    expect([said(), shown()]).toEqual([[[1, 'API has an outage.']], [4]]);
    await walk(0);
    expect([said(), shown()]).toEqual([[[4, 'API has an outage.', 'API has recovered.']], [1]]);
    expect(outcomes.slice(1)).toEqual([
      expect.stringMatching(/^api close 2: rejected, rejected: answered 422/),
      'api close 2: sent, reference 1',
    ]);
  });

  for (const fault of ['garbage-answer', 'huge-answer', 'escape-codes', 'redirect'] as const) {
    test(`version ${version}: hostile lists change nothing and say nothing: ${fault}`, async () => {
      const { walk, page, outcomes } = await cachetStage(version, ', retries: 0');
      page.failReads(fault);
      await walk(1);
      expect(page.incidents).toEqual([]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through.
      expect(outcomes.join()).not.toMatch(/[\u0000-\u001f]/);
      expect(page.trap.requests).toEqual([]);
      page.failReads(undefined);
      await walk(1, 0);
      expect(page.incidents.map(({ status }) => status)).toEqual([4]);
    });
  }

  test(`version ${version}: a wrong token is said, without the token`, async () => {
    const { walk, outcomes } = await cachetStage(version, '', ['api'], { token: 'another' });
    await walk(1);
    expect(outcomes[0]).toMatch(/^api open 1: rejected, unauthorized: answered 401/);
  });

  test(`version ${version}: it finds what is ours, and what is not`, async () => {
    const { cycle, page, find } = await cachetStage(version, '', ['api', 'web']);
    await cycle({ api: 1, web: 2 });
    await cycle({ api: 0, web: 2 });
    const theirs = page.human.open({ name: 'Disk', component: { id: 1, status: 3 } });
    const targets = [targetOf('api'), targetOf('web')];
    const found = await find(targets);
    expect(found).toEqual({
      ours: [{ target: targets[1], status: 2, reference: '2', sinceMs: Date.parse('2026-01-20T12:00:00Z') }],
      unowned: [{ reference: String(theirs), title: 'Disk' }],
    });
  });
}

test('version 3: a token without an ability is a refusal that says so', async () => {
  const { walk, outcomes } = await cachetStage(3, '', ['api'], { abilities: ['components.manage'] });
  await walk(1);
  expect(outcomes).toEqual(['api open 1: rejected, unauthorized: answered 403: Invalid ability provided.']);
});

test('version 3: 429 is waited out', async () => {
  const { walk, page, outcomes } = await cachetStage(3);
  page.fail(json(429, { message: 'Too Many Attempts.' }, { 'retry-after': '20' }), { times: 1 });
  await walk(1);
  expect(outcomes).toEqual(['api open 1: sent, reference 1']);
  const times = page.requests.filter(({ method }) => method === 'POST').map(({ timeMs }) => timeMs);
  expect(times.map((timeMs) => timeMs - (times[0] ?? 0))).toEqual([0, 20_000]);
});

test('version 3: a Cachet without metadata is told nevertheless, and an operator hears of it', async () => {
  const { walk, page, said, notes } = await cachetStage(3);
  page.failReads(json(400, { message: 'Requested include(s) `meta` are not allowed.' }), { times: 1 });
  await walk(1, 2, 0);
  expect(said()).toEqual([[4, 'API is degraded.', 'API has an outage.', 'API has recovered.']]);
  expect(notes).toContain('this Cachet does not tell whose an incident is: update it to 3.x with metadata');
});

test('a name with a comma finds its incident again', async () => {
  const { cycle, page, said } = await cachetStage(3, ', retries: 1', ['a,b/API', 'a/API']);
  await cycle({ 'a,b': 0, a: 0 });
  page.fail('reset-after-accept', { times: 1 });
  await cycle({ 'a,b': 1, a: 0 });
  await cycle({ 'a,b': 0, a: 0 });
  expect(said()).toEqual([[4, 'API is degraded.', 'API has recovered.']]);
  expect(page.incidents[0]?.meta).toMatchObject({ cloudmon_target: 'a%2Cb/production' });
});
