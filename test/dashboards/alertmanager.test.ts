/** The kind `alertmanager` against Alertmanager's own rules: alerts that live as long as they are told. */
import { expect, onTestFinished, test } from 'vitest';
import { type AlertmanagerOptions, startAlertmanager } from '../../src/demo/dialects/alertmanager.ts';
import type { Status } from '../../src/model/status.ts';
import { load, parts } from '../config/folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { stage } from './stage.ts';

async function scene(keys = '', services?: string, options: AlertmanagerOptions = {}) {
  const clock = new FakeClock();
  const alertmanager = await startAlertmanager({ ...options, clock });
  onTestFinished(() => alertmanager.stop());
  const section = `{kind: alertmanager, url: "${alertmanager.url}"${keys}}`;
  const staged = await stage(section, services, clock);
  /** What is firing after each of them. */
  const walk = async (...statuses: readonly (Status | undefined)[]) => {
    const seen: string[] = [];
    for (const status of statuses) {
      await staged.walk(status);
      seen.push(firing().join(' '));
    }
    return seen;
  };
  const firing = () =>
    alertmanager.alerts
      .filter(({ endsMs }) => endsMs > clock.now())
      .map(({ labels }) => `${labels['service']}:${labels['severity']}`);
  return { alertmanager, clock, stage: staged, walk, firing };
}

const at = (minute: number) => `2026-01-20T12:${String(minute).padStart(2, '0')}:00Z`;

function alert(severity: string, word: string, from: number, to: number) {
  return {
    labels: {
      alertname: 'CloudMonServiceHealth',
      service: 'api',
      environment: 'production',
      component: 'API',
      severity,
    },
    annotations: { summary: `API (production): ${word}` },
    startsAt: at(from),
    endsAt: at(to),
  };
}

test('healthy, 1, 2, 1, 0, 1, 0: told at every poll, ended by name', async () => {
  const { alertmanager, stage, walk } = await scene();
  expect(await walk(0, 1, 2, 1, 0, 1, 0)).toEqual([
    '',
    'api:warning',
    'api:critical',
    'api:warning',
    '',
    'api:warning',
    '',
  ]);
  expect(alertmanager.requests.map(({ method, path, json }) => [method, path, json])).toEqual([
    ['POST', '/api/v2/alerts', [alert('warning', 'degraded', 1, 6)]],
    ['POST', '/api/v2/alerts', [alert('warning', 'degraded', 1, 2), alert('critical', 'outage', 1, 7)]],
    ['POST', '/api/v2/alerts', [alert('critical', 'outage', 1, 3), alert('warning', 'degraded', 1, 8)]],
    ['POST', '/api/v2/alerts', [alert('warning', 'recovered', 1, 4)]],
    ['POST', '/api/v2/alerts', [alert('warning', 'degraded', 5, 10)]],
    ['POST', '/api/v2/alerts', [alert('warning', 'recovered', 5, 6)]],
  ]);
  expect(alertmanager.requests[0]?.body).toBe(JSON.stringify([alert('warning', 'degraded', 1, 6)]));
  expect(alertmanager.requests.every(({ answered }) => answered === 200)).toBe(true);
  expect(stage.outcomes.length).toBe(6);
});

test('an unchanged alert is told again with the same begin and a later end', async () => {
  const { alertmanager, walk } = await scene();
  await walk(2, 2, 2);
  expect(alertmanager.requests.map(({ json }) => json)).toEqual([
    [alert('critical', 'outage', 0, 5)],
    [alert('critical', 'outage', 0, 6)],
    [alert('critical', 'outage', 0, 7)],
  ]);
});

test('two statuses with one severity are one alert', async () => {
  const { alertmanager, walk } = await scene();
  expect(await walk(2, 3, 2)).toEqual(['api:critical', 'api:critical', 'api:critical']);
  expect(alertmanager.requests[1]?.json).toEqual([alert('critical', 'critical', 0, 6)]);
  expect(alertmanager.alerts.length).toBe(1);
});

test('no data keeps the alert as it was told last, for as long as there is none', async () => {
  const { walk, alertmanager } = await scene();
  const nothing = Array.from({ length: 30 }, () => undefined);
  const seen = await walk(2, ...nothing, 0);
  expect(new Set(seen.slice(0, -1))).toEqual(new Set(['api:critical']));
  expect(seen.at(-1)).toBe('');
  expect(new Set(alertmanager.alerts.map(({ startsMs }) => startsMs)).size).toBe(1);
});

