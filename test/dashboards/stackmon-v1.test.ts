/** The kind `stackmon-v1`: what it is told, what its answers mean, and where it takes them. */
import { expect, onTestFinished, test } from 'vitest';
import { component } from '../../src/demo/dialects/stackmon-components.ts';
import { type StackmonV1Options, startStackmonV1 } from '../../src/demo/dialects/stackmon-v1.ts';
import { load } from '../config/folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { stage } from './stage.ts';

const usual = '[{name: api, component: API, attributes: {region: EU-DE}}]';

async function play(keys = '', services = usual, options: StackmonV1Options = {}) {
  const clock = new FakeClock();
  const page = await startStackmonV1({ clock, secret: 'dev', ...options });
  onTestFinished(() => page.stop());
  const section = `{kind: stackmon-v1, url: "${page.url}", secret: dev${keys}}`;
  const played = await stage(section, services, clock);
  const asked = () => page.requests.map(({ method, rawUrl }) => `${method} ${rawUrl}`);
  return { page, asked, ...played };
}

function report(impact: number, text: string): string {
  return JSON.stringify({ name: 'API', impact, text, attributes: [{ name: 'region', value: 'EU-DE' }] });
}

test('a walk is told at every poll that is not healthy, and nothing is ever closed', async () => {
  const { page, asked, walk, outcomes } = await play();
  await walk(0, 1, 2, 1, 0, 1, 0);
  expect(page.requests.map(({ body }) => body)).toEqual([
    report(1, 'Service degraded'),
    report(2, 'Service outage'),
    report(1, 'Service degraded'),
    report(1, 'Service degraded'),
  ]);
  expect(new Set(asked())).toEqual(new Set(['POST /api/v1/component_status']));
  expect(outcomes).toEqual([
    'api open 1: sent, reference 1',
    'api change 2: sent, reference 1',
    'api change 1: known, reference 1',
    'api open 1: known, reference 1',
  ]);
  expect(page.incidents.map(({ impact, endMs }) => [impact, endMs])).toEqual([[2, undefined]]);
});

test('told of changes only, it hears of each level once', async () => {
  const { page, walk } = await play(', send: on_change');
  await walk(1, 1, 2, 2, 1, 1, 0, 0);
  expect(page.requests).toHaveLength(2);
});

test('a token says what CloudMon’s says, was issued a minute ago, and is for nobody in particular', async () => {
  const { page, walk, clock } = await play();
  const nowS = clock.now() / 1000;
  await walk(1);
  const [, token = ''] = page.requests[0]?.headers.authorization?.split(' ') ?? [];
  const [header = '', claims = ''] = token.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  expect(read(header)).toEqual({ alg: 'HS256', typ: 'JWT' });
  expect(read(claims)).toEqual({ stackmon: 'dummy', iat: nowS - 60, exp: nowS + 300 });
});

test('without token_ttl it says what is configured and nothing else', async () => {
  const { page, walk } = await play(', token_ttl: 0, claims: {stackmon: "", team: ops}');
  await walk(1);
  const [, claims = ''] = page.requests[0]?.headers.authorization?.split('.') ?? [];
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({ stackmon: '', team: 'ops' });
  expect(page.requests[0]?.answered).toBe(201);
});

test('a newer dashboard has it at another path, which is asked once', async () => {
  const { asked, walk } = await play('', usual, { prefix: '' });
  await walk(1, 2);
  expect(asked()).toEqual([
    'POST /api/v1/component_status',
    'POST /v1/component_status',
    'POST /v1/component_status',
  ]);
});

test('a path that is written down is the only one', async () => {
  const { asked, walk, outcomes } = await play(', path: /v1/component_status');
  await walk(1);
  expect(asked()).toEqual(['POST /v1/component_status']);
  expect(outcomes[0]).toMatch(/^api open 1: rejected, rejected: answered 404/);
});

test('trouble settles no path', async () => {
  for (const fault of ['status-502', 'status-401', 'status-503'] as const) {
    const { page, asked, walk } = await play(', retries: 0', usual, { prefix: '' });
    page.fail(fault, { times: 1 });
    await walk(1, 1);
    expect(asked().slice(-2), fault).toEqual(['POST /api/v1/component_status', 'POST /v1/component_status']);
  }
});

test('in maintenance nothing is opened', async () => {
  const { page, walk, outcomes } = await play();
  const id = page.startMaintenance([1]);
  await walk(1, 2);
  expect(outcomes).toEqual([
    'api open 1: suppressed, in maintenance there',
    'api open 2: suppressed, in maintenance there',
  ]);
  expect(page.incidents.map((incident) => incident.id)).toEqual([id]);
});

