/** The pages for people, from what the telemetry was told. */
import { expect, test } from 'vitest';
import { Failure } from '../../src/model/failure.ts';
import type { Level } from '../../src/pages/level.ts';
import { reporterHealth } from '../../src/telemetry/health.ts';
import { Observations } from '../../src/telemetry/observations.ts';
import { openPages } from '../../src/telemetry/pages.ts';
import { FakeClock } from '../fake-clock.ts';
import { textOf, textsOf } from './page-reader.ts';
import { actionFor, reading, stage, targetOf } from './stage.ts';

const [api, web, mail] = [targetOf('api'), targetOf('web'), targetOf('mail', 'staging')];

type Stage = ReturnType<typeof stage>;

/** A cycle in which the targets are read as given. */
function cycle({ witness, clock }: Stage, levels: readonly Level[], targets = [api, web, mail]): void {
  const readings = levels.flatMap((level, i) => {
    const target = targets[i];
    return target ? [reading(target, level, clock.now())] : [];
  });
  for (const each of readings) {
    witness.asked(each.target, 4, undefined);
    witness.read(each);
  }
  witness.cycleDone(12, readings);
}

const page = async (on: Stage, path = '/debug/metrics') => (await on.ask(path)).body;

async function checkBanners(on: Stage, reporter: string, services: string): Promise<void> {
  for (const path of ['/', '/debug/metrics']) {
    const [first = '', second = ''] = textsOf(await page(on, path), '<div class="card banner');
    expect([first, second]).toEqual([`Reporter ${reporter}`, `Services ${services}`]);
  }
}

test('before the first cycle the reporter is starting, and nothing is claimed', () =>
  checkBanners(
    stage([api]),
    'Starting The first cycle is under way.',
    'Waiting for the first readings The reporter is starting.',
  ));

test('a healthy reporter says so of an outage, too', async () => {
  const on = stage([api, web, mail]);
  cycle(on, [2, 0, 1]);
  await checkBanners(
    on,
    'Healthy It polls in time, and no delivery is failing.',
    'Outage api : outage · mail (staging) : degraded',
  );
});

test('all is well where all is well', async () => {
  const on = stage([api, web]);
  cycle(on, [0, 0]);
  await checkBanners(
    on,
    'Healthy It polls in time, and no delivery is failing.',
    'All systems operational 2 of 2 services operational.',
  );
});

test('what ails the reporter is told beside what ails the services', async () => {
  const on = stage([api]);
  on.witness.delivered(
    actionFor(api, 'default'),
    'rejected',
    new Failure('dashboard', 'unauthorized', 'no', { httpStatus: 403 }),
    undefined,
  );
  on.refuseReload();
  cycle(on, [undefined]);
  await checkBanners(
    on,
    'Degraded The convertor does not answer (unreachable). Dashboard default could not be told about 1 target (unauthorized, HTTP 403). The newest configuration was refused: the one before stays in effect.',
    'No data api : no data',
  );
});

test('old news is called old', async () => {
  const on = stage([api]);
  cycle(on, [0]);
  await on.clock.advance(181_000);
  await checkBanners(
    on,
    'Unhealthy No cycle has ended for 181 s.',
    'All systems operational 1 of 1 service operational. This is old: the newest cycle ended at 12:00:00 .',
  );
});

test('the reasons on a banner have a bound', async () => {
  const names = Array.from({ length: 9 }, (_, i) => `dashboard-${i}`);
  const on = stage([api], names);
  cycle(on, [0]);
  for (const name of names) {
    on.witness.delivered(
      actionFor(api, name),
      'failed',
      new Failure('dashboard', 'timeout', 'no'),
      undefined,
    );
  }
  const [first = ''] = textsOf(await page(on), '<div class="card banner');
  expect(first).toMatch(/dashboard-5 .*And 3 other reasons: \/health$/);
});

test('the tab shows the worst of both', async () => {
  const icon = async (on: Stage) => /href="\/icon-(\w+)/.exec(await page(on))?.[1];
  const on = stage([api]);
  expect(await icon(on)).toBe('none');
  cycle(on, [0]);
  expect(await icon(on)).toBe('ok');
  on.refuseReload();
  expect(await icon(on)).toBe('degraded');
  cycle(on, [2]);
  expect(await icon(on)).toBe('outage');
});

