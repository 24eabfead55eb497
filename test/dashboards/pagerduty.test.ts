/** The kind `pagerduty` against PagerDuty's own rules: a walk, and everything that may go wrong on the way. */
import { expect, onTestFinished, test } from 'vitest';
import { type PagerdutyOptions, startPagerduty } from '../../src/demo/dialects/pagerduty.ts';
import { load, parts } from '../config/folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { stage } from './stage.ts';

const key = 'r0123456789abcdef0123456789abcde';
const dedupKey = 'cloudmon/37f0d161bbd4376b648a09c8c3d23af2a21400bccd404f5e488d5d8899bbde52';

async function scene(keys = '', services?: string, options: PagerdutyOptions = {}) {
  const clock = new FakeClock();
  const pagerduty = await startPagerduty({ routingKey: key, ...options, clock });
  onTestFinished(() => pagerduty.stop());
  const section = `{kind: pagerduty, url: "${pagerduty.url}", routing_key: ${key}${keys}}`;
  return { pagerduty, clock, stage: await stage(section, services, clock) };
}

type Scene = Awaited<ReturnType<typeof scene>>;

function sent({ pagerduty }: Scene): readonly string[] {
  return pagerduty.requests.map(({ json, answered = '' }) => {
    const { event_action: action, payload } = json as Event;
    return `${action}${payload ? ` ${payload.severity}` : ''} ${answered}`.trim();
  });
}

type Event = {
  readonly event_action: string;
  readonly dedup_key: string;
  readonly payload?: { readonly severity: string; readonly custom_details: object };
};

function trigger(severity: string, word: string, status: number, since: string, timestamp: string) {
  return {
    routing_key: key,
    dedup_key: dedupKey,
    event_action: 'trigger',
    payload: {
      summary: `API (production): ${word}`,
      source: 'api',
      severity,
      timestamp: `2026-01-20T12:0${timestamp}:00Z`,
      component: 'API',
      group: 'production',
      class: 'service health',
      custom_details: {
        service: 'api',
        environment: 'production',
        status,
        since: `2026-01-20T12:0${since}:00Z`,
      },
    },
    client: 'cloudmon-reporter',
  };
}

