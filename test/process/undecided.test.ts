/** A dashboard of kind `auto` that is not there: nobody is told anything, and everybody who asks hears that. */
import { expect, onTestFinished, test } from 'vitest';
import { component } from '../../src/demo/dialects/stackmon-components.ts';
import { startStackmonV1 } from '../../src/demo/dialects/stackmon-v1.ts';
import { file, freePort, run, start } from './program.ts';
import { secret, startWorld } from './world.ts';

async function world(keys: readonly string[] = []) {
  const port = await freePort();
  const dashboardUrl = `http://127.0.0.1:${port}`;
  const { convertor, text } = await startWorld(['api'], {
    dashboardUrl,
    dashboard: ['kind: auto', ...keys],
    pollSeconds: 1,
  });
  convertor.set('api', 'production', { status: 2 });
  const appear = async () => {
    const page = await startStackmonV1({ port, secret, components: [component(1, 'api', {})] });
    onTestFinished(page.stop);
    return page;
  };
  return { appear, convertor, config: file(text()) };
}

async function daemon(config: string) {
  const program = start(['-c', config, '--metrics-port', String(await freePort())]);
  const { url } = await program.waitForLog('Telemetry is listening');
  const ask = async (path: string) => {
    const answer = await fetch(`${url}${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  const metric = async (series: string) => {
    const { text } = await ask('/metrics');
    const line = text.split('\n').find((each) => each.startsWith(`cloudmon_reporter_${series} `));
    return line?.split(' ')[1];
  };
  return { program, ask, metric };
}

test('a daemon is not ready and degraded, and says which dashboard and why, until its kind is known', async () => {
  const { appear, convertor, config } = await world();
  const { program, ask, metric } = await daemon(config);
  const line = await program.waitForLog(
    'Dashboard is told nothing yet, its kind could not be found out: http://127.0.0.1:',
  );
  expect(line).toMatchObject({ level: 'warn', dashboard: 'default', reason: 'unreachable' });
  await convertor.waitForRequest(() => true, 3);
  expect(await ask('/-/ready')).toEqual({
    status: 503,
    text: 'it is not known yet which kind of dashboard default is\n',
  });
  expect((await ask('/-/healthy')).status).toBe(200);
  const { status, text } = await ask('/health');
  expect([status, JSON.parse(text)]).toEqual([
    200,
    expect.objectContaining({
      status: 'degraded',
      reasons: [
        {
          reason: 'dashboard_undecided',
          message: 'dashboard default is told nothing: which kind it is could not be found out (unreachable)',
          dashboard: 'default',
        },
      ],
    }),
  ]);
  expect(await metric('health_status')).toBe('0.5');
  expect(await metric('dashboard_connected{dashboard="default"}')).toBe('0');
  const errors = 'dashboard_errors_total{dashboard="default",reason="unreachable"}';
  expect(Number(await metric(errors))).toBeGreaterThan(0);

  const page = await appear();
  await page.waitFor(({ method }) => method === 'POST');
  expect(await program.waitForLog('Dashboard is told from now on: its kind is known')).toMatchObject({
    dashboard: 'default',
    kind: 'stackmon-v1',
  });
  await program.waitForLog('Sent notification');
  expect((await ask('/-/ready')).status).toBe(200);
  expect(JSON.parse((await ask('/health')).text)).toMatchObject({ status: 'healthy', reasons: [] });
  expect(await metric('dashboard_connected{dashboard="default"}')).toBe('1');
});

test('--once says so in a line, and ends with 1', async () => {
  const { appear, config } = await world();
  const once = await run(['run', '--once', '-c', config]);
  expect([once.code, once.stdout]).toEqual([
    1,
    [
      'SERVICE  ENVIRONMENT  HEALTH    DASHBOARDS',
      'api      production   2 outage  -',
      'Dashboard default was told nothing: which kind it is could not be found out (unreachable)',
      '',
    ].join('\n'),
  ]);
  const online = await run(['check', '--online', '-c', config]);
  expect([online.code, online.stdout]).toEqual([
    1,
    expect.stringMatching(/^dashboard default: unreachable: http.*ECONNREFUSED/m),
  ]);
  await appear();
  const there = await run(['run', '--once', '-c', config]);
  expect([there.code, there.stdout]).toEqual([0, expect.stringContaining('default: sent')]);
});

test('one that is paused is not asked what it is, and holds nothing up', async () => {
  const { appear, convertor, config } = await world(['mode: paused']);
  expect((await run(['run', '--once', '-c', config])).code).toBe(0);
  const page = await appear();
  const { ask, metric } = await daemon(config);
  await convertor.waitForRequest(() => true, convertor.requests.length + 3);
  await expect.poll(async () => (await ask('/-/ready')).status).toBe(200);
  expect(JSON.parse((await ask('/health')).text)).toMatchObject({ status: 'healthy', reasons: [] });
  expect(await metric('dashboard_connected{dashboard="default"}')).toBeUndefined();
  expect(page.requests).toEqual([]);
});
