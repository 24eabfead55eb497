import { afterEach, expect, test } from 'vitest';
import { type Dashboard, startDashboard } from '../../src/demo/dashboard.ts';
import { type DashboardFault, dashboardFaultNames, faultyService } from '../../src/demo/faults.ts';
import { FakeClock } from '../fake-clock.ts';
import { ask, type Question, type Seen } from './ask.ts';
import { report, secret } from './report.ts';

const clock = new FakeClock();
const nowMs = () => clock.now();
let dashboard: Dashboard;

afterEach(() => dashboard?.stop());

async function provoke(fault: DashboardFault, question: Question = {}): Promise<Seen> {
  dashboard = await startDashboard({ clock, secret });
  return report(dashboard.url, nowMs(), { service: faultyService('dashboard', fault), question });
}

async function check(
  fault: DashboardFault,
  status: number | undefined,
  broken: string | undefined,
  stored: boolean,
) {
  const seen = await provoke(fault);
  expect([seen.status, seen.broken, dashboard.accepted.length]).toEqual([status, broken, stored ? 1 : 0]);
  expect(
    dashboard.requests.map(({ fault: name, reasons, token }) => [name, reasons, token.verified]),
  ).toEqual([[fault, [], true]]);
}

test('reset-before-accept stores nothing', () =>
  check('reset-before-accept', undefined, 'ECONNRESET', false));
test('reset-after-accept stores', () => check('reset-after-accept', undefined, 'ECONNRESET', true));
test('close-before-accept stores nothing', () =>
  check('close-before-accept', undefined, 'ECONNRESET', false));
test('close-after-accept stores', () => check('close-after-accept', undefined, 'ECONNRESET', true));
test('half-answer stores and breaks off', () => check('half-answer', 201, 'ECONNRESET', true));
test('cut-answer stores and ends too early', () => check('cut-answer', 201, 'ECONNRESET', true));
test('not-http stores nothing', () => check('not-http', undefined, 'HPE_INVALID_CONSTANT', false));
test('empty-answer stores', () => check('empty-answer', 201, undefined, true));
test('no-content stores', () => check('no-content', 204, undefined, true));
test('garbage-answer stores', () => check('garbage-answer', 200, undefined, true));
test('error-after-accept stores', () => check('error-after-accept', 500, undefined, true));
test('bad-gateway-after-accept stores', () => check('bad-gateway-after-accept', 502, undefined, true));
test('html-error stores nothing', () => check('html-error', 500, undefined, false));
test('escape-codes stores nothing', () => check('escape-codes', 422, undefined, false));

test('every status fault answers its status and stores nothing', async () => {
  dashboard = await startDashboard({ clock, secret });
  for (const fault of dashboardFaultNames.filter((name) => name.startsWith('status-'))) {
    const seen = await report(dashboard.url, nowMs(), { service: faultyService('dashboard', fault) });
    expect([fault, seen.status]).toEqual([fault, Number(fault.slice(7))]);
  }
  expect(dashboard.accepted).toEqual([]);
});

async function checkPatience(fault: DashboardFault, status: number, retryAfter: string): Promise<void> {
  const seen = await provoke(fault);
  expect([seen.status, seen.headers['retry-after']]).toEqual([status, retryAfter]);
}

test('Retry-After in seconds', () => checkPatience('retry-after-seconds', 429, '2'));
test('Retry-After as a date', () =>
  checkPatience('retry-after-date', 429, new Date(nowMs() + 3_000).toUTCString()));
test('Retry-After in the past', () =>
  checkPatience('retry-after-past', 429, new Date(nowMs() - 3_600_000).toUTCString()));
test('Retry-After zero', () => checkPatience('retry-after-zero', 429, '0'));
test('Retry-After negative', () => checkPatience('retry-after-negative', 429, '-1'));
test('Retry-After of a minute', () => checkPatience('retry-after-minute', 429, '60'));
test('Retry-After of a day', () => checkPatience('retry-after-day', 429, '86400'));
test('Retry-After beyond every timer', () => checkPatience('retry-after-overflow', 429, '9999999999'));
test('Retry-After in words', () => checkPatience('retry-after-garbage', 429, 'soon'));
test('Retry-After beside 503', () => checkPatience('retry-after-unavailable', 503, '2'));

for (const [fault, status] of [
  ['redirect', 307],
  ['redirect-found', 302],
  ['redirect-permanently', 308],
] as const) {
  test(`${fault} points to a listener of its own that remembers who came`, async () => {
    const seen = await provoke(fault);
    const location = String(seen.headers.location);
    expect(seen.status).toBe(status);
    expect(new URL(location).origin).not.toBe(dashboard.url);
    expect(dashboard.trap.requests).toEqual([]);
    await ask(location, { method: 'POST', headers: { authorization: 'Bearer leaked' } });
    expect(dashboard.trap.requests[0]?.headers.authorization).toBe('Bearer leaked');
  });
}

