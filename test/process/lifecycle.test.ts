/** How the program starts, reloads and ends. */
import { expect, test } from 'vitest';
import { faultyService } from '../../src/demo/faults.ts';
import { file, freePort, run, start, temporaryFolder } from './program.ts';
import { startWorld } from './world.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;

test('the log has the three lines of seed 001, with why it was decided so', async () => {
  const { convertor, text } = await startWorld(['api']);
  convertor.set('api', 'production', {
    status: 1,
    matchedExpression: 'api.slow',
    flags: { 'api.slow': true },
  });
  const program = start(['-c', file(text())]);
  const target = { level: 'info', service: 'api', environment: 'production' };
  const decided = { ...target, status: 1, component: 'api', matched_expression: 'api.slow' };
  expect(await program.waitForLog('Polling convertor for service: api')).toMatchObject(target);
  expect(await program.waitForLog('Health status: 1 (degraded)')).toMatchObject({
    ...decided,
    triggered: [{ name: 'api.slow' }],
  });
  expect(await program.waitForLog('Sent notification to dashboard: success')).toMatchObject({
    ...decided,
    dashboard: 'default',
    reason: 'open',
    outcome: 'sent',
  });
});

test.each(signals)('%s while idle ends with 0', async (signal) => {
  const { text } = await startWorld(['api']);
  const program = start(['-c', file(text())]);
  await program.waitForLog('Health status: 0 (healthy)');
  program.signal(signal);
  const { code, afterMs } = await program.ended();
  expect([code, afterMs < 2_000]).toEqual([0, true]);
});

test.each(signals)('%s in the middle of a poll ends with 0', async (signal) => {
  const { convertor, text } = await startWorld([faultyService('convertor', 'hang')]);
  const program = start(['-c', file(text())]);
  await convertor.waitForRequest();
  program.signal(signal);
  const { code, afterMs } = await program.ended();
  expect([code, afterMs < 2_000]).toEqual([0, true]);
});

test('SIGTERM between two attempts of a poll asks no more', async () => {
  const { convertor, text } = await startWorld(['api'], { convertor: ['timeout: 20'] });
  convertor.fail('status-503', { times: 1 });
  const program = start(['-c', file(text())]);
  await convertor.waitForRequest();
  convertor.fail('hang');
  program.signal('SIGTERM');
  const { code, afterMs } = await program.ended();
  expect([code, afterMs < 2_000]).toEqual([0, true]);
});

test('SIGTERM after a reload in the middle of a poll ends with 0', async () => {
  const { convertor, text } = await startWorld([faultyService('convertor', 'hang')], {
    convertor: ['timeout: 20'],
  });
  const folder = temporaryFolder();
  const program = start(['-c', file(text(), 'config.yaml', folder)]);
  await convertor.waitForRequest();
  file(text({ convertor: ['timeout: 19'] }), 'config.yaml', folder);
  program.signal('SIGHUP');
  await program.waitForLog('Configuration was reloaded');
  program.signal('SIGTERM');
  const { code, afterMs } = await program.ended();
  expect([code, afterMs < 2_000]).toEqual([0, true]);
});

test.each(signals)('%s in the middle of a post gives it 4 s and ends with 0', async (signal) => {
  const { dashboard, text } = await startWorld([faultyService('dashboard', 'hang')]);
  const program = start(['-c', file(text())]);
  await dashboard.waitFor();
  program.signal(signal);
  const { code, afterMs } = await program.ended();
  expect(code).toBe(0);
  expect(afterMs).toBeGreaterThan(3_500);
  expect(afterMs).toBeLessThan(5_000);
});

test('a post that is answered in time is waited for', async () => {
  const { dashboard, text } = await startWorld([faultyService('dashboard', 'slow')]);
  const program = start(['-c', file(text())]);
  await dashboard.waitFor();
  program.signal('SIGTERM');
  expect(await program.ended()).toMatchObject({ code: 0 });
  expect(program.log().map(({ msg }) => msg)).toContain('Sent notification to dashboard: success');
});

test.each(signals)('%s between two attempts ends with 0 within 5 s', async (signal) => {
  const { text } = await startWorld([faultyService('dashboard', 'status-503')]);
  const program = start(['-c', file(text())]);
  await program.waitForLog(/next attempt in/);
  program.signal(signal);
  const { code, afterMs } = await program.ended();
  expect([code, afterMs < 5_000]).toEqual([0, true]);
});

test('a signal in the very first moment ends with 0', async () => {
  const { text } = await startWorld(['api']);
  const program = start(['-c', file(text())]);
  await program.waitForLog('Reporter is running');
  program.signal('SIGTERM');
  expect(await program.ended()).toMatchObject({ code: 0 });
});

test('a second signal ends at once with 1', async () => {
  const { dashboard, text } = await startWorld([faultyService('dashboard', 'hang')]);
  const program = start(['-c', file(text())]);
  await dashboard.waitFor();
  program.signal('SIGTERM');
  await program.waitForLog('Stopping');
  program.signal('SIGTERM');
  const { code, afterMs } = await program.ended();
  expect([code, afterMs < 500]).toEqual([1, true]);
});