test('healthy, 1, 2, 1, 0, 1, 0: triggered and resolved by one key', async () => {
  const { pagerduty, stage } = await scene();
  await stage.walk(0, 1, 2, 1, 0, 1, 0);
  const resolve = { routing_key: key, dedup_key: dedupKey, event_action: 'resolve' };
  expect(pagerduty.requests.map(({ method, path, json }) => [method, path, json])).toEqual([
    ['POST', '/v2/enqueue', trigger('warning', 'degraded', 1, '1', '1')],
    ['POST', '/v2/enqueue', trigger('critical', 'outage', 2, '1', '2')],
    ['POST', '/v2/enqueue', trigger('warning', 'degraded', 1, '1', '3')],
    ['POST', '/v2/enqueue', resolve],
    ['POST', '/v2/enqueue', trigger('warning', 'degraded', 1, '5', '5')],
    ['POST', '/v2/enqueue', resolve],
  ]);
  expect(pagerduty.requests[0]?.body).toBe(JSON.stringify(trigger('warning', 'degraded', 1, '1', '1')));
  expect(pagerduty.requests[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
  expect(pagerduty.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  expect(pagerduty.alerts).toEqual([
    { dedupKey, status: 'resolved', severity: 'warning', summary: 'API (production): degraded', triggers: 3 },
    { dedupKey, status: 'resolved', severity: 'warning', summary: 'API (production): degraded', triggers: 1 },
  ]);
  expect(stage.outcomes).toEqual([
    'api open 1: sent',
    'api change 2: sent',
    'api change 1: sent',
    'api close 1: sent',
    'api open 1: sent',
    'api close 1: sent',
  ]);
});

test('keys are stable, different for each target and reporter, and short enough for any name', async () => {
  const long = '\u{1f525}'.repeat(200);
  const services = `[{name: a, environment: "bc"}, {name: ab, environment: "c"}, {name: "${long}"}]`;
  const keysOf = async (id: string) => {
    const clock = new FakeClock();
    const pagerduty = await startPagerduty({ clock });
    onTestFinished(() => pagerduty.stop());
    const section = `{kind: pagerduty, url: "${pagerduty.url}/v2/enqueue", routing_key: ${key}}`;
    const staged = await stage(section, `${services}, id: "${id}"`, clock);
    await staged.cycle({ a: 2, ab: 2, [long]: 2 });
    expect(staged.outcomes.every((outcome) => outcome.endsWith('open 2: sent'))).toBe(true);
    return pagerduty.alerts.map((alert) => alert.dedupKey);
  };
  const all = [...(await keysOf('one')), ...(await keysOf('two'))];
  expect(new Set(all).size).toBe(6);
  expect(all.every((each) => Buffer.byteLength(each) <= 255)).toBe(true);
  expect(await keysOf('one')).toEqual(all.slice(0, 3));
});

test('a restart in the middle triggers nothing again, and what was over meanwhile is resolved', async () => {
  const on = await scene();
  await on.stage.walk(2);
  on.stage.restart();
  await on.stage.walk(2, 2);
  on.stage.restart();
  await on.stage.walk(0);
  expect(sent(on)).toEqual(['trigger critical 202', 'resolve 202']);
});

test('a lost answer of any of them leaves one alert, in its right state', async () => {
  const on = await scene();
  for (const status of [1, 2, 0] as const) {
    on.pagerduty.fail('reset-after-accept', { times: 1 });
    await on.stage.walk(status);
  }
  expect(sent(on)).toEqual([
    'trigger warning',
    'trigger warning 202',
    'trigger critical',
    'trigger critical 202',
    'resolve',
    'resolve 202',
  ]);
  expect(on.pagerduty.requests[0]?.body).toBe(on.pagerduty.requests[1]?.body);
  expect(on.pagerduty.alerts).toMatchObject([{ status: 'resolved', triggers: 4 }]);
});

test('what may have arrived is resolved although it was never answered', async () => {
  const on = await scene(', retries: 0');
  on.pagerduty.fail('reset-after-accept', { times: 1 });
  await on.stage.walk(2, 0);
  expect(sent(on)).toEqual(['trigger critical', 'resolve 202']);
  expect(on.pagerduty.alerts).toMatchObject([{ status: 'resolved' }]);
});

test('one that a human resolved stays so until it gets worse, or well and ill again', async () => {
  const on = await scene();
  await on.stage.walk(2);
  on.pagerduty.resolve(on.pagerduty.alerts[0]?.dedupKey ?? '');
  await on.stage.walk(2, 2);
  expect(on.pagerduty.alerts).toMatchObject([{ status: 'resolved' }]);
  await on.stage.walk(3, 0, 1);
  expect(sent(on)).toEqual([
    'trigger critical 202',
    'trigger critical 202',
    'resolve 202',
    'trigger warning 202',
  ]);
});

test('others’ alerts are never touched', async () => {
  const on = await scene();
  const event = { ...trigger('error', 'by hand', 1, '0', '0'), dedup_key: 'cloudmon/production/api' };
  const sentByHand = await fetch(`${on.pagerduty.url}/v2/enqueue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
  });
  expect(sentByHand.status).toBe(202);
  await on.stage.walk(2, 0);
  expect(on.pagerduty.alerts.map(({ status }) => status)).toEqual(['triggered', 'resolved']);
});

test('a refused event is not tried again before the next cycle; being too fast and failing are', async () => {
  const refused = await scene('', undefined, { routingKey: 'another-key-of-the-same-length-!' });
  await refused.stage.walk(1, 1);
  expect(sent(refused)).toEqual(['trigger warning 400', 'trigger warning 400']);
  const says =
    '{"status":"invalid event","message":"Event object is invalid","errors":["Invalid routing key"]}';
  const failed = `api open 1: rejected, rejected: answered 400: ${says}`;
  expect(refused.stage.outcomes).toEqual([failed, failed]);

  const busy = await scene();
  busy.pagerduty.fail('status-429', { times: 2 });
  await busy.stage.walk(1);
  busy.pagerduty.fail('status-503', { times: 3 });
  await busy.stage.walk(2);
  expect(sent(busy).map((each) => each.slice(-3))).toEqual(['429', '429', '202', '503', '503', '503', '202']);
});

test('120 events go at once, the rest as the minute allows, and none is refused', async () => {
  const names = Array.from({ length: 150 }, (_, index) => `s${index}`);
  const services = `[${names.map((name) => `{name: ${name}}`).join(', ')}]`;
  const on = await scene('', services);
  await on.stage.cycle(Object.fromEntries(names.map((name) => [name, 2 as const])));
  expect(on.pagerduty.alerts.length).toBe(150);
  expect(on.pagerduty.requests.every(({ answered }) => answered === 202)).toBe(true);
});

test('flags and expressions go along only where that is asked for, and are cut', async () => {
  const evidence = {
    matchedExpression: 'x'.repeat(2_000),
    triggered: [
      { name: 'api_slow', query: 'latency_ms', op: 'gt', threshold: 500 },
      ...Array.from({ length: 80 }, (_, index) => ({ name: `flag_${index}` })),
    ],
  };
  const silent = await scene();
  silent.stage.evidence(evidence);
  await silent.stage.walk(1);
  expect(silent.pagerduty.requests[0]?.body).not.toMatch(/api_slow|xxx/);

  const open = await scene(', evidence: true');
  open.stage.evidence(evidence);
  await open.stage.walk(1);
  const { payload } = (open.pagerduty.requests[0] ?? { json: {} }).json as Event;
  const details = { triggered: [], ...payload?.custom_details } as {
    readonly matched_expression?: string;
    readonly triggered: readonly string[];
  };
  expect(details.matched_expression).toBe(`${'x'.repeat(999)}…`);
  expect(details.triggered.length).toBe(50);
  expect(details.triggered.slice(0, 2)).toEqual(['api_slow: latency_ms gt 500', 'flag_0']);
});

test('the integration key is in no preview, no message and no output', async () => {
  const on = await scene();
  on.pagerduty.fail({ status: 400, body: `{"errors":["no such key ${key}"]}` }, { times: 1 });
  await on.stage.walk(1);
  expect(on.stage.outcomes).toEqual([
    'api open 1: rejected, rejected: answered 400: {"errors":["no such key ***"]}',
  ]);

  const recorded = await scene(', mode: record');
  await recorded.stage.walk(1);
  expect(recorded.stage.previews.map(({ target }) => target)).toEqual([
    `POST ${recorded.pagerduty.url}/v2/enqueue`,
  ]);
  const body = recorded.stage.previews[0]?.body ?? '';
  expect(body).toContain('"routing_key":"***"');
  expect(body).not.toContain(key);
  expect(recorded.pagerduty.requests).toEqual([]);
});

test('summaries and severities are the operator’s', async () => {
  const on = await scene(
    ', severity: {1: info, critical: error}, summary: "{{service}} {{word}} {{status}}"',
  );
  await on.stage.walk(1, 3);
  expect(on.pagerduty.requests.map(({ json }) => (json as Event).payload)).toMatchObject([
    { severity: 'info', summary: 'api degraded 1' },
    { severity: 'error', summary: 'api critical 3' },
  ]);
});

test('what PagerDuty would refuse is found when the configuration is loaded', async () => {
  const check = async (keys: string) => {
    const dashboards = `dashboards: {page: {kind: pagerduty${keys}}}\n`;
    const { lines } = await load({ 'config.yaml': parts.convertor + parts.services + dashboards });
    return lines.replace(/^config\.yaml:\d+:\d+: /gm, '');
  };
  expect(await check('')).toMatch(/routing_key: is missing/);
  expect(await check(', routing_key: ""')).toMatch(/routing_key: is empty/);
  expect(await check(`, routing_key: ${key}, severity: {1: bad}`)).toMatch(
    /severity\.1: must be one of critical, error, warning, info/,
  );
  expect(await check(`, routing_key: ${key}, summary: "{{flag}}"`)).toMatch(
    /summary: has no place \{\{flag\}\}/,
  );
  expect(await check(', routing_key: short')).toMatch(/routing_key: is not 32 characters long/);
  expect(await check(`, routing_key: ${key}`)).toBe('');
});