test('redirects go to places where nothing good is', async () => {
  expect((await provoke('redirect-metadata')).headers.location).toBe('http://169.254.169.254/');
  await dashboard.stop();
  expect((await provoke('redirect-socket')).headers.location).toBe('unix:/var/run/docker.sock:/');
  await dashboard.stop();
  expect((await provoke('redirect-forever')).headers.location).toBe('/api/incidents');
});

for (const [fault, stored] of [
  ['hang', 0],
  ['hang-after-accept', 1],
  ['slow-headers', 1],
] as const) {
  test(`${fault} never answers`, async () => {
    dashboard = await startDashboard({ clock, secret });
    const answer = report(dashboard.url, nowMs(), { service: faultyService('dashboard', fault) });
    await dashboard.waitFor();
    await clock.advance(60_000);
    expect(dashboard.accepted.length).toBe(stored);
    await dashboard.stop();
    expect((await answer).broken).toBe('ECONNRESET');
    expect(clock.waiting).toEqual([]);
  });
}

test('drip answers byte by byte', async () => {
  dashboard = await startDashboard({ clock, secret });
  const answer = report(dashboard.url, nowMs(), { service: 'fault-dashboard-drip' });
  await dashboard.waitFor();
  for (let i = 0; i < 50; i++) await clock.advance(200);
  await dashboard.stop();
  const seen = await answer;
  expect([seen.status, seen.broken]).toEqual([201, 'ECONNRESET']);
  expect(String(seen.body)).toMatch(/^\{ {40,}$/);
});

test('slow answers after two seconds', async () => {
  dashboard = await startDashboard({ clock, secret });
  const answer = report(dashboard.url, nowMs(), { service: 'fault-dashboard-slow' });
  await dashboard.waitFor();
  expect(clock.waiting).toEqual([2_000]);
  await clock.advance(2_000);
  expect((await answer).status).toBe(201);
});

test('huge-answer goes on beyond any limit', async () => {
  const seen = await provoke('huge-answer', { bytesMax: 2_000_000 });
  expect([seen.status, seen.broken]).toEqual([201, 'left']);
});

test('huge-error goes on beyond any limit', async () => {
  const seen = await provoke('huge-error', { bytesMax: 2_000_000 });
  expect([seen.status, seen.broken]).toEqual([500, 'left']);
});

test('escape-codes has what a terminal, a log and a page must never get', async () => {
  const text = String((await provoke('escape-codes')).body);
  for (const part of ['\u001b[31m', '\u0007', '\r\n', '<script>', '\u202e', '\u2028', '\u0000']) {
    expect(text).toContain(part);
  }
});

test('a token that is not good is refused also under a fault that stores', async () => {
  dashboard = await startDashboard({ clock, secret });
  const service = faultyService('dashboard', 'reset-after-accept');
  const seen = await report(dashboard.url, nowMs(), { service, secret: 'guessed' });
  expect([seen.status, dashboard.accepted.length]).toEqual([401, 0]);
});

test('a fault that does not exist is answered with the names of those that do', async () => {
  dashboard = await startDashboard({ clock, secret });
  const seen = await report(dashboard.url, nowMs(), { service: 'fault-dashboard-hangs' });
  expect([seen.status, String(seen.body).slice(0, 26)]).toEqual([500, 'no such fault; there are: ']);
});

test('the whole dashboard fails so many times, and then is well', async () => {
  dashboard = await startDashboard({ clock, secret });
  dashboard.fail('status-503', { times: 2 });
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await report(dashboard.url, nowMs())).status);
  expect(statuses).toEqual([503, 503, 201]);
});

test('the whole dashboard fails until it is told not to', async () => {
  dashboard = await startDashboard({ clock, secret });
  dashboard.fail({ status: 500, body: '{}' });
  expect((await report(dashboard.url, nowMs())).status).toBe(500);
  dashboard.fail(undefined);
  expect((await report(dashboard.url, nowMs())).status).toBe(201);
});

test('a failure can be about one service only', async () => {
  dashboard = await startDashboard({ clock, secret });
  dashboard.fail('status-500', { service: 'db' });
  expect((await report(dashboard.url, nowMs())).status).toBe(201);
  expect((await report(dashboard.url, nowMs(), { service: 'db' })).status).toBe(500);
});