test('a reload takes effect, a broken one changes nothing, and no cycle is missed', async () => {
  const { convertor, text } = await startWorld(['api'], { pollSeconds: 1 });
  const folder = temporaryFolder();
  const config = file(text(), 'config.yaml', folder);
  const program = start(['-c', config]);
  await convertor.waitForRequest();
  for (let turn = 1; turn <= 50; turn++) {
    file('reporter: [', 'config.yaml', folder);
    program.signal('SIGHUP');
    await program.waitForLog('Configuration is broken, the old one stays', turn);
    file(text({ services: ['api', `web${turn}`] }), 'config.yaml', folder);
    program.signal('SIGHUP');
    await program.waitForLog('Configuration was reloaded', turn);
  }
  await convertor.waitForRequest(({ service }) => service === 'web50');
  const starts = convertor.requests.filter(({ service }) => service === 'api').map(({ timeMs }) => timeMs);
  for (const gap of starts.slice(1).map((timeMs, at) => timeMs - (starts[at] ?? 0))) {
    expect(gap).toBeGreaterThan(700);
    expect(gap).toBeLessThan(1_500);
  }
  const broken = program.log().find(({ msg }) => msg.startsWith('Configuration is broken'));
  expect(broken?.msg).toMatch(/config\.yaml:\d+:\d+/);
}, 30_000);

test('--watch-config reloads when the content changes', async () => {
  const { convertor, text } = await startWorld(['api']);
  const folder = temporaryFolder();
  const program = start(['-c', file(text(), 'config.yaml', folder), '--watch-config']);
  await convertor.waitForRequest();
  file(text({ services: ['web'], pollSeconds: 1 }), 'config.yaml', folder);
  await program.waitForLog('Configuration was reloaded');
  await convertor.waitForRequest(({ service }) => service === 'web');
});

test('--once tells, prints a table and ends with 0; with 1 where something failed', async () => {
  const { convertor, dashboard, text } = await startWorld(['api', 'web']);
  convertor.set('api', 'production', { status: 2 });
  const config = file(text());
  const fine = await run(['--once', '-c', config]);
  expect([fine.code, fine.stdout]).toEqual([
    0,
    [
      'SERVICE  ENVIRONMENT  HEALTH     DASHBOARDS',
      'api      production   2 outage   default: sent',
      'web      production   0 healthy  -',
      '',
    ].join('\n'),
  ]);
  dashboard.fail('status-422');
  convertor.set('web', 'production', { shape: 'X' });
  const failed = await run(['--once', '-c', config]);
  expect([failed.code, failed.stdout]).toEqual([
    1,
    [
      'SERVICE  ENVIRONMENT  HEALTH                 DASHBOARDS',
      'api      production   2 outage               default: rejected (rejected)',
      'web      production   no data (unsupported)  -',
      '',
    ].join('\n'),
  ]);
});

test('--once says why series of its own have no values', async () => {
  const { dashboard } = await startWorld(['api']);
  const health = {
    collector: {},
    environments: [{ name: 'production' }],
    metric_templates: { t: { query: 'up', op: 'lt', threshold: 1 } },
    flag_metrics: [
      { name: 'up', service: 'api', template: { name: 't' }, environments: [{ name: 'production' }] },
    ],
    health_metrics: {
      api: { category: 'c', metrics: ['api.up'], expressions: [{ expression: 'api.up', weight: 2 }] },
    },
    status_dashboard: { kind: 'incidents', url: dashboard.url, secret: 'your-jwt-secret' },
    reporter: { services: [{ name: 'api' }] },
  };
  const { stdout, stderr } = await run(['--once', '-c', file(JSON.stringify(health))]);
  expect(stdout).toContain('no data (empty)');
  expect(stderr).toContain('One cycle asks series that nobody has pushed yet, so there is no data');
  const remote = { ...health, datasource: { type: 'prometheus', url: 'http://127.0.0.1:1' } };
  const asked = await run(['--once', '-c', file(JSON.stringify(remote))]);
  expect(asked.stderr).not.toContain('One cycle asks');
});

