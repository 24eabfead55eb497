/** The dialect of CloudMon's second status dashboard: what becomes of a report, and what it refuses. */
import { createHmac } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { component } from '../../../src/demo/dialects/stackmon-components.ts';
import { type StackmonV2Options, startStackmonV2 } from '../../../src/demo/dialects/stackmon-v2.ts';
import { FakeClock } from '../../fake-clock.ts';
import { ask } from '../ask.ts';

const components = [1, 2, 3].map((id) => component(id, `C${id}`, { region: 'EU-DE' }));

async function start(options: StackmonV2Options = {}) {
  const clock = new FakeClock();
  const page = await startStackmonV2({ clock, components, ...options });
  onTestFinished(() => page.stop());
  const send = async (method: string, path: string, body?: unknown, headers = {}) => {
    const answer = await ask(page.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { send: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return [answer.status, JSON.parse(String(answer.body))] as const;
  };
  const report = async (impact: number, ...of: readonly number[]) => {
    const [status, said] = await send('POST', '/v2/events', { ...sound, impact, components: of });
    return status === 200 ? said.result : said;
  };
  const open = () =>
    page.events
      .filter(({ endMs }) => endMs === undefined)
      .map(({ id, impact, components: held }) => `${id}: ${held.join(' ')}, impact ${impact}`);
  return { page, clock, send, report, open };
}

const sound = {
  title: 'System incident',
  description: 'Created automatically.',
  impact: 1,
  components: [1],
  start_date: '2026-01-20T11:59:59Z',
  system: true,
  type: 'incident',
};

test('a report opens an event, which shows when it was detected', async () => {
  const { send, report } = await start();
  expect(await report(1, 1)).toEqual([{ component_id: 1, incident_id: 1 }]);
  expect(await send('GET', '/v2/events/1')).toEqual([
    200,
    {
      id: 1,
      ...sound,
      updates: [
        { id: 0, status: 'detected', text: 'The incident is detected.', timestamp: '2026-01-20T11:59:59Z' },
      ],
      status: 'detected',
    },
  ]);
});

test('what fails alike joins, the same again and less change nothing', async () => {
  const { report, open, page } = await start();
  await report(2, 1);
  expect(await report(2, 2)).toEqual([{ component_id: 2, incident_id: 1 }]);
  expect(page.events[0]?.updates.at(-1)?.text).toBe('C2 (EU-DE) added to the incident by system.');
  await report(2, 1);
  await report(1, 2);
  expect(open()).toEqual(['1: 1 2, impact 2']);
});

test('what gets worse alone is raised', async () => {
  const { report, open } = await start();
  await report(1, 1);
  expect(await report(3, 1)).toEqual([{ component_id: 1, incident_id: 1 }]);
  expect(open()).toEqual(['1: 1, impact 3']);
});

test('what gets worse among others is split off, as a program’s', async () => {
  const { report, open, page } = await start();
  await report(1, 1, 2);
  await report(2, 1);
  expect(open()).toEqual(['1: 2, impact 1', '2: 1, impact 2']);
  expect(page.events[1]?.system).toBe(true);
  expect(page.events[1]?.updates.map(({ text }) => text)).toEqual([
    "C1 (EU-DE) moved from <a href='/incidents/1'>System incident</a>",
  ]);
});

test('it closes the old event where the new one had one component, whoever is left', async () => {
  const { report, open, page } = await start();
  await report(1, 1, 2);
  await report(2, 3);
  await report(2, 1);
  expect(open()).toEqual(['2: 3 1, impact 2']);
  expect(page.events[0]).toMatchObject({ status: 'resolved', components: [1, 2] });
});

test('and leaves it open where the new one had several, although nobody is left', async () => {
  const { report, open } = await start();
  await report(1, 1);
  await report(2, 2, 3);
  await report(2, 1);
  expect(open()).toEqual(['1: , impact 1', '2: 2 3 1, impact 2']);
});

test('maintenance goes before a human’s incident, and that before a program’s', async () => {
  const { report, page, open } = await start();
  await report(1, 1);
  const human = page.openIncident(1, [1]);
  expect(open()).toEqual(['2: 1, impact 1']);
  expect(await report(3, 1)).toEqual([{ component_id: 1, incident_id: human }]);
  const maintenance = page.startMaintenance([1]);
  expect(await report(3, 1)).toEqual([
    { component_id: 1, incident_id: maintenance, error: 'event creation failed, component in maintenance' },
  ]);
});

test('a maintenance that is over is none', async () => {
  const { report, page, clock } = await start();
  page.startMaintenance([1]);
  await clock.advance(3_600_001);
  expect(await report(1, 1)).toEqual([{ component_id: 1, incident_id: 2 }]);
});

test('what is taken out is a human’s from then on', async () => {
  const { send, report, page } = await start();
  await report(2, 1, 2, 3);
  const [status, said] = await send('POST', '/v2/events/1/extract', { components: [1, 3] });
  expect([status, said]).toMatchObject([
    200,
    { id: 2, title: 'System incident', impact: 2, components: [1, 3], system: false, status: 'SYSTEM' },
  ]);
  expect(page.events[0]?.components).toEqual([2]);
  expect(await report(3, 1)).toEqual([{ component_id: 1, incident_id: 2 }]);
});

for (const [what, extracted, said] of [
  ['all of them', [1, 2], 'can not move all components to the new incident, keep at least one'],
  ['one of another', [3], 'component 3 is not in the incident'],
  ['an unknown one', [9], 'component does not exist, component_id: 9'],
] as const) {
  test(`to take out ${what} is refused`, async () => {
    const { send, report } = await start();
    await report(2, 1, 2);
    expect(await send('POST', '/v2/events/1/extract', { components: extracted })).toEqual([
      400,
      { errMsg: said },
    ]);
  });
}

for (const [what, body, said] of [
  ['no components', { ...sound, components: undefined }, /^component invalid format: /],
  ['no list of them', { ...sound, components: ['API'] }, /^component invalid format: /],
  ['an unknown one', { ...sound, components: [9] }, /^component does not exist, component_id: 9$/],
  ['no title', { ...sound, title: '' }, /'IncidentData.Title' .* 'required' tag$/],
  ['no impact', { ...sound, impact: undefined }, /'IncidentData.Impact' .* 'required' tag$/],
  ['impact 4', { ...sound, impact: 4 }, /'IncidentData.Impact' .* 'lte' tag$/],
  [
    'impact 0',
    { ...sound, impact: 0 },
    /^impact must be 0 for type 'maintenance' or 'info' and gt 0 for 'incident'$/,
  ],
  ['no time', { ...sound, start_date: 'now' }, /'IncidentData.StartDate' .* 'required' tag$/],
  ['no type', { ...sound, type: undefined }, /'IncidentData.Type' .* 'required' tag$/],
  ['another type', { ...sound, type: 'outage' }, /'IncidentData.Type' .* 'oneof' tag$/],
  ['an end', { ...sound, end_date: sound.start_date }, /^event end_date should be empty$/],
  [
    'the future',
    { ...sound, start_date: '2026-01-20T12:00:01Z' },
    /^event start_date should not be in the future$/,
  ],
  ['updates', { ...sound, updates: [{}] }, /^event updates should be empty$/],
  [
    'a program’s maintenance',
    { ...sound, impact: 0, type: 'maintenance', end_date: '2026-01-20T13:00:00Z' },
    /^system incident must be of type 'incident'$/,
  ],
  ['no JSON', '{', /^component invalid format: /],
] as const) {
  test(`a report with ${what} is refused`, async () => {
    const { send, page } = await start();
    const [status, { errMsg }] = await send('POST', '/v2/events', body);
    expect([status, errMsg]).toEqual([400, expect.stringMatching(said)]);
    expect(page.events).toEqual([]);
  });
}

const change = { status: 'analysing', message: 'We look.', update_date: '2026-01-20T12:00:00Z' };

for (const [what, body, status, said] of [
  ['what is looked into', change, 200, { status: 'analysing' }],
  ['another impact', { ...change, status: 'impact changed', impact: 1 }, 200, { impact: 1 }],
  ['the end', { ...change, status: 'resolved' }, 200, { end_date: '2026-01-20T12:00:00Z' }],
  ['no message', { ...change, message: '' }, 400, { errMsg: expect.stringContaining('Message') }],
  ['no status', { ...change, status: undefined }, 400, { errMsg: expect.stringContaining('Status') }],
  ['no time', { ...change, update_date: 'now' }, 400, { errMsg: expect.stringContaining('UpdateDate') }],
  [
    'an impact and another status',
    { ...change, impact: 1 },
    400,
    { errMsg: 'wrong status for changing impact' },
  ],
  [
    'impact 0',
    { ...change, status: 'impact changed', impact: 0 },
    400,
    { errMsg: 'can not change impact to 0' },
  ],
  [
    'another start',
    { ...change, start_date: change.update_date },
    400,
    { errMsg: 'can not change start date for open incident' },
  ],
  [
    'what only a closed one can be',
    { ...change, status: 'reopened' },
    400,
    { errMsg: 'wrong status for incident' },
  ],
] as const) {
  test(`a change: ${what}`, async () => {
    const { send, report } = await start();
    await report(2, 1);
    expect(await send('PATCH', '/v2/events/1', body)).toMatchObject([status, said]);
  });
}

test('a closed event can only be opened again, or corrected', async () => {
  const { send, report, page, open } = await start();
  await report(2, 1);
  page.closeIncident(1);
  expect(await send('PATCH', '/v2/events/1', { ...change, status: 'resolved' })).toEqual([
    400,
    { errMsg: 'wrong status for closed incident' },
  ]);
  expect((await send('PATCH', '/v2/events/1', { ...change, status: 'reopened' }))[0]).toBe(200);
  expect(open()).toEqual(['1: 1, impact 2']);
});

test('a newer one wants the version that is changed', async () => {
  const { send, report } = await start({ asksVersion: true });
  await report(2, 1);
  const [, { version }] = await send('GET', '/v2/events/1');
  expect((await send('PATCH', '/v2/events/1', change))[0]).toBe(400);
  expect((await send('PATCH', '/v2/events/1', { ...change, version }))[0]).toBe(200);
  expect(await send('PATCH', '/v2/events/1', { ...change, version })).toEqual([
    409,
    { errMsg: 'version conflict: event has been modified by another user' },
  ]);
});

test('the text of an update can be corrected', async () => {
  const { send, report } = await start();
  await report(2, 1);
  expect(await send('PATCH', '/v2/events/1/updates/0', { text: 'Detected.' })).toMatchObject([
    200,
    { id: 0, text: 'Detected.' },
  ]);
  expect(await send('PATCH', '/v2/events/1/updates/7', { text: 'x' })).toEqual([
    404,
    { errMsg: 'update does not exist' },
  ]);
  expect(await send('PATCH', '/v2/events/1/updates/0', {})).toEqual([
    400,
    { errMsg: 'text field is required' },
  ]);
});

test('what is not there is not found', async () => {
  const { send } = await start();
  const gone = [404, { errMsg: 'event does not exist' }];
  expect(await send('GET', '/v2/events/7')).toEqual(gone);
  expect(await send('PATCH', '/v2/events/7', change)).toEqual(gone);
  expect(await send('POST', '/v2/events/7/extract', { components: [1] })).toEqual(gone);
  expect((await send('GET', '/api/v2/events'))[0]).toBe(404);
});

test('the list is filtered and paged, newest first, and says nothing of pages when it is empty', async () => {
  const { send, page, report } = await start();
  expect(await send('GET', '/v2/events?active=true')).toEqual([200, { data: [] }]);
  await report(1, 1);
  for (let count = 0; count < 10; count++) page.openIncident(3, [2]);
  page.closeIncident(2);
  const ids = async (query: string) => {
    const [, { data, pagination }] = await send('GET', `/v2/events?${query}`);
    return [...data.map(({ id }: { readonly id: number }) => id), pagination?.totalPages];
  };
  expect(await ids('limit=10')).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 2]);
  expect(await ids('limit=10&page=2')).toEqual([1, 2]);
  expect(await ids('active=true&components=2')).toEqual([11, 1]);
  expect(await ids('system=true&type=incident&impact=1')).toEqual([1, 1]);
});

