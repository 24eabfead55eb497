/** What people see of a collector, alone or beside a reporter. */
import { expect, test } from 'vitest';
import { collectorStage, node, serviceOf } from './collector-stage.ts';
import { textOf, textsOf } from './page-reader.ts';
import { reading, targetOf } from './stage.ts';

const paths = ['/', '/debug/metrics'];
const api = targetOf('api');

type Stage = ReturnType<typeof collectorStage>;

const pagesOf = async (on: Stage) => {
  const bodies = paths.flatMap((path) => [on.ask(path), on.askServer(path)]);
  return (await Promise.all(bodies)).map(({ body }) => body);
};

/** What every page of both listeners says below the element whose tag begins so. */
async function check(on: Stage, opening: string, expected: readonly string[]): Promise<void> {
  for (const body of await pagesOf(on)) expect(textsOf(body, opening)).toEqual(expected);
}

/** The rows of one table; tables are left out of what is read for people who see the bars. */
function rowsOf(body: string, name: string): string[] {
  const table = body.slice(body.indexOf(`class="table ${name}"`));
  return textsOf(table.slice(0, table.indexOf('</table>')), '<tr').slice(1);
}

async function checkRows(on: Stage, name: string, expected: readonly string[]): Promise<void> {
  for (const body of await pagesOf(on)) expect(rowsOf(body, name)).toEqual(expected);
}

const banner = '<div class="card banner';

test('a collector that is well says what it does', () =>
  check(collectorStage(), banner, ['Collector Healthy It takes what is pushed.']));

test('and that its sources answer, where they do', () =>
  check(collectorStage({ sources: [node] }), banner, [
    'Collector Healthy It takes what is pushed, and every source answers.',
  ]));

test('a source that has not been asked yet does not answer', () =>
  check(collectorStage({ sources: [node, { name: 'json a', state: 'waiting' }] }), banner, [
    'Collector Healthy It takes what is pushed.',
  ]));

test('one that is not says why', async () => {
  const on = collectorStage({
    health: { status: 'degraded', reasons: [{ reason: 'window_full', detail: 'the window is full' }] },
  });
  on.refuseReload();
  await check(on, banner, [
    'Collector Degraded The window is full. The newest configuration was refused: the one before stays in effect.',
  ]);
});

test('beside a reporter it is the third', async () => {
  const on = collectorStage({}, {}, [api]);
  on.witness.read(reading(api, 0));
  on.witness.cycleDone(10, [reading(api, 0)]);
  await check(on, banner, [
    'Reporter Healthy It polls in time, and no delivery is failing.',
    'Services All systems operational 1 of 1 service operational.',
    'Collector Healthy It takes what is pushed.',
  ]);
});