test('who needs attention comes first: the worst, then no data, then by name', async () => {
  const targets = ['d', 'c', 'b', 'a', 'z', 'y'].map((name) => targetOf(name));
  const on = stage(targets);
  cycle(on, [0, 0, undefined, 1, 3, 2], targets);
  const names = [...(await page(on)).matchAll(/<h3 class="name">(\w)</g)].map(([, name]) => name);
  expect(names).toEqual(['z', 'y', 'a', 'b', 'c', 'd']);
  expect(textsOf(await page(on, '/'), '<li id="target-')).toEqual([
    'z production critical',
    'y production outage',
    'a production degraded',
    'b production no data',
    'c production operational',
    'd production operational',
  ]);
});

const rows = async (on: Stage) => textsOf(await page(on), '<li class="service target"');

test('a target has its word, its share, since when, and its flaps', async () => {
  const on = stage([api]);
  for (const level of [0, 2, 0, 0] as const) {
    cycle(on, [level]);
    await on.clock.advance(60_000);
  }
  expect(await rows(on)).toEqual(['api production operational 75.0 % since 12:02:00 · 2 flaps']);
});

test('no data has its reason', async () => {
  const on = stage([api, web]);
  cycle(on, [undefined]);
  expect(await rows(on)).toEqual([
    'api production no data – since 12:00:00 unreachable: the convertor is not there',
    'web production no data – not read yet',
  ]);
});

test('a silence that counts as an outage is still told to be one', async () => {
  const on = stage([api]);
  const insteadOf = { target: api, status: undefined, reason: 'stale', detail: '' } as const;
  on.witness.read({ target: api, status: 2, timeMs: 0, evidence: { triggered: [] }, insteadOf });
  expect((await rows(on))[0]).toContain(
    'no data (stale: the newest value is too old, or in the future), which counts as this',
  );
});

test('a thousand targets make a page of fifty rows, and a line that says where the others are', async () => {
  const targets = Array.from({ length: 1_000 }, (_, i) => targetOf(`service-${i}`));
  const on = stage(targets);
  for (let i = 0; i < 50; i++)
    cycle(
      on,
      targets.map((_, n) => ((n + i) % 4) as 0 | 1 | 2 | 3),
      targets,
    );
  const body = await page(on);
  expect(textsOf(body, '<li class="service target"').length).toBe(50);
  expect(textOf(body, '<div id="targets-more"')).toBe(
    'And 950 more targets of 1,000, none of them worse: /api/targets has all of them.',
  );
  expect(body.length).toBeLessThan(600_000);
  const index = await page(on, '/');
  expect(textsOf(index, '<li id="target-').length).toBe(100);
  expect(textOf(index, '<div id="targets-more"')).toContain('And 900 more targets');
});

const figures = async (on: Stage, id: string) =>
  textsOf(textBetween(await page(on), `id="${id}"`), '<div><dt>');

function textBetween(body: string, from: string): string {
  const start = body.indexOf(from);
  return body.slice(start, body.indexOf('</section>', start));
}

test('the reporter before its first cycle', async () => {
  expect(await figures(stage([api]), 'reporter')).toEqual([
    'Cycles 0 one every 1 min',
    'Last cycle none yet',
    'Polls 0 none yet',
    'Skipped cycles 0 each began in time',
    'Uptime 0 s since 12:00:00',
    'Configuration in effect 1 target, 1 dashboard, since 12:00:00',
  ]);
});

test('the reporter after some cycles', async () => {
  const on = stage([api, web]);
  cycle(on, [0, undefined]);
  cycle(on, [0, 0]);
  on.witness.cyclesSkipped(2);
  on.refuseReload();
  await on.clock.advance(3_000);
  expect(await figures(on, 'reporter')).toEqual([
    'Cycles 2 one every 1 min, 12 ms on average',
    'Last cycle 12 ms 3 s ago, at 12:00:00',
    'Polls 4 ok 3 · error 1',
    'Skipped cycles 2 the one before took too long',
    'Uptime 3 s since 12:00:00',
    'Configuration newest refused 2 targets, 1 dashboard, since 12:00:00',
  ]);
});

test('the process', async () => {
  const on = stage([api]);
  await on.clock.advance(3_000);
  expect(await figures(on, 'process')).toEqual([
    'Memory 47.7 MiB resident',
    'CPU 1.5 s 50.0 % of one core on average',
    'Open files 20 and connections',
    'Version 1.2.3 cloudmon-reporter',
    'Runtime v20.19.0 Node.js',
    'Started 12:00:00 UTC',
  ]);
});

