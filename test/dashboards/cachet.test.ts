/** The kind `cachet`: what it asks and sends in each version, whole, and what people see then. */
import { expect, test } from 'vitest';
import { cachetStage } from './cachet-stage.ts';

const components = 'GET /components?page=1&per_page=100';
const open3 = 'GET /incidents?filter[status]=0,1,2,3&include=meta,components&page=1&per_page=100';
const open2 = [1, 2, 3].map((status) => `GET /incidents?status=${status}&sort=id&order=desc&per_page=100`);
const meta = (since: string) =>
  `"meta":{"cloudmon_reporter":"cloudmon-reporter","cloudmon_target":"api/production","cloudmon_since":"${since}"}`;

test('a walk on version 3 is an incident that is opened, changed twice and fixed, and then another one', async () => {
  const { walk, asked, outcomes, shown } = await cachetStage(3);
  await walk(0, 1, 2, 1, 0, 1, 0);
  const opening = (since: string) =>
    `POST /incidents {"name":"Problem with API","status":1,"message":"API is degraded.","visible":true,"notifications":false,"components":[{"id":1,"status":2}],${meta(since)}}`;
  const closing = (id: number) => [
    `GET /incidents/${id}?include=updates,components`,
    'PUT /components/1 {"status":1}',
    `POST /incidents/${id}/updates {"status":4,"message":"API has recovered."}`,
    `PUT /incidents/${id} {"status":4}`,
  ];
  expect(asked()).toEqual([
    open3,
    components,
    opening('2026-01-20T12:01:00Z'),
    'GET /incidents/1?include=updates,components',
    'PUT /components/1 {"status":4}',
    'POST /incidents/1/updates {"status":1,"message":"API has an outage."}',
    'GET /incidents/1?include=updates,components',
    'PUT /components/1 {"status":2}',
    'POST /incidents/1/updates {"status":1,"message":"API is degraded."}',
    ...closing(1),
    opening('2026-01-20T12:05:00Z'),
    ...closing(2),
  ]);
  expect(outcomes).toEqual(walked);
  expect(shown()).toEqual([1]);
});

test('a walk on version 2 sends the component with its status at every change', async () => {
  const { walk, asked, outcomes, shown } = await cachetStage(2);
  await walk(0, 1, 2, 1, 0, 1, 0);
  const opening = (since: string) =>
    `POST /incidents {"name":"Problem with API","message":"API is degraded.","status":1,"visible":1,"component_id":1,"component_status":2,"notify":false,"stickied":false,${meta(since)}}`;
  const setting = (id: number, status: number) =>
    `PUT /incidents/${id} {"status":1,"visible":1,"stickied":false,"notify":false,"component_id":1,"component_status":${status}}`;
  const closing = (id: number) => [
    `GET /incidents/${id}`,
    ...open2,
    setting(id, 1),
    `POST /incidents/${id}/updates {"status":4,"message":"API has recovered."}`,
  ];
  expect(asked()).toEqual([
    ...open2,
    components,
    opening('2026-01-20T12:01:00Z'),
    'GET /incidents/1',
    setting(1, 4),
    'POST /incidents/1/updates {"status":1,"message":"API has an outage."}',
    'GET /incidents/1',
    setting(1, 2),
    'POST /incidents/1/updates {"status":1,"message":"API is degraded."}',
    ...closing(1),
    opening('2026-01-20T12:05:00Z'),
    ...closing(2),
  ]);
  expect(outcomes).toEqual(walked);
  expect(shown()).toEqual([1]);
});

const walked = [
  'api open 1: sent, reference 1',
  'api change 2: sent, reference 1',
  'api change 1: sent, reference 1',
  'api close 1: sent, reference 1',
  'api open 1: sent, reference 2',
  'api close 1: sent, reference 2',
];

test('the token is shown as each version wants it', async () => {
  const newer = await cachetStage(3);
  await newer.walk(1);
  expect(newer.page.requests.map(({ headers }) => headers.authorization)).toEqual(
    Array(3).fill('Bearer token'),
  );
  const older = await cachetStage(2);
  await older.walk(1);
  const shown = older.page.requests.map(({ headers }) => headers['x-cachet-token']);
  expect(shown).toEqual(Array(shown.length).fill('token'));
});