test('an alert that waits for close_after lasts until then', async () => {
  const { walk } = await scene(', close_after: 10m');
  const well = Array.from({ length: 12 }, () => 0 as const);
  const seen = await walk(2, ...well);
  expect(seen.map((firing) => firing !== '').lastIndexOf(true)).toBe(10);
  expect(seen.slice(0, 11).every((firing) => firing === 'api:critical')).toBe(true);
});

test('no data opens nothing', async () => {
  const { walk, alertmanager } = await scene();
  await walk(undefined, 0, undefined);
  expect(alertmanager.requests).toEqual([]);
});

test('an alert ends by itself some time after the reporter is gone, and not before', async () => {
  const { walk, firing, clock } = await scene();
  await walk(2);
  await clock.advance(3 * 60_000);
  expect(firing()).toEqual(['api:critical']);
  await clock.advance(60_000);
  expect(firing()).toEqual([]);
});

test('restarts lose and double nothing, with the state and without it', async () => {
  const { stage, walk, alertmanager } = await scene();
  await walk(2);
  stage.restart();
  expect(await walk(2)).toEqual(['api:critical']);
  stage.forget();
  expect(await walk(2)).toEqual(['api:critical']);
  expect(alertmanager.alerts.length).toBe(1);
  expect(alertmanager.alerts[0]?.startsMs).toBe(Date.parse(at(0)));
  stage.restart();
  expect(await walk(0)).toEqual(['']);
});

test('a lost answer doubles nothing, and the body repeats byte for byte', async () => {
  const { alertmanager, walk } = await scene();
  const seen: string[] = [];
  for (const status of [1, 2, 0] as const) {
    alertmanager.fail('reset-after-accept', { times: 1 });
    seen.push(...(await walk(status)));
  }
  expect(seen).toEqual(['api:warning', 'api:critical', '']);
  const bodies = alertmanager.requests.map(({ body }) => body);
  expect(bodies.length).toBe(6);
  for (const first of [0, 2, 4]) expect(bodies[first]).toBe(bodies[first + 1]);
});

test('what may have arrived is ended with what was told', async () => {
  const { alertmanager, walk, stage } = await scene(', retries: 0');
  alertmanager.fail('reset-after-accept', { times: 1 });
  expect(await walk(1, 2)).toEqual(['api:warning', 'api:critical']);
  alertmanager.fail('reset-after-accept', { times: 1 });
  expect(await walk(1, 0)).toEqual(['api:warning', '']);
  expect(alertmanager.requests.at(-1)?.json).toEqual([
    alert('critical', 'recovered', 0, 3),
    alert('warning', 'recovered', 0, 3),
  ]);
  expect(stage.outcomes.at(-1)).toBe('api close 2: sent');
});

test('a refusal is told in Alertmanager’s words, and what it kept of it is told again', async () => {
  const { alertmanager, walk, stage } = await scene();
  alertmanager.fail({ status: 400, body: '"at least one label pair required"\n' }, { times: 1 });
  expect(await walk(2, 2)).toEqual(['', 'api:critical']);
  expect(stage.outcomes).toEqual([
    'api open 2: rejected, rejected: answered 400: "at least one label pair required"',
    'api open 2: sent',
  ]);
});

test('an alert never ends before it begins, although a reading lies in the future', async () => {
  const { alertmanager, stage, clock } = await scene();
  const { dashboard } = stage.deliveries().parts;
  if (dashboard.tellsTogether) throw new Error('it tells apart');
  const target = stage.config.reporter.targets[0];
  if (!target) throw new Error('no target');
  const timeMs = clock.now() + 45_000;
  const action = {
    type: 'close',
    incident: { id: 'x', dashboard: 'page', members: [target], sinceMs: timeMs },
    status: 2,
    timeMs,
    reading: { target, status: 0, timeMs, evidence: { triggered: [] } },
    idempotencyKey: 'x',
  } as const;
  const telling = { action, told: 2, reference: undefined, isDoubted: false, isWanted: () => true } as const;
  await dashboard.tell(telling, new AbortController().signal);
  expect(alertmanager.requests[0]?.answered).toBe(200);
});

test('labels, severities and the summary are the operator’s', async () => {
  const keys =
    ', labels: {cluster: eu-1, team: "0123"}, severity: {outage: page}, summary: "{{service}} {{word}}"';
  const { alertmanager, walk } = await scene(keys);
  await walk(2);
  expect(alertmanager.requests[0]?.json).toMatchObject([
    {
      labels: {
        alertname: 'CloudMonServiceHealth',
        cluster: 'eu-1',
        team: '0123',
        service: 'api',
        environment: 'production',
        component: 'API',
        severity: 'page',
      },
      annotations: { summary: 'api outage' },
    },
  ]);
});

