/** The kind `stackmon-v2` with one target: what is told, and what humans did meanwhile. */
import { expect, test } from 'vitest';
import { reportOf } from '../../src/dashboards/stackmon-v2/report.ts';
import type { StackmonV2Settings } from '../../src/dashboards/stackmon-v2/settings.ts';
import { component } from '../../src/demo/dialects/stackmon-components.ts';
import { targetOf } from '../reporter/cast.ts';
import { open, play, steps, writes } from './stackmon-page.ts';

const title = 'System incident from monitoring system';
const description = 'System-wide incident affecting one or multiple components. Created automatically.';

function report(impact: number, startDate: string, of = 1): string {
  return `POST /v2/events ${JSON.stringify({
    title,
    description,
    impact,
    components: [of],
    start_date: startDate,
    system: true,
    type: 'incident',
  })}`;
}

function lowered(id: number, impact: number, at: string): string {
  const message = `The monitoring system has changed the impact to ${impact}.`;
  const body = { impact, status: 'impact changed', message, update_date: at };
  return `PATCH /v2/events/${id} ${JSON.stringify(body)}`;
}

function resolved(id: number, at: string): string {
  const message = 'Recovered: the monitoring system has closed the incident.';
  return `PATCH /v2/events/${id} ${JSON.stringify({ status: 'resolved', message, update_date: at })}`;
}

test('a walk is told in the words of CloudMon’s own reporter', async () => {
  const { page, walk, outcomes, notes } = await play();
  await walk(0, 1, 2, 1, 0, 1, 0);
  expect(writes(page)).toEqual([
    report(1, '2026-01-20T12:01:00Z'),
    report(2, '2026-01-20T12:01:00Z'),
    lowered(1, 1, '2026-01-20T12:03:00Z'),
    resolved(1, '2026-01-20T12:04:00Z'),
    report(1, '2026-01-20T12:05:00Z'),
    resolved(2, '2026-01-20T12:06:00Z'),
  ]);
  expect(outcomes).toEqual([
    'api open 1: sent, reference 1',
    'api change 2: sent, reference 1',
    'api change 1: sent, reference 1',
    'api close 1: sent',
    'api open 1: sent, reference 2',
    'api close 1: sent',
  ]);
  expect(notes).toEqual([]);
});

test('before each of them it looks what is open, and asks for the components once', async () => {
  const { page, walk } = await play();
  await walk(1, 1, 2, 0, 1);
  const asked = page.requests.filter(({ method }) => method === 'GET').map(({ rawUrl }) => rawUrl);
  const list = '/v2/events?active=true&type=incident&page=1&limit=50';
  expect(asked.filter((url) => url === '/v2/components')).toHaveLength(1);
  expect(new Set(asked)).toEqual(new Set(['/v2/components', list]));
});

test('a token is fresh, is issued a minute ago, and says what CloudMon’s says', async () => {
  const { page, walk, clock } = await play();
  const nowS = clock.now() / 1000;
  await walk(1);
  const [, token = ''] = page.requests.at(-1)?.headers.authorization?.split(' ') ?? [];
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toEqual({ stackmon: 'dummy', iat: nowS - 60, exp: nowS + 300 });
});

test('a newer dashboard is shown the version of what is changed', async () => {
  const { page, walk } = await play(['API'], '', { asksVersion: true });
  await walk(2, 1, 0);
  expect(page.requests.map(({ answered }) => answered)).not.toContain(400);
  expect(open(page)).toEqual([]);
});

test('who changed the event at the same time goes first', async () => {
  const { page, walk, outcomes } = await play(['API'], '', { asksVersion: true });
  await walk(1);
  page.fail({ status: 409, body: '{"errMsg":"version conflict"}' }, { times: 1 });
  await walk(0);
  expect(outcomes.at(-1)).toBe('api close 1: sent');
  expect(open(page)).toEqual([]);
});