for (const version of [3, 2] as const) {
  test(`version ${version}: several targets of one cycle have incidents of their own, and recover apart`, async () => {
    const { cycle, said, shown } = await cachetStage(version, '', ['api', 'web']);
    await cycle({ api: 1, web: 2 });
    expect(shown()).toEqual([2, 4]);
    await cycle({ api: 0, web: 2 });
    expect(shown()).toEqual([1, 4]);
    expect(said()).toEqual([
      [4, 'API is degraded.', 'API has recovered.'],
      [1, 'WEB has an outage.'],
    ]);
  });

  test(`version ${version}: texts, severities, notices and visibility are the configured ones`, async () => {
    const texts = 'title: "{{component}} down", message: {outage: "{{word}}", recovered: done}';
    const { walk, page, said, shown } = await cachetStage(
      version,
      `, ${texts}, severity: {2: 3}, notify: true, visible: false`,
    );
    await walk(2);
    expect(shown()).toEqual([3]);
    expect(page.incidents[0]).toMatchObject({ name: 'API down', visible: 0, notifications: true });
    await walk(0);
    expect(said()).toEqual([[4, 'outage', 'done']]);
    expect(page.incidents[0]).toMatchObject({ visible: 0 });
  });

  test(`version ${version}: a human’s progress and pin stay as they are`, async () => {
    const { walk, page } = await cachetStage(version);
    await walk(1);
    page.human.change(1, { status: 3, stickied: true });
    await walk(2);
    expect(page.incidents[0]).toMatchObject({ status: 3, stickied: true });
  });

  for (const [how, close] of [
    ['fixed', (page) => page.human.update(1, 4, 'Done')],
    ['removed', (page) => page.human.remove(1)],
  ] satisfies [string, (page: Awaited<ReturnType<typeof cachetStage>>['page']) => void][]) {
    test(`version ${version}: what a human has ${how} stays so until it has recovered`, async () => {
      const { walk, page, outcomes, shown } = await cachetStage(version);
      await walk(1, 2);
      close(page);
      await walk(2, 1, 1);
      expect(page.incidents.filter(({ status }) => status !== 4)).toEqual([]);
      await walk(2, 0, 1);
      expect(outcomes.slice(-2)).toEqual([
        expect.stringMatching(/^api close \d: /),
        expect.stringMatching(/^api open 1: sent, reference \d$/),
      ]);
      await walk(0);
      expect(shown()).toEqual([1]);
    });

    test(`version ${version}: the component of what a human has ${how} is well with its target`, async () => {
      const { walk, page, shown } = await cachetStage(version);
      await walk(1, 2);
      close(page);
      await walk(2, 0);
      expect(shown()).toEqual([1]);
    });

    test(`version ${version}: the component of what a human has ${how} is well, however bad it had been`, async () => {
      const { walk, page, outcomes } = await cachetStage(version);
      await walk(1, 2);
      close(page);
      await walk(1, 0);
      expect(page.components.map(({ status }) => status)).toEqual([1]);
      expect(outcomes.at(-1)).toBe('api close 1: known, the incident was closed by somebody else');
    });

    for (const fault of ['reset-before-accept', 'reset-after-accept'] as const) {
      test(`version ${version}: the component of what a human has ${how} is well after ${fault}, too`, async () => {
        const { walk, page } = await cachetStage(version, ', retries: 0');
        await walk(1, 2);
        close(page);
        page.fail(fault, { times: 1 });
        await walk(1, 0, 0);
        expect(page.components.map(({ status }) => status)).toEqual([1]);
      });
    }

    test(`version ${version}: a component that a human has set after what was ${how} stays so`, async () => {
      const { walk, page, shown } = await cachetStage(version);
      await walk(1, 2);
      close(page);
      page.human.setComponent(1, 3);
      await walk(2, 0);
      expect(shown()).toEqual([3]);
    });

    test(`version ${version}: what a human has ${how} and becomes worse is a new incident`, async () => {
      const { walk, page, outcomes } = await cachetStage(version);
      await walk(1);
      close(page);
      await walk(2);
      expect(outcomes.at(-1)).toBe('api change 2: sent, reference 2');
    });
  }

  test(`version ${version}: a human’s incident is left alone`, async () => {
    const { walk, page, shown } = await cachetStage(version);
    const theirs = page.human.open({ name: 'Disk', component: { id: 1, status: 3 } });
    page.human.setComponent(1, 3);
    const before = page.incidents.find(({ id }) => id === theirs);
    await walk(1, 2, 0);
    expect(page.incidents.find(({ id }) => id === theirs)).toEqual(before);
    // Cachet 2 has one status for all, the one that was set last.
    expect(shown()).toEqual([version === 2 ? 4 : 3]);
  });

  test(`version ${version}: what caused it is on no page`, async () => {
    const { walk, page, evidence } = await cachetStage(version);
    evidence({ triggered: [{ name: 'secret_flag' }], matchedExpression: 'secret_flag' });
    await walk(2, 1, 0);
    expect(page.requests.map(({ body }) => body).join()).not.toMatch(/secret/);
  });
}

test('version 2: a component of two targets is well when both are', async () => {
  const { cycle, shown } = await cachetStage(2, '', ['api', 'web/API']);
  await cycle({ api: 1, web: 2 });
  await cycle({ api: 0, web: 2 });
  expect(shown()).toEqual([4]);
  await cycle({ api: 0, web: 0 });
  expect(shown()).toEqual([1]);
  await cycle({ api: 1, web: 2 });
  await cycle({ api: 0, web: 0 });
  expect(shown()).toEqual([1]);
});