test('the convertor: asked, answered, failed, and how long it took', async () => {
  const on = stage([api, web]);
  expect(textOf(await page(on), '<section class="card" aria-labelledby="convertor-title"')).toBe(
    'Convertor not asked yet Requests 0 none yet Errors 0 none No cycle has been timed yet.',
  );
  on.witness.asked(api, 10_000, new Failure('convertor', 'timeout', 'late'));
  cycle(on, [0, 0]);
  expect(textOf(await page(on), '<section class="card" aria-labelledby="convertor-title"')).toBe(
    'Convertor connected Requests 3 3.34 s on average Errors 1 timeout 1 Latency of the last 1 cycle: min 3.34 s · mean 3.34 s · max 10.0 s',
  );
});

test('a convertor that answers nobody is not connected', async () => {
  const on = stage([api]);
  on.witness.asked(api, 10, new Failure('convertor', 'unreachable', 'no'));
  on.witness.cycleDone(10, [reading(api, undefined)]);
  expect(textOf(await page(on), '<section class="card" aria-labelledby="convertor-title"')).toContain(
    'Convertor not connected',
  );
});

test('the dashboards: each with its own numbers', async () => {
  const on = stage([api], ['one', 'two']);
  on.witness.attempted(actionFor(api, 'two'), 20, undefined, false);
  on.witness.attempted(
    actionFor(api, 'two'),
    40,
    new Failure('dashboard', 'rate_limited', '', { httpStatus: 429 }),
    false,
  );
  on.witness.delivered(actionFor(api, 'two'), 'sent', undefined, undefined);
  on.inFlight.set('two', 3);
  expect(textsOf(await page(on), '<li class="dashboard"')).toEqual([
    'one incidents not asked yet Notifications 0 none yet Errors 0 none In flight 0 waits between attempts too No attempt has been timed yet.',
    'two incidents connected Notifications 1 sent 1 Errors 1 rate limited 1 In flight 3 waits between attempts too Latency of the last 2 attempts: min 20 ms · mean 30 ms · max 40 ms',
  ]);
});

test('many dashboards make a page of fifty', async () => {
  const on = stage(
    [api],
    Array.from({ length: 60 }, (_, i) => `dashboard-${i}`),
  );
  const body = await page(on);
  expect(textsOf(body, '<li class="dashboard"').length).toBe(50);
  expect(textOf(body, '<li class="more small"')).toContain('And 10 more dashboards');
});

const deliveries = async (on: Stage) =>
  textsOf(textBetween(await page(on), 'id="deliveries"'), '<li id="delivery-');

test('the timeline says what was said and what was answered, newest first', async () => {
  const on = stage([api, web]);
  const tell = async (...told: Parameters<Stage['witness']['delivered']>) => {
    on.witness.delivered(...told);
    await on.clock.advance(1_000);
  };
  await tell(actionFor(api, 'default', 2), 'sent', undefined, undefined);
  await tell({ ...actionFor(api, 'default', 3), type: 'change' }, 'known', undefined, undefined);
  const busy = new Failure('dashboard', 'failed', '', { httpStatus: 503 });
  await tell({ ...actionFor(web, 'default'), type: 'repeat' }, 'failed', busy, undefined);
  await tell(
    { ...actionFor(api, 'default', 3), type: 'close' },
    'rejected',
    new Failure('dashboard', 'unknown_component', ''),
    undefined,
  );
  expect(await deliveries(on)).toEqual([
    '12:00:03 api production closed critical default rejected · unknown component',
    '12:00:02 web production repeated degraded default failed · HTTP 503',
    '12:00:01 api production changed to critical default known already',
    '12:00:00 api production opened as outage default sent',
  ]);
});

