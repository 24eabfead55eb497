/** The daemon against every fault that a dashboard can have. */
import { expect, onTestFinished, test } from 'vitest';
import { type DashboardRequest, startDashboard } from '../../src/demo/dashboard.ts';
import { type DashboardFault, dashboardFaultNames, faultyService } from '../../src/demo/faults.ts';
import { file, start } from './program.ts';
import { secret, startWorld } from './world.ts';

/** Attempts that a fault is worth; everything else is a refusal, or an answer like any other. */
function attemptsOf(fault: DashboardFault): number {
  if (/retry-after-(minute|day|overflow)/.test(fault)) return 1;
  if (/^(hang|slow|close|reset|not-http|error-after)|^(huge|html)-error|bad-gateway|retry-after/.test(fault))
    return 4;
  const status = Number(/^status-(\d+)$/.exec(fault)?.[1] ?? 200);
  return status >= 500 || [408, 420, 425, 429].includes(status) ? 4 : 1;
}

function gapsMs(requests: readonly DashboardRequest[]): number[] {
  return requests.slice(1).map(({ timeMs }, at) => timeMs - (requests[at]?.timeMs ?? 0));
}

test('each fault of a dashboard costs its attempts, with growing gaps, and no token goes elsewhere', async () => {
  const { convertor, dashboard } = await startWorld();
  const services = dashboardFaultNames.map((fault) => faultyService('dashboard', fault));
  // Several dashboards at one address, so that no fault waits for another's sixteen places.
  const groups = Array.from({ length: 5 }, (_, at) => services.filter((_, index) => index % 5 === at));
  const yaml = [
    `convertor: {url: ${convertor.url}}`,
    'dashboards:',
    ...groups.map(
      (group, at) =>
        `  d${at}: {url: ${dashboard.url}, secret: ${secret}, timeout: 1, match: {services: [${group.join()}]}}`,
    ),
    'reporter:',
    '  services:',
    ...services.map((service) => `    - {name: ${service}, environment: production}`),
  ].join('\n');
  const program = start(['-c', file(yaml), '--log-level', 'trace'], {}, ['--trace-warnings']);
  const isEnd = ({ msg }: { msg: string }) =>
    msg.startsWith('Sent notification') || msg.startsWith('Could not send notification');
  await program.waitForLog(isEnd, services.length);

  for (const fault of dashboardFaultNames) {
    const requests = dashboard.requests.filter(
      ({ service }) => service === faultyService('dashboard', fault),
    );
    expect([fault, requests.length]).toEqual([fault, attemptsOf(fault)]);
    for (const gap of gapsMs(requests)) expect(gap).toBeGreaterThanOrEqual(1_000);
    const [first = 0, , third = Number.POSITIVE_INFINITY] = gapsMs(requests);
    if (!fault.startsWith('retry-after')) expect(third).toBeGreaterThan(first);
    expect(new Set(requests.map(({ key, body }) => `${key} ${body}`)).size).toBe(1);
    expect(requests.flatMap(({ reasons }) => reasons)).toEqual([]);
  }
  // Honoured keys: what was taken before the answer was lost is not there twice.
  const accepted = dashboard.accepted.map(({ service }) => service);
  expect(new Set(accepted).size).toBe(accepted.length);
  expect(dashboard.trap.requests).toEqual([]);
  const output = program.stdout() + program.stderr();
  expect(output).not.toContain(secret);
  expect(output).not.toMatch(/eyJ/);
  expect(output).not.toMatch(/[^\P{Cc}\n]|\p{Zl}|TimeoutOverflow|MaxListeners/u);
  program.signal('SIGTERM');
  expect(await program.ended()).toMatchObject({ code: 0 });
}, 60_000);

test('a dashboard that comes back is told by the next cycle', async () => {
  const { convertor, dashboard } = await startWorld();
  convertor.set('api', 'production', { status: 2 });
  dashboard.fail('reset-before-accept');
  const yaml = [
    `convertor: {url: ${convertor.url}}`,
    `status_dashboard: {url: ${dashboard.url}, secret: ${secret}, retries: 0}`,
    'reporter: {poll_interval: 1, services: [{name: api, environment: production}]}',
  ].join('\n');
  const program = start(['-c', file(yaml)]);
  await program.waitForLog('Could not send notification to dashboard');
  dashboard.fail(undefined);
  await program.waitForLog('Sent notification to dashboard: success');
  expect(dashboard.accepted).toHaveLength(1);
});

test('a rotated secret file is read again after a 401, and the report delivered', async () => {
  const { convertor, dashboard } = await startWorld();
  convertor.set('api', 'production', { status: 2 });
  const secretFile = file('old-secret-0123456789', 'secret');
  dashboard.setSecret('old-secret-0123456789');
  const yaml = [
    `convertor: {url: ${convertor.url}}`,
    `status_dashboard: {url: ${dashboard.url}, secret_file: ${secretFile}}`,
    'reporter: {poll_interval: 1, services: [{name: api, environment: production}]}',
  ].join('\n');
  const program = start(['-c', file(yaml)]);
  await program.waitForLog('Sent notification to dashboard: success');
  dashboard.setSecret('new-secret-0123456789');
  await program.waitForLog((line) => line['reason'] === 'unauthorized');
  file('new-secret-0123456789', 'secret', secretFile.replace(/\/secret$/, ''));
  const refused = dashboard.requests.length;
  await dashboard.waitFor(
    ({ answered }) => answered !== undefined && answered < 300 && dashboard.requests.length > refused,
  );
});

test('one dead dashboard never delays another, nor the polls', async () => {
  const { convertor, dashboard } = await startWorld();
  const hung = await startDashboard({ secret });
  onTestFinished(() => hung.stop());
  hung.fail('hang');
  const services = Array.from({ length: 100 }, (_, at) => `s${at}`);
  for (const service of services) convertor.set(service, 'production', { status: 1 });
  const yaml = [
    `convertor: {url: ${convertor.url}}`,
    'dashboards:',
    `  dead: {url: ${hung.url}, secret: ${secret}}`,
    `  live: {url: ${dashboard.url}, secret: ${secret}}`,
    'reporter:',
    '  poll_interval: 2',
    '  services:',
    ...services.map((service) => `    - {name: ${service}, environment: production}`),
  ].join('\n');
  start(['-c', file(yaml)]);
  await dashboard.waitFor(() => true, 300);
  const starts = convertor.requests.filter(({ service }) => service === 's0').map(({ timeMs }) => timeMs);
  for (const gap of starts.slice(1).map((timeMs, at) => timeMs - (starts[at] ?? 0))) {
    expect(gap).toBeGreaterThan(1_500);
    expect(gap).toBeLessThan(3_000);
  }
  expect(hung.requests.length).toBeLessThanOrEqual(16);
}, 20_000);