test('flags and expressions are annotations, and only where that is asked for', async () => {
  const evidence = { matchedExpression: 'slow || down', triggered: [{ name: 'slow' }, { name: 'down' }] };
  const silent = await scene();
  silent.stage.evidence(evidence);
  await silent.walk(2);
  expect(silent.alertmanager.requests[0]?.body).not.toContain('slow');
  const open = await scene(', evidence: true');
  open.stage.evidence(evidence);
  await open.walk(2, 0);
  expect(open.alertmanager.requests.map(({ json }) => json)).toMatchObject([
    [
      {
        labels: alert('critical', 'outage', 0, 5).labels,
        annotations: {
          summary: 'API (production): outage',
          matched_expression: 'slow || down',
          triggered: 'slow\ndown',
        },
      },
    ],
    [{ annotations: { summary: 'API (production): recovered' } }],
  ]);
});

test('user and password in the URL are shown to Alertmanager, and to nobody else', async () => {
  const clock = new FakeClock();
  const authorization = `Basic ${Buffer.from('reporter:p@ss:w/rd').toString('base64')}`;
  const alertmanager = await startAlertmanager({ clock, authorization });
  onTestFinished(() => alertmanager.stop());
  const url = alertmanager.url.replace('http://', 'http://reporter:p%40ss%3Aw%2Frd@');
  const staged = await stage(`{kind: alertmanager, url: "${url}", retries: 0}`, undefined, clock);
  await staged.walk(2);
  expect(alertmanager.alerts.length).toBe(1);
  alertmanager.fail({ status: 403, body: 'reporter with p@ss:w/rd is not welcome' }, { times: 1 });
  await staged.walk(2);
  await alertmanager.stop();
  await staged.walk(2);
  expect(staged.outcomes[1]).toBe(
    'api repeat 2: rejected, unauthorized: answered 403: *** with *** is not welcome',
  );
  expect(staged.outcomes.join()).not.toMatch(/p@ss|p%40/);
});

test('a bearer token is shown', async () => {
  const { alertmanager, walk } = await scene(', bearer_token: t0ken', undefined, {
    authorization: 'Bearer t0ken',
  });
  expect(await walk(2)).toEqual(['api:critical']);
  expect(alertmanager.requests[0]?.headers.authorization).toBe('Bearer t0ken');
});

test('what is only recorded is what would be posted', async () => {
  const { alertmanager, stage, walk } = await scene(', mode: record');
  await walk(2);
  expect(stage.previews).toEqual([
    {
      target: `POST ${alertmanager.url}/api/v2/alerts`,
      body: JSON.stringify([alert('critical', 'outage', 0, 5)]),
    },
  ]);
  expect(alertmanager.requests).toEqual([]);
});

async function check(keys: string): Promise<string> {
  const dashboards = `dashboards: {page: {kind: alertmanager${keys}}}\n`;
  const { lines } = await load({ 'config.yaml': parts.convertor + parts.services + dashboards });
  return lines.replace(/^config\.yaml:\d+(:\d+)?: /gm, '');
}
const url = ', url: https://alerts.example.com';

test('labels are checked by Prometheus’s rules when the configuration is loaded', async () => {
  const form = 'Use letters, digits and _, no digit first';
  expect(await check(`${url}, labels: {a-b: x}`)).toBe(
    `error: dashboards.page.labels: has a name that is none of a label. ${form}`,
  );
  expect(await check(`${url}, labels: {1a: x}`)).toContain('has a name that is none of a label');
  for (const own of ['alertname', 'service', 'environment', 'component', 'severity']) {
    expect(await check(`${url}, labels: {${own}: x}`)).toBe(
      `error: dashboards.page.labels: cannot replace the label ${own}. Use another name`,
    );
  }
  expect(await check(`${url}, labels: {team: ""}`)).toContain('has a label team that is empty');
  expect(await check(`${url}, labels: {team: ops, _x9: "é \\" \\\\"}`)).toBe('');
});

test('two ways to be let in, or an alert that would be forgotten, are told when it is loaded', async () => {
  expect(await check(', url: "https://a:b@alerts.example.com", bearer_token: x')).toBe(
    'error: dashboards.page.bearer_token: stands beside user and password in url. Keep one of them',
  );
  expect(await check(`${url}, send: on_change`)).toMatch(/^warning: dashboards\.page\.send: lets alerts end/);
  expect(await check(`${url}, send: on_change, repeat_interval: 2m`)).toBe('');
});