test('what is said again and again is one line, which keeps its place in the page', async () => {
  const on = stage([api, web]);
  const repeat = { ...actionFor(api, 'default'), type: 'repeat' } as const;
  on.witness.delivered(actionFor(web, 'default'), 'sent', undefined, undefined);
  for (let i = 0; i < 3; i++) {
    on.witness.delivered(repeat, 'sent', undefined, undefined);
    await on.clock.advance(1_000);
  }
  on.witness.delivered(repeat, 'failed', new Failure('dashboard', 'timeout', ''), undefined);
  on.witness.delivered(repeat, 'sent', undefined, undefined);
  expect(await deliveries(on)).toEqual([
    '12:00:03 api production repeated degraded default sent',
    '12:00:03 api production repeated degraded default failed · timeout',
    '12:00:02 api production repeated 3 times degraded default sent',
    '12:00:00 web production opened as degraded default sent',
  ]);
  const ids = [...(await page(on)).matchAll(/id="(delivery-[^"]*)"/g)].map(([, id]) => id);
  const start = on.clock.now() - 3_000;
  expect(ids).toEqual([
    `delivery-${start + 3_000}-1`,
    `delivery-${start + 3_000}-0`,
    `delivery-${start}-1`,
    `delivery-${start}-0`,
  ]);
});

test('a line that is said again moves to the top', async () => {
  const on = stage([api, web]);
  for (const target of [api, web, api]) {
    on.witness.delivered({ ...actionFor(target, 'default'), type: 'repeat' }, 'sent', undefined, undefined);
    await on.clock.advance(1_000);
  }
  expect(await deliveries(on)).toEqual([
    '12:00:02 api production repeated 2 times degraded default sent',
    '12:00:01 web production repeated degraded default sent',
  ]);
});

test('before the first delivery the timeline says why there is none', async () => {
  expect(textOf(await page(stage([api])), '<ol class="deliveries"')).toContain('None yet');
});

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onload='x` & &lt;",
  'one\ntwo\r\nthree',
  'x'.repeat(10_240),
  '\u202ertl \u0634\u0628\u0643\u0629 \u{1f9e8}',
  '</title></svg></table></ul>',
];

test('a name is escaped wherever it stands, and nothing of it is lost', async () => {
  const targets = hostile.map((name) => targetOf(name, `in ${name}`));
  const on = stage(targets, hostile);
  cycle(
    on,
    hostile.map(() => 2),
    targets,
  );
  for (const [i, name] of hostile.entries()) {
    const target = targets[i] ?? api;
    on.witness.delivered(
      actionFor(target, name),
      'failed',
      new Failure('dashboard', 'failed', name),
      undefined,
    );
  }
  for (const path of ['/', '/debug/metrics']) {
    const body = await page(on, path);
    expect(body.match(/<script/g)).toEqual(['<script']);
    expect(body).not.toMatch(/<img src=x| onerror="| onload='|<\/title><\/svg>/);
    const seen = body.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
    for (const name of hostile) expect(seen).toContain(`>in ${name}<`);
  }
});

test('no page has a style or a script of its own', async () => {
  const on = stage([api]);
  cycle(on, [1]);
  for (const path of ['/', '/debug/metrics']) {
    expect(await page(on, path)).not.toMatch(/<style|style="|<script(?! src)|\son[a-z]+="/);
  }
});

test('everything that a page asks for is there', async () => {
  const on = stage([api]);
  cycle(on, [3]);
  for (const path of ['/', '/debug/metrics']) {
    const links = [...(await page(on, path)).matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, link]) => link);
    for (const link of new Set(links)) {
      const route = link?.startsWith('/badge/') ? '/badge/*' : link;
      expect(on.routes.has(route ?? ''), link).toBe(true);
    }
  }
});

test('a page is made of one snapshot', async () => {
  const seen = new Observations(new FakeClock());
  let snapshots = 0;
  const snapshot = async () => {
    snapshots++;
    return [];
  };
  const routes = openPages({
    seen,
    snapshot,
    version: '1',
    reporter: () => reporterHealth(seen),
    collector: undefined,
    isServer: false,
  });
  const { status } =
    (await routes.get('/debug/metrics')?.({ path: '/debug/metrics', query: '', accept: '' })) ?? {};
  expect([status, snapshots]).toEqual([200, 1]);
});

test('every part has its type', async () => {
  const on = stage([api]);
  const types: unknown[] = [];
  for (const path of ['/', '/debug/metrics', '/page.css', '/page.js', '/icon-none.svg', '/api/targets']) {
    types.push((await on.ask(path)).type);
  }
  expect(types).toEqual([
    'text/html; charset=utf-8',
    'text/html; charset=utf-8',
    'text/css; charset=utf-8',
    'text/javascript; charset=utf-8',
    'image/svg+xml; charset=utf-8',
    'application/json; charset=utf-8',
  ]);
});
