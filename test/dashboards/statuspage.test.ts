/** The kind `statuspage`: what it asks and sends, whole, and what people see then. */
import { expect, test } from 'vitest';
import { statuspageStage } from './statuspage-stage.ts';

const components = 'GET /components?page=1&per_page=100';
const unresolved = 'GET /incidents/unresolved?page=1&per_page=100';

/** The metadata of an incident with the one target api. */
function mark(status: number, since: string, message: string): string {
  const target = `{"service":"api","environment":"production","component":"cmp000000001","status":${status},"since":"${since}","message":"${message}"}`;
  return `"metadata":{"cloudmon_reporter":{"id":"cloudmon-reporter","targets":[${target}]}}`;
}

test('a walk is an incident that is opened, changed twice and resolved, and then another one', async () => {
  const { walk, asked, outcomes, notes, shown } = await statuspageStage();
  await walk(0, 1, 2, 1, 0, 1, 0);
  expect(asked().map(withoutMessages)).toEqual([
    unresolved,
    components,
    unresolved,
    `POST /incidents {"incident":{"name":"Problem with API","status":"investigating","impact_override":"minor","body":"API is degraded.","component_ids":["cmp000000001"],"components":{"cmp000000001":"degraded_performance"},"deliver_notifications":false,${mark(1, '2026-01-20T12:01:00Z', '*')}}}`,
    'GET /incidents/inc000000001',
    `PATCH /incidents/inc000000001 {"incident":{"impact_override":"critical","body":"API has an outage.","components":{"cmp000000001":"major_outage"},"deliver_notifications":false,${mark(2, '2026-01-20T12:01:00Z', '*')}}}`,
    'GET /incidents/inc000000001',
    unresolved,
    `PATCH /incidents/inc000000001 {"incident":{"impact_override":"minor","body":"API is degraded.","components":{"cmp000000001":"degraded_performance"},"deliver_notifications":false,${mark(1, '2026-01-20T12:01:00Z', '*')}}}`,
    'GET /incidents/inc000000001',
    unresolved,
    `PATCH /incidents/inc000000001 {"incident":{"status":"resolved","body":"API has recovered.","components":{"cmp000000001":"operational"},"deliver_notifications":false,${mark(0, '2026-01-20T12:01:00Z', '*')}}}`,
    unresolved,
    `POST /incidents {"incident":{"name":"Problem with API","status":"investigating","impact_override":"minor","body":"API is degraded.","component_ids":["cmp000000001"],"components":{"cmp000000001":"degraded_performance"},"deliver_notifications":false,${mark(1, '2026-01-20T12:05:00Z', '*')}}}`,
    'GET /incidents/inc000000002',
    unresolved,
    `PATCH /incidents/inc000000002 {"incident":{"status":"resolved","body":"API has recovered.","components":{"cmp000000001":"operational"},"deliver_notifications":false,${mark(0, '2026-01-20T12:05:00Z', '*')}}}`,
  ]);
  expect(outcomes).toEqual([
    'api open 1: sent, reference inc000000001',
    'api change 2: sent, reference inc000000001',
    'api change 1: sent, reference inc000000001',
    'api close 1: sent, reference inc000000001',
    'api open 1: sent, reference inc000000002',
    'api close 1: sent, reference inc000000002',
  ]);
  expect(shown()).toEqual(['API: operational']);
  expect(notes).toEqual([]);
});

/** Each message has an id of its own, which depends on times and names alone. */
function withoutMessages(line: string): string {
  return line.replaceAll(/"message":"[0-9a-f]{16}"/g, '"message":"*"');
}

test('a walk with only components sets their status', async () => {
  const { walk, asked, outcomes, shown } = await statuspageStage(', show: components');
  await walk(0, 1, 2, 1, 0, 1, 0);
  expect(asked()).toEqual([
    components,
    'PATCH /components/cmp000000001 {"component":{"status":"degraded_performance"}}',
    'PATCH /components/cmp000000001 {"component":{"status":"major_outage"}}',
    'PATCH /components/cmp000000001 {"component":{"status":"degraded_performance"}}',
    'GET /components/cmp000000001',
    'PATCH /components/cmp000000001 {"component":{"status":"operational"}}',
    'PATCH /components/cmp000000001 {"component":{"status":"degraded_performance"}}',
    'GET /components/cmp000000001',
    'PATCH /components/cmp000000001 {"component":{"status":"operational"}}',
  ]);
  expect(outcomes.at(-1)).toBe('api close 1: sent, reference cmp000000001');
  expect(shown()).toEqual(['API: operational']);
});

test('a component that somebody else has set meanwhile is not called well', async () => {
  const { walk, page, outcomes, shown } = await statuspageStage(', show: components');
  await walk(1);
  page.human.setComponent('cmp000000001', 'under_maintenance');
  await walk(0);
  expect(outcomes.at(-1)).toBe('api close 1: known, the component was changed by somebody else');
  expect(shown()).toEqual(['API: under_maintenance']);
});