test('an unknown component is named, not hammered, and told from the poll on which it is there', async () => {
  const services = '[{name: db, component: Database, attributes: {region: EU-DE, tier: gold}}]';
  const { page, asked, cycle, outcomes } = await play('', services);
  for (let count = 0; count < 3; count++) await cycle({ db: 1 });
  expect(asked()).toEqual([
    'POST /api/v1/component_status',
    'GET /api/v1/component_status?name=Database',
    'GET /api/v1/component_status?name=Database',
    'GET /api/v1/component_status?name=Database',
  ]);
  expect(new Set(outcomes)).toEqual(
    new Set([
      'db open 1: rejected, unknown_component: the dashboard has no component Database with region EU-DE, ' +
        'tier gold: add it there, or correct component and attributes of db in production',
    ]),
  );
  page.addComponent(component(7, 'Database', { region: 'EU-DE', tier: 'gold' }));
  await cycle({ db: 1 });
  expect(asked().slice(4)).toEqual([
    'GET /api/v1/component_status?name=Database',
    'POST /api/v1/component_status',
  ]);
  expect(outcomes.at(-1)).toBe('db open 1: sent, reference 1');
  await cycle({ db: 2 });
  expect(asked().slice(6)).toEqual(['POST /api/v1/component_status']);
});

test('a component that only begins with the name, or has another attribute, is not it', async () => {
  const components = [
    component(1, 'API Gateway', { region: 'EU-DE' }),
    component(2, 'API', { region: 'EU-NL' }),
  ];
  const { walk, outcomes } = await play('', usual, { components });
  await walk(1);
  expect(outcomes[0]).toMatch(/^api open 1: rejected, unknown_component/);
});

test('other versions say that they do not know it in other words', async () => {
  for (const [status, said] of [
    [400, { errMsg: 'component does not exist' }],
    [400, { code: 400, message: 'Component not found', status: 'Bad Request' }],
    [409, { code: 409, message: 'Component not found', status: 'Conflict' }],
  ] as const) {
    const { page, walk, outcomes, asked } = await play('', '[{name: api, component: X}]');
    page.fail({ status, body: JSON.stringify(said) });
    await walk(1, 1);
    expect(outcomes[0]).toMatch(
      /^api open 1: rejected, unknown_component: the dashboard has no component X:/,
    );
    expect(asked().slice(1)).toEqual(['GET /api/v1/component_status?name=X']);
  }
});

test('any other 500 is trouble like any other', async () => {
  const { page, walk, outcomes } = await play();
  page.fail('status-500', { times: 2 });
  await walk(1);
  expect(outcomes).toEqual(['api open 1: sent, reference 1']);
  page.fail('status-500');
  page.failReads('status-500');
  await walk(2);
  expect(outcomes[1]).toMatch(/^api change 2: failed, failed: answered 500/);
});

test('a human’s incident that is bad enough is known', async () => {
  const { page, walk, outcomes } = await play();
  const id = page.openIncident(2, [1]);
  await walk(1, 2, 3);
  expect(outcomes).toEqual([
    `api open 1: known, reference ${id}`,
    `api change 2: known, reference ${id}`,
    'api change 3: sent, reference 2',
  ]);
});

test('what a human closed is reported again while it goes on', async () => {
  const { page, walk } = await play();
  await walk(1);
  page.closeIncident(1);
  await walk(1);
  expect(page.incidents.map(({ endMs }) => endMs === undefined)).toEqual([false, true]);
});

test('a lost answer doubles nothing', async () => {
  for (const fault of ['reset-after-accept', 'bad-gateway-after-accept', 'garbage-answer'] as const) {
    const { page, walk, restart } = await play();
    page.fail(fault, { times: 1 });
    await walk(1);
    restart();
    await walk(1, 2);
    expect(
      page.incidents.map(({ impact }) => impact),
      fault,
    ).toEqual([2]);
  }
});

test('texts have places, and impacts may be other ones', async () => {
  const keys = ', text: {degraded: "{{component}} is slow", 3: Gone}, severity: {degraded: 2}';
  const { page, walk } = await play(keys);
  await walk(1, 2, 3);
  expect(page.requests.map(({ json }) => json)).toMatchObject([
    { impact: 2, text: 'API is slow' },
    { impact: 2, text: 'Service outage' },
    { impact: 3, text: 'Gone' },
  ]);
});

test('impact 0 would mute the component for ever, and is refused', async () => {
  const { lines } = await load({
    'config.yaml': [
      'convertor: {url: http://localhost:3005}',
      'status_dashboard:',
      '  kind: stackmon-v1',
      '  url: https://dashboard.example.com',
      '  severity: {degraded: 0}',
      'reporter: {services: [{name: api, component: API}]}',
    ].join('\n'),
  });
  expect(lines).toMatch(/config\.yaml:5:\d+.*status_dashboard\.severity\.degraded.*from 1 to 3/s);
});

test('claims that a token cannot have are warned about', async () => {
  const { lines } = await load({
    'config.yaml': [
      'convertor: {url: http://localhost:3005}',
      'status_dashboard:',
      '  kind: stackmon-v1',
      '  url: https://dashboard.example.com',
      '  secret: s',
      '  claims: {stackmon: dummy, aud: us, iat: 0}',
      'reporter: {services: [{name: api, component: API}]}',
    ].join('\n'),
  });
  expect(lines.split('\n').filter((line) => line.includes('claim'))).toHaveLength(2);
});
