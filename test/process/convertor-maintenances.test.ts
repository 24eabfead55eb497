/** What a convertor announces as maintenance keeps dashboards from being told, as long as it lasts. */
import { expect, test } from 'vitest';
import { hang } from '../../src/demo/wire.ts';
import { file, freePort, type Program, run, start } from './program.ts';
import { startWorld } from './world.ts';

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();

async function worldInNeed() {
  const world = await startWorld(['api', 'web'], { pollSeconds: 1 });
  for (const service of ['api', 'web']) world.convertor.set(service, 'production', { status: 2 });
  const servicesTold = () => [
    ...new Set(world.dashboard.requests.map(({ body }) => JSON.parse(body).service)),
  ];
  return { ...world, servicesTold };
}

const daemon = (text: string) => start(['-c', file(text), '--log-level', 'debug', '--log-format', 'json']);

function announced(program: Program) {
  return program.log().filter(({ msg }) => /announce|maintenance/i.test(msg));
}

test('what is announced is not told from the first cycle on, and told when it is over', async () => {
  const { convertor, dashboard, text, servicesTold } = await worldInNeed();
  const end = inSeconds(6);
  convertor.maintenances.announce([
    { service: 'api', region: 'production', start: inSeconds(-60), end, reason: 'new disks' },
    { service: 'web', region: 'staging', start: inSeconds(-60), end, reason: 'elsewhere' },
    { service: 'web', start: inSeconds(60), to: inSeconds(120) },
    'garbage',
  ]);
  const program = daemon(text());
  await program.waitForLog('Maintenance is over, dashboards are told again about service: api');
  expect(servicesTold()).toEqual(['web']);
  await dashboard.waitFor(({ body }) => JSON.parse(body).service === 'api');
  expect(announced(program)).toEqual([
    expect.objectContaining({
      level: 'warn',
      msg: 'Convertor announces maintenance that makes no sense: these entries are left out',
      count: 1,
    }),
    expect.objectContaining({
      level: 'info',
      msg: 'Under maintenance, dashboards are told nothing about service: api',
      environment: 'production',
      until: `${end.slice(0, 19)}Z`,
      maintenance: 'new disks',
    }),
    expect.objectContaining({ level: 'info', msg: expect.stringContaining('Maintenance is over') }),
  ]);
  expect(convertor.maintenances.requests.length).toBe(1);
});

test('a convertor that has no such page is asked once, and nothing is said about it', async () => {
  const { convertor, text, servicesTold } = await worldInNeed();
  const program = daemon(text());
  await program.waitForLog('Cycle done', 4);
  expect(convertor.maintenances.requests.map(({ path }) => path)).toEqual([
    '/v1/maintenances',
    '/api/v1/maintenances',
  ]);
  expect(announced(program)).toEqual([]);
  expect(servicesTold().sort()).toEqual(['api', 'web']);
});

test('a page that hangs holds up no cycle but the first, by half its time, and no report for long', async () => {
  const { convertor, dashboard, text } = await worldInNeed();
  convertor.maintenances.announce(hang);
  const program = daemon(text({ convertor: ['timeout: 3'] }));
  await dashboard.waitFor();
  await program.waitForLog('Convertor does not say what is under maintenance');
  expect(announced(program)).toEqual([
    expect.objectContaining({
      level: 'warn',
      reason: 'timeout',
      msg: `Convertor does not say what is under maintenance; what it announced before holds: no answer from ${convertor.url}/v1/maintenances within 3 s`,
    }),
  ]);
  await program.waitForLog('Cycle done', 4);
  expect(program.log().filter(({ msg }) => msg.startsWith('Cycle took longer'))).toEqual([]);
});

test('one cycle asks, too', async () => {
  const { convertor, dashboard, text } = await worldInNeed();
  convertor.maintenances.announce(
    ['api', 'web'].map((service) => ({ service, start: inSeconds(-60), end: inSeconds(60) })),
  );
  const { code, stderr } = await run(['run', '--once', '-c', file(text())]);
  expect(code).toBe(0);
  expect(stderr).toContain('Under maintenance, dashboards are told nothing about service: web');
  expect(dashboard.requests).toEqual([]);
});

/** Two services that can be asked about, in an environment with a region. */
const health = {
  environments: [{ name: 'production', attributes: { region: 'EU-DE' } }],
  metric_templates: { errors: { query: 'errors', op: 'gt', threshold: 1 } },
  flag_metrics: [
    { name: 'errors', service: 'api', template: { name: 'errors' }, environments: [{ name: 'production' }] },
  ],
  health_metrics: {
    api: {
      service: 'api',
      component_name: 'API',
      category: 'test',
      metrics: ['api.errors'],
      expressions: [{ expression: 'api.errors', weight: 1 }],
    },
  },
};

test('what a collector elsewhere announces reaches the reporter', async () => {
  const maintenance = [
    { services: ['api'], from: inSeconds(-60), to: inSeconds(3_600), reason: 'new disks' },
  ];
  const parts = { collector: {}, server: { port: await freePort() }, ...health, maintenance };
  const collector = start(['collect', '-c', file(JSON.stringify(parts)), '--log-format', 'json']);
  const { url } = await collector.waitForLog('Collector is listening');
  const { text } = await startWorld();
  const program = daemon(
    text({
      convertorUrl: String(url),
      services: [],
      more: '    - {name: api, environment: production, attributes: {region: EU-DE}}',
    }),
  );
  const line = await program.waitForLog('Under maintenance');
  expect(line).toMatchObject({ service: 'api', maintenance: 'new disks' });
});