test('--dry-run prints what it would send and sends nothing', async () => {
  const { convertor, dashboard, text } = await startWorld(['api']);
  convertor.set('api', 'production', { status: 2 });
  const { code, stdout } = await run(['--once', '--dry-run', '-c', file(text())]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^would tell default: POST http:\/\/127.0.0.1:\d+\/api\/incidents \{"service":"api",/,
  );
  expect(dashboard.requests).toEqual([]);
});

test('mode record decides and sends nothing, paused not even that', async () => {
  const { convertor, dashboard, text } = await startWorld(['api'], {
    pollSeconds: 1,
    dashboard: ['mode: record'],
  });
  convertor.set('api', 'production', { status: 2 });
  const folder = temporaryFolder();
  const program = start(['-c', file(text(), 'config.yaml', folder)]);
  await program.waitForLog('Would send notification to dashboard (mode record)');
  file(text({ dashboard: ['mode: paused'] }), 'config.yaml', folder);
  program.signal('SIGHUP');
  await program.waitForLog('Configuration was reloaded');
  const recorded = program.log().filter(({ msg }) => msg.startsWith('Would send')).length;
  const asked = convertor.requests.length;
  await convertor.waitForRequest(() => true, asked + 2);
  expect(program.log().filter(({ msg }) => msg.startsWith('Would send')).length).toBeLessThanOrEqual(
    recorded + 1,
  );
  expect(dashboard.requests).toEqual([]);
  file(text({ dashboard: [] }), 'config.yaml', folder);
  program.signal('SIGHUP');
  await dashboard.waitFor();
});

test('the console kind prints what opens, changes and closes', async () => {
  const { convertor, text } = await startWorld(['api'], { pollSeconds: 1 });
  const console = text().replace(
    /status_dashboard:[\s\S]*reporter:/,
    'status_dashboard: {kind: console}\nreporter:',
  );
  convertor.set('api', 'production', { status: 1 });
  const program = start(['-c', file(console)]);
  const lines = () =>
    program
      .stdout()
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .map((line) => line.slice(22));
  await program.waitForLog('Sent notification');
  convertor.set('api', 'production', { status: 3 });
  await program.waitForLog('Sent notification', 2);
  convertor.set('api', 'production', { status: 0 });
  await program.waitForLog('Sent notification', 3);
  expect(lines()).toEqual([
    'DEGRADED   api (api, production)',
    'CRITICAL   api (api, production)',
    'RECOVERED  api (api, production)',
  ]);
});

test('the probes say whether the loop turns and whether the first cycle is done', async () => {
  const { convertor, text } = await startWorld(['api']);
  convertor.set('api', 'production', { delayMs: 300 });
  const port = await freePort();
  const env = { MP_TELEMETRY__PORT: String(port) };
  const program = start(['-c', file(text())], env);
  const { url } = await program.waitForLog('Telemetry is listening');
  const probe = async (path: string) => (await fetch(`${url}${path}`)).status;
  expect(await probe('/-/ready')).toBe(503);
  expect(await probe('/-/healthy')).toBe(200);
  await program.waitForLog('Health status');
  // The convertor is still asked what is under maintenance.
  await expect.poll(() => probe('/-/ready')).toBe(200);
  expect(await probe('/no/such/page')).toBe(404);
  expect((await fetch(`${url}/-/ready`, { method: 'POST', body: 'x' })).status).toBe(405);
  expect(await run(['healthcheck'], env)).toMatchObject({ code: 0, stdout: 'healthy\n' });
  expect(await run(['healthcheck', '--url', String(url)])).toMatchObject({ code: 0 });
  const second = await run(['-c', file(text())], env);
  expect(second.code).toBe(1);
  expect(second.stdout).toContain(
    `Cannot start: no listening on 127.0.0.1:${port}: another program has the port (EADDRINUSE)`,
  );
  program.signal('SIGTERM');
  await program.ended();
  expect((await run(['healthcheck'], env)).code).toBe(1);
  expect(await run(['healthcheck'])).toMatchObject({ code: 1 });
});

test('what nobody caught is logged once, as a bug, and ends with 70', async () => {
  const { text } = await startWorld(['api']);
  const throws = (code: string) => ['--import', `data:text/javascript,${code}`];
  const later = throws("setTimeout(() => { throw new Error('boom') }, 1000)");
  const program = start(['-c', file(text())], {}, later);
  expect(await program.ended()).toMatchObject({ code: 70 });
  const fatal = program.log().filter(({ level }) => level === 'fatal');
  expect(fatal.map(({ msg }) => msg)).toEqual(['This is a bug, please report it: boom']);

  const atWork = throws("Array.prototype.flatMap = () => { throw new Error('boom') }");
  const oneShot = start(['check', '-c', file(text())], {}, atWork);
  expect(await oneShot.ended()).toMatchObject({ code: 70 });
  expect(oneShot.stderr()).toMatch(/^This is a bug, please report it: Error: boom\n/);
});

test('usage errors end with 64, say what is wrong and where to look', async () => {
  const hint = 'See cloudmon-reporter --help, or try: cloudmon-reporter demo\n';
  const wrong = [
    [[], "error: required option '-c, --config <file>' not specified"],
    [['-c', 'x', '--bogus'], "error: unknown option '--bogus'"],
    [['config.yaml'], "error: unknown command 'config.yaml'; a configuration is named with -c"],
  ] as const;
  for (const [args, message] of wrong) {
    expect(await run(args)).toMatchObject({ code: 64, stderr: `${message}\n${hint}` });
  }
  expect(await run(['-c', 'x', '--metrics-port', 'x'])).toMatchObject({ code: 64 });
  expect((await run(['--help'])).code).toBe(0);
});
