/** A program that is under maintenance tells no dashboard, says why, and tells the rest when it is over. */
import { expect, test } from 'vitest';
import { file, freePort, run, start, temporaryFolder } from './program.ts';
import { startWorld } from './world.ts';

const hourMs = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * hourMs).toISOString();

const once = (services = '[api]') =>
  `maintenance: [{services: ${services}, from: "${inHours(-1)}", to: "${inHours(1)}", reason: new disks}]`;
const always = 'maintenance: [{cron: 0 * * * *, duration: 1h, time_zone: Europe/Berlin}]';

async function worldInNeed() {
  const world = await startWorld(['api', 'web'], { pollSeconds: 1 });
  for (const service of ['api', 'web']) world.convertor.set(service, 'production', { status: 2 });
  return world;
}

test('a daemon polls on, tells nobody, says why once, and tells when maintenance is taken out', async () => {
  const { dashboard, text } = await worldInNeed();
  const folder = temporaryFolder();
  const program = start(['-c', file(text({ more: once() }), 'config.yaml', folder), '--log-level', 'debug']);
  await program.waitForLog('Cycle done', 3);
  await dashboard.waitFor();
  const servicesTold = () => [...new Set(dashboard.requests.map(({ body }) => JSON.parse(body).service))];
  expect(servicesTold()).toEqual(['web']);
  const lines = program.log().filter(({ service }) => service === 'api');
  expect(lines.filter(({ msg }) => msg === 'Health status: 2 (outage)').length).toBeGreaterThan(2);
  expect(lines.filter(({ msg }) => msg.startsWith('Under maintenance'))).toEqual([
    expect.objectContaining({
      level: 'info',
      msg: 'Under maintenance, dashboards are told nothing about service: api',
      environment: 'production',
      until: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      maintenance: 'new disks',
    }),
  ]);

  file(text(), 'config.yaml', folder);
  program.signal('SIGHUP');
  await program.waitForLog('Maintenance is over, dashboards are told again about service: api');
  await dashboard.waitFor(({ body }) => JSON.parse(body).service === 'api');
  expect(servicesTold().sort()).toEqual(['api', 'web']);
});

test('what is under maintenance again and again is not told either, by a rehearsal and by one cycle', async () => {
  const { dashboard, text } = await worldInNeed();
  const config = file(text({ more: always }));
  const rehearsal = await run(['run', '--once', '--dry-run', '-c', config]);
  expect(rehearsal.stdout).not.toContain('would tell');
  expect(rehearsal.stderr).toContain('Under maintenance, dashboards are told nothing about service: api');
  expect((await run(['run', '--once', '-c', config])).code).toBe(0);
  expect(dashboard.requests).toEqual([]);
  const other = await run(['run', '--once', '--dry-run', '-c', file(text({ more: once('[web]') }))]);
  expect(other.stdout.match(/would tell/g)).toHaveLength(1);
});

/** Two services that can be asked about, in an environment with a region. */
const health = {
  environments: [{ name: 'production', attributes: { region: 'EU-DE' } }],
  metric_templates: { errors: { query: 'errors', op: 'gt', threshold: 1 } },
  flag_metrics: ['api', 'web'].map((service) => ({
    name: 'errors',
    service,
    template: { name: 'errors' },
    environments: [{ name: 'production' }],
  })),
  health_metrics: Object.fromEntries(
    ['api', 'web'].map((service) => [
      service,
      {
        service,
        component_name: service,
        category: 'test',
        metrics: [`${service}.errors`],
        expressions: [{ expression: `${service}.errors`, weight: 1 }],
      },
    ]),
  ),
};

test.each(['run', 'collect'])('%s lists maintenance, and a reload changes the list', async (role) => {
  const server = { port: await freePort() };
  const from = '2026-01-01T00:00:00Z';
  const to = '2126-01-01T00:00:00+01:00';
  const text = (services: readonly string[]) =>
    JSON.stringify({
      collector: {},
      server,
      ...health,
      dashboards: { screen: { kind: 'console' } },
      maintenance: [{ services, from, to, reason: 'for long' }],
    });
  const folder = temporaryFolder();
  const program = start([role, '-c', file(text(['web']), 'config.yaml', folder), '--log-format', 'json']);
  const { url } = await program.waitForLog('Collector is listening');
  const list = async () => (await fetch(`${url}/v1/maintenances`)).json();
  const row = { region: 'EU-DE', start: from, end: '2125-12-31T23:00:00Z', reason: 'for long' };
  expect(await list()).toEqual([{ service: 'web', ...row }]);

  file(text(['*']), 'config.yaml', folder);
  program.signal('SIGHUP');
  await program.waitForLog('Configuration was reloaded');
  expect(await list()).toEqual([
    { service: 'api', ...row },
    { service: 'web', ...row },
  ]);
});