test('a human’s incident on the component is left alone', async () => {
  const { page, walk, outcomes } = await play();
  const id = page.openIncident(2, [1]);
  const before = JSON.stringify(page.events);
  await walk(1, 2, 1, 0);
  expect(JSON.stringify(page.events)).toBe(before);
  const note = `left alone: it is in event ${id} of somebody else`;
  expect(outcomes).toEqual([
    `api open 1: known, ${note}`,
    `api change 2: known, ${note}`,
    `api change 1: known, ${note}`,
    `api close 1: known, ${note}`,
  ]);
});

test('a human who opens one with the component later has it', async () => {
  const { page, walk } = await play();
  await walk(2);
  page.openIncident(3, [1]);
  expect(open(page)).toEqual(['2: 1, impact 3']);
  const before = JSON.stringify(page.events);
  await walk(1, 3, 0);
  expect(JSON.stringify(page.events)).toBe(before);
});

test('a human’s close is respected until it was healthy', async () => {
  const { page, walk, outcomes } = await play();
  await walk(2);
  page.closeIncident(1);
  await walk(2, 1, 1, 0);
  expect(writes(page)).toEqual([report(2, '2026-01-20T12:00:00Z')]);
  expect(outcomes.slice(1)).toEqual([
    'api change 1: known, closed by somebody else',
    'api close 1: known, closed by somebody else',
  ]);
  await walk(1);
  expect(open(page)).toEqual(['2: 1, impact 1']);
});

test('or until it got worse', async () => {
  const { page, walk } = await play();
  await walk(1);
  page.closeIncident(1);
  await walk(1, 2);
  expect(open(page)).toEqual(['2: 1, impact 2']);
  await walk(0);
  expect(open(page)).toEqual([]);
});

test('where every poll is told, it is opened again', async () => {
  const { page, walk } = await play(['API'], ', send: every_poll');
  await walk(1);
  page.closeIncident(1);
  await walk(1);
  expect(open(page)).toEqual(['2: 1, impact 1']);
});

test('an impact that a human changed stays, as long as nothing else changes', async () => {
  const { page, walk } = await play(['API'], ', repeat_interval: 1m');
  await walk(1);
  const [event] = page.events;
  if (event) event.impact = 3;
  await walk(1, 2);
  expect(open(page)).toEqual(['1: 1, impact 3']);
  await walk(1);
  expect(open(page)).toEqual(['1: 1, impact 1']);
});

test('in maintenance nothing is opened; what goes on after it is', async () => {
  const { page, walk, outcomes, clock } = await play();
  page.startMaintenance([1]);
  await walk(1, 1);
  expect(outcomes).toEqual([
    'api open 1: suppressed, in maintenance there',
    'api open 1: suppressed, in maintenance there',
  ]);
  expect(open(page)).toEqual([]);
  await clock.advance(3_600_000);
  await walk(1);
  expect(open(page)).toEqual(['2: 1, impact 1']);
});

test('what recovers in maintenance needs no word', async () => {
  const { page, walk } = await play();
  page.startMaintenance([1]);
  await walk(1, 0, 0);
  expect(writes(page)).toHaveLength(1);
});

test('another error in an answer is a failure, and its words are fit for a line', async () => {
  const { page, walk, outcomes } = await play();
  page.fail({ body: '{"result":[{"component_id":1,"error":"no \\u001b[31mroom dev"}]}' });
  await walk(1);
  expect(outcomes).toEqual(['api open 1: rejected, rejected: answered 200: no  [31mroom ***']);
});

test('a component that is unknown is reported from the refresh on that knows it', async () => {
  const { page, cycle, outcomes } = await play(['Database']);
  for (let count = 0; count < 3; count++) await cycle({ database: 1 });
  expect(writes(page)).toEqual([]);
  const asked = page.requests.filter(({ path }) => path === '/v2/components');
  expect(asked).toHaveLength(3);
  expect(outcomes[0]).toBe(
    'database open 1: rejected, unknown_component: the dashboard has no component Database: add it there, ' +
      'or correct component and attributes of database in production, or write its number under ids.page',
  );
  page.addComponent(component(7, 'Database'));
  await cycle({ database: 1 });
  await cycle({ database: 0 });
  expect(writes(page)).toEqual([report(1, '2026-01-20T12:00:00Z', 7), resolved(1, '2026-01-20T12:04:00Z')]);
});