test('title and picture of the tab tell of the collector', async () => {
  const on = collectorStage();
  const tab = async () => {
    const { body } = await on.askServer('/');
    return [/<title>(.*)<\/title>/.exec(body)?.[1], /href="\/icon-(\w+)/.exec(body)?.[1]];
  };
  expect(await tab()).toEqual(['Collector healthy · cloudmon-reporter', 'ok']);
  on.say({ health: { status: 'unhealthy', reasons: [] } });
  expect(await tab()).toEqual(['Collector unhealthy · cloudmon-reporter', 'outage']);
});

const figures = async (on: Stage) => {
  const { body } = await on.ask('/');
  const from = body.indexOf('id="collector"');
  return textsOf(body.slice(from, body.indexOf('</section>', from)), '<div><dt>');
};

test('the figures of an empty collector', async () =>
  expect(await figures(collectorStage())).toEqual([
    'Metrics 0 pushed in the last 30 min; room for 1,000,000',
    'Accepted 0 since the start',
    'Refused 0 none',
    'Pushed out 0 there was room for all',
    'Series 0 room for 10,000',
    'Points 0 of all series; room for 2,000,000',
  ]));

test('the figures of a busy one', async () =>
  expect(
    await figures(
      collectorStage({
        metrics: 18_000,
        accepted: 1_018_000,
        refused: new Map([
          ['invalid', 12],
          ['rate_limited', 1_200],
          ['draining', 0],
        ]),
        evicted: 5,
        series: 87,
        points: 120_000,
      }),
    ),
  ).toEqual([
    'Metrics 18,000 pushed in the last 30 min; room for 1,000,000',
    'Accepted 1,018,000 since the start',
    'Refused 1,212 rate limited 1,200 · invalid 12',
    'Pushed out 5 the window was full: the oldest went',
    'Series 87 room for 10,000',
    'Points 120,000 of all series; room for 2,000,000',
  ]));

test('each service has its requests, errors, latency and addresses', () =>
  checkRows(
    collectorStage({
      services: [
        serviceOf('frontend-api', { requests: 12_345, errorShare: 0.0004 }),
        serviceOf('decoy', { averageLatencyMs: 1_055.2 }),
        serviceOf('silent', { errorShare: undefined, averageLatencyMs: undefined, uniqueIps: 0 }),
      ],
    }),
    'by-service',
    ['frontend-api 12,345 0.1 % 49 ms 2', 'decoy 100 2.5 % 1.06 s 2', 'silent 100 – – 0'],
  ));

test('of many services fifty are shown, and where the others are', async () => {
  const on = collectorStage({ services: Array.from({ length: 1_050 }, (_, i) => serviceOf(`s${i}`)) });
  const [telemetry, server] = await Promise.all([on.ask('/'), on.askServer('/')]);
  for (const { body } of [telemetry, server]) {
    expect(rowsOf(body, 'by-service')).toHaveLength(50);
    expect(textOf(body, '<p class="more small"')).toMatch(/^And 1,000\smore services: \/api\/services /);
  }
  expect(server.body).toContain('<a href="/api/services">');
  expect(telemetry.body).not.toContain('<a href="/api/services">');
});

test('without a service the page says how to push the first metric, in words for a shell', async () => {
  for (const body of await pagesOf(collectorStage({ url: 'http://[::1]:8080' }))) {
    const said = textOf(body, '<div id="services"');
    expect(said).toContain('No service has pushed a metric in this time. Push the first one: curl');
    expect(said).toContain('http://[::1]:8080/api/ingest');
    expect(said).not.toContain('Authorization');
    const [, metric = ''] = /-d '(.*)'$/.exec(said) ?? [];
    expect(JSON.parse(metric)).toEqual({ service: 'api', status_code: 200, latency_ms: 12 });
  }
});

test('and with which header, where a token is required', async () => {
  const { body } = await collectorStage({ isGuarded: true }).ask('/');
  expect(textOf(body, '<div id="services"')).toContain('-H "Authorization: Bearer $TOKEN"');
});

test('each source has its state and its last answer, those in trouble first', () =>
  checkRows(
    collectorStage({
      sources: [
        { ...node, reason: 'timeout' },
        { name: 'json a', state: 'waiting' },
        { name: 'prometheus b', state: 'failing', reason: 'rate_limited', durationMs: 20, samples: 0 },
        { name: 'json c', state: 'paused', reason: 'unreachable', detail: 'no connection' },
      ],
    }),
    'by-source',
    [
      'json c unreachable: no connection paused – –',
      'prometheus b rate limited failing 20 ms 0',
      'json a waiting – –',
      'node ok 1.2 ms 7',
    ],
  ));

test('without a source the page says how to name one', async () => {
  const { body } = await collectorStage().askServer('/debug/metrics');
  expect(textOf(body, '<div id="sources"')).toMatch(
    /No source is configured\..* collector: sources: - type: node$/,
  );
});

const hostile: readonly (readonly [name: string, shown: string])[] = [
  ['<script>alert(1)</script>', '&#60;script&#62;alert(1)&#60;/script&#62;'],
  ['"><img src=x onerror=alert(1)>', '&#34;&#62;&#60;img src=x onerror=alert(1)&#62;'],
  ["'`&amp;", '&#39;&#96;&#38;amp;'],
  ['\u202eright to left', '\u202eright to left'],
  ['z\u0301\u0302', 'z\u0301\u0302'],
  ['\u200b\u00a0', 'U+200B U+00A0'],
  ['\u0301', 'U+0301'],
  ['\ufe0f\u3164', 'U+FE0F U+3164'],
  ['__proto__', '__proto__'],
];

test.each(hostile)('%j stays text, within a cell of its own', async (name, shown) => {
  const source = { name, state: 'failing', reason: name, detail: name } as const;
  for (const body of await pagesOf(collectorStage({ services: [serviceOf(name)], sources: [source] }))) {
    expect(body.split(`<bdi class="name">${shown}</bdi>`)).toHaveLength(3);
    expect(body).not.toContain('<script>');
    expect(body).not.toContain('<img');
  }
});

test('a long name is shown whole to who points at it', async () => {
  const name = `"${'x'.repeat(199)}`;
  const { body } = await collectorStage({ services: [serviceOf(name)] }).ask('/');
  expect(body).toContain(`<bdi class="name" title="&#34;${'x'.repeat(199)}">&#34;${'x'.repeat(199)}</bdi>`);
});

test('every link leads somewhere, but for the API of the collector, which is not the telemetry’s', async () => {
  for (const on of [collectorStage(), collectorStage({}, {}, [api])]) {
    for (const [routes, ask, others] of [
      [on.routes, on.ask, []],
      [on.server, on.askServer, ['/api/services', '/api/stats', '/metrics/aggregated', '/stats']],
    ] as const) {
      const bodies = await Promise.all(paths.map(async (path) => (await ask(path)).body));
      const links = bodies.flatMap((body) =>
        [...body.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, link = '']) => link),
      );
      const known = (link: string) => routes.has(link.startsWith('/badge/') ? '/badge/*' : link);
      expect([...new Set(links)].filter((link) => !known(link)).sort()).toEqual([...others]);
    }
  }
});

test('a collector alone says nothing of targets, polls and dashboards', async () => {
  for (const body of await pagesOf(collectorStage({ services: [serviceOf('api')], sources: [node] }))) {
    expect(body).not.toMatch(/target|dashboard|poll|cycle|convertor/i);
  }
});