test('what begins together is one incident, and what changes together is one change', async () => {
  const { cycle, asked, page, shown } = await statuspageStage('', ['api', 'web', 'shop']);
  await cycle({ api: 0, web: 0, shop: 0 });
  await cycle({ api: 1, web: 2, shop: 1 });
  const opened = asked();
  expect(opened.filter((line) => line.startsWith('POST'))).toHaveLength(1);
  expect(page.incidents[0]).toMatchObject({
    name: 'Problem with API, WEB, SHOP',
    impactOverride: 'critical',
    updates: [{ status: 'investigating', body: 'API is degraded.\nWEB has an outage.\nSHOP is degraded.' }],
  });
  expect(shown()).toEqual(['API: degraded_performance', 'WEB: major_outage', 'SHOP: degraded_performance']);

  await cycle({ api: 0, web: 0, shop: 1 });
  expect(asked().map((line) => line.split(' {')[0])).toEqual([
    'GET /incidents/inc000000001',
    unresolved,
    'PATCH /incidents/inc000000001',
  ]);
  expect(shown()).toEqual(['API: operational', 'WEB: operational', 'SHOP: degraded_performance']);
  expect(page.incidents[0]).toMatchObject({ status: 'investigating', impactOverride: 'minor' });

  await cycle({ api: 1, web: 0, shop: 0 });
  expect(page.incidents.map(({ status }) => status)).toEqual(['resolved', 'investigating']);
  expect(shown()).toEqual(['API: degraded_performance', 'WEB: operational', 'SHOP: operational']);
});

test('a component that another incident still needs stays as that needs it', async () => {
  const { cycle, page, shown } = await statuspageStage('', ['api', 'web/API']);
  await cycle({ api: 1, web: 0 });
  await cycle({ api: 1, web: 2 });
  expect(page.incidents).toHaveLength(2);
  expect(shown()).toEqual(['API: major_outage']);
  await cycle({ api: 1, web: 0 });
  expect(shown()).toEqual(['API: degraded_performance']);
  await cycle({ api: 0, web: 0 });
  expect(shown()).toEqual(['API: operational']);
  await cycle({ api: 1, web: 0 });
  await cycle({ api: 1, web: 2 });
  await cycle({ api: 0, web: 0 });
  expect(shown()).toEqual(['API: operational']);
});

test('a component that a human has an incident about is not called well behind their back', async () => {
  const { walk, page, shown } = await statuspageStage();
  await walk(1);
  const theirs = page.human.open({ name: 'Disk', components: { cmp000000001: 'partial_outage' } });
  const before = page.incidents.find(({ id }) => id === theirs);
  await walk(0);
  expect(shown()).toEqual(['API: partial_outage']);
  expect(page.incidents.map(({ status }) => status)).toEqual(['resolved', 'investigating']);
  expect(page.incidents[1]).toEqual(before);
});

for (const [how, close] of [
  ['resolved', (page) => page.human.change('inc000000001', { status: 'resolved' })],
  ['removed', (page) => page.human.remove('inc000000001')],
] satisfies [string, (page: Awaited<ReturnType<typeof statuspageStage>>['page']) => void][]) {
  test(`what a human has ${how} stays so until it has recovered`, async () => {
    const { walk, page, outcomes, open } = await statuspageStage();
    await walk(2);
    close(page);
    await walk(2, 1, 1);
    expect(open()).toEqual([]);
    expect(outcomes.at(-1)).toBe('api change 1: known, the incident was closed by somebody else');
    await walk(0, 1);
    expect(outcomes.slice(-2)).toEqual([
      'api close 1: known, the incident was closed by somebody else',
      'api open 1: sent, reference inc000000002',
    ]);
  });

  test(`what a human has ${how} and becomes worse is a new incident`, async () => {
    const { walk, page, outcomes, open } = await statuspageStage();
    await walk(1);
    close(page);
    await walk(2, 0);
    expect(outcomes.slice(-2)).toEqual([
      'api change 2: sent, reference inc000000002',
      'api close 2: sent, reference inc000000002',
    ]);
    expect(open()).toEqual([]);
  });
}

test('what was as bad before a human resolved it is not worse', async () => {
  const { walk, page, open } = await statuspageStage();
  await walk(2);
  page.human.change('inc000000001', { status: 'resolved' });
  await walk(1, 2, 1, 2);
  expect(open()).toEqual([]);
});

test('a human’s words and progress are left as they are', async () => {
  const { walk, page } = await statuspageStage();
  await walk(1);
  const metadata = { ...page.incidents[0]?.metadata, ticket: { id: 7 } };
  page.human.change('inc000000001', { name: 'Our disks', status: 'monitoring', metadata });
  await walk(2);
  expect(page.incidents[0]).toMatchObject({
    name: 'Our disks',
    status: 'monitoring',
    metadata: { ticket: { id: 7 }, cloudmon_reporter: { id: 'cloudmon-reporter' } },
  });
});

test('texts and severities are the configured ones', async () => {
  const texts =
    'title: "{{component}} in {{environment}}", message: {2: "{{word}} since {{since}}", recovered: done}';
  const { walk, page } = await statuspageStage(
    `, ${texts}, severity: {2: partial_outage}, deliver_notifications: true`,
  );
  await walk(2, 0);
  expect(page.incidents[0]).toMatchObject({
    name: 'API in production',
    impactOverride: 'major',
    updates: [
      { body: 'outage since 2026-01-20T12:00:00Z', notified: true },
      { body: 'done', notified: true },
    ],
  });
});

test('what caused it is on no page', async () => {
  const { walk, page, evidence } = await statuspageStage();
  evidence({ triggered: [{ name: 'secret_flag', query: 'secret_query' }], matchedExpression: 'secret_flag' });
  await walk(2, 1, 0);
  expect(page.requests.map(({ body }) => body).join()).not.toMatch(/secret/);
});