test('a dashboard in trouble at the start is told later', async () => {
  const { page, walk, outcomes } = await play();
  page.failReads('status-500');
  await walk(1, 1);
  expect(writes(page)).toEqual([]);
  expect(outcomes[0]).toMatch(/^api open 1: failed, failed: answered 500/);
  page.failReads(undefined);
  await walk(1);
  expect(writes(page)).toEqual([report(1, '2026-01-20T12:00:00Z')]);
});

test('of several components that fit, the one with the lowest number is told, and said', async () => {
  const components = [component(9, 'API', { region: 'B' }), component(4, 'API', { region: 'A' })];
  const { page, walk, notes } = await play(['API'], '', { components });
  await walk(1);
  expect(open(page)).toEqual(['1: 4, impact 1']);
  expect(notes).toEqual([
    'api in production fits 2 components of the dashboard; 4 is used: give it more attributes, or its ' +
      'number under ids.page',
  ]);
});

test('an answer that makes no sense has not opened anything twice', async () => {
  for (const fault of ['reset-after-accept', 'garbage-answer', 'bad-gateway-after-accept'] as const) {
    const { page, walk } = await play();
    page.fail(fault, { times: 1 });
    await walk(1, 1);
    page.fail(fault, { times: 1 });
    await walk(2, 2);
    page.fail(fault, { times: 1 });
    await walk(1, 1);
    page.fail(fault, { times: 1 });
    await walk(0, 0);
    expect([page.events.length, open(page)], fault).toEqual([1, []]);
  }
});

test('a restart in the middle opens nothing again, and closes what is over', async () => {
  const { page, walk, restart } = await play();
  await walk(1);
  restart();
  await walk(1, 2);
  restart();
  await walk(0);
  expect(steps(page)).toEqual([
    'POST /v2/events of 1 impact 1',
    'POST /v2/events of 1 impact 2',
    'PATCH /v2/events/1 resolved',
  ]);
});

test('without its state it closes only what it may take over', async () => {
  for (const [adopt, left] of [
    ['ours', ['1: 1, impact 1']],
    ['none', ['1: 1, impact 1']],
    ['system', []],
  ] as const) {
    const { page, walk, forget } = await play(['API'], `, adopt: ${adopt}`);
    await walk(1);
    forget();
    await walk(1, 0);
    expect([page.events.length, open(page)], adopt).toEqual([1, left]);
  }
});

test('a human’s event with our title is a human’s', async () => {
  const { page, walk } = await play(['API'], ', adopt: system');
  page.openIncident(2, [1], title);
  await walk(1, 2, 0);
  expect(open(page)).toEqual(['1: 1, impact 2']);
});

test('impacts may be other ones', async () => {
  const { page, walk } = await play(['API'], ', severity: {degraded: 2, 3: 2}');
  await walk(1, 2, 3);
  expect(open(page)).toEqual(['1: 1, impact 2']);
  expect(writes(page)).toHaveLength(1);
});

test('a reading from a clock that is ahead begins now', () => {
  const target = targetOf('api');
  const sinceMs = Date.parse('2026-01-20T12:00:30Z');
  const reading = { target, status: 1, timeMs: sinceMs, evidence: { triggered: [] } } as const;
  const incident = { id: 'api', dashboard: 'page', members: [target], sinceMs };
  const action = { type: 'open', incident, status: 1, timeMs: sinceMs, reading, idempotencyKey: '' } as const;
  const settings = { title, description, severity: { 1: 1, 2: 2, 3: 3 } } as StackmonV2Settings;
  const body = reportOf(action, 1, settings, Date.parse('2026-01-20T12:00:10.9Z'));
  expect(JSON.parse(body).start_date).toBe('2026-01-20T12:00:10Z');
});