for (const query of [
  'active=false',
  'limit=100',
  'page=0',
  'components=2049',
  'components=x',
  'type=outage',
  'system=1',
  'impact=4',
  'status=bad',
]) {
  test(`a list with ${query} is refused`, async () => {
    const { send } = await start();
    expect(await send('GET', `/v2/events?${query}`)).toEqual([
      400,
      { errMsg: 'filter query parameter has an invalid format or value' },
    ]);
  });
}

function token(claims: object, alg: string, hash: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
  return `Bearer ${body}.${createHmac(hash, 'dev').update(body).digest('base64url')}`;
}

test('components are shown to everybody; a change needs a token, and a bad one is refused everywhere', async () => {
  const { send } = await start({ secret: 'dev' });
  const exp = new FakeClock().now() / 1000;
  expect((await send('GET', '/v2/components'))[1]).toEqual(components);
  expect((await send('GET', '/v2/events'))[0]).toBe(200);
  const unauthorized = [401, { errMsg: 'not authenticated' }];
  for (const authorization of ['Bearer x', token({ exp: exp - 1 }, 'HS256', 'sha256')]) {
    expect(await send('POST', '/v2/events', sound, { authorization })).toEqual(unauthorized);
    expect(await send('GET', '/v2/events', undefined, { authorization })).toEqual(unauthorized);
  }
  expect(await send('POST', '/v2/events', sound)).toEqual(unauthorized);
  for (const [alg, hash] of [
    ['HS256', 'sha256'],
    ['HS512', 'sha512'],
  ] as const) {
    const authorization = token({ exp: exp + 60 }, alg, hash);
    expect((await send('POST', '/v2/events', sound, { authorization }))[0]).toBe(200);
  }
});
