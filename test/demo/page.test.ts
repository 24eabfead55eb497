import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { drawPage } from '../../src/demo/page.ts';
import { startPage } from '../../src/demo/page-server.ts';
import type { RunningServer } from '../../src/demo/server.ts';
import type { View } from '../../src/demo/view.ts';
import type { Status } from '../../src/model/status.ts';
import { ask } from './ask.ts';
import { about, deeds, heard, incident, nowMs, post, reading, statusPage, told, view } from './world.ts';

const links = {
  collectorUrl: 'http://127.0.0.1:1',
  dashboardUrl: 'http://127.0.0.1:2',
  statusPageUrl: 'http://127.0.0.1:4',
  telemetryUrl: 'http://127.0.0.1:3',
};
const search = { service: 'search', environment: 'production' };
let server: RunningServer;

afterEach(() => server?.stop());

async function start(seen: View = view()): Promise<string> {
  const secrets = { secret: 'keep me', statusPageSecret: 'keep me, too' };
  const settings = { ...links, ...secrets, targets: [search] };
  server = await startPage({}, { view: async () => seen, links, settings });
  return server.url;
}

test('hostile names, bodies, claims and answers are escaped wherever they stand', () => {
  const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u0000';
  const target = { service: evil, environment: evil };
  const token = {
    header: { alg: evil },
    claims: { status: 1, environment: evil },
    verified: false,
    problem: evil,
  };
  const readings = heard([0], target);
  const triggered = [{ name: evil, query: evil, op: evil, threshold: 1 }];
  readings.hear(reading(2, target, { evidence: { matchedExpression: evil, triggered } }), nowMs);
  const page = drawPage(
    view({
      story: about([target]),
      readings,
      posts: [post({ service: evil, body: evil, answer: evil, path: evil, token })],
      statusPage: statusPage({
        components: [{ name: evil, level: 0 }],
        open: [
          incident({
            title: evil,
            components: [evil],
            updates: [{ timeMs: nowMs, level: 1, text: evil }],
          }),
        ],
        requests: [told({ components: [evil], body: evil, answer: evil, path: evil, token })],
      }),
    }),
    links,
  );
  expect(page).toContain('&#60;script&#62;alert(1)');
  expect(page.match(/<script/g)).toEqual(['<script']);
  expect(page).not.toMatch(/<img/);
});

test('the page has no style and no script of its own', () => {
  const page = drawPage(view({ readings: heard([0, 1, 2, 3, undefined]) }), links);
  expect(page).not.toMatch(/<style|style="|<script(?! src)|\son[a-z]+="/);
});

test('every answer carries the policy', async () => {
  const url = await start();
  for (const path of [
    '/',
    '/page.css',
    '/page.js',
    '/state.json',
    '/config.yaml',
    '/icon-ok.svg',
    '/nothing',
  ]) {
    const { headers } = await ask(url + path);
    expect([path, headers['content-security-policy'], headers['x-content-type-options']]).toEqual([
      path,
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
      'nosniff',
    ]);
  }
});

test('every part has its type', async () => {
  const url = await start();
  const types = [];
  for (const path of ['/', '/page.css', '/page.js', '/state.json', '/config.yaml', '/icon-none.svg']) {
    const { status, headers } = await ask(url + path);
    types.push([status, headers['content-type']]);
  }
  expect(types).toEqual([
    [200, 'text/html; charset=utf-8'],
    [200, 'text/css; charset=utf-8'],
    [200, 'text/javascript; charset=utf-8'],
    [200, 'application/json; charset=utf-8'],
    [200, 'text/plain; charset=utf-8'],
    [200, 'image/svg+xml; charset=utf-8'],
  ]);
});

test('other paths, other methods and other hosts are refused', async () => {
  const url = await start();
  const statuses = [
    await ask(url, { path: '/../etc/passwd' }),
    await ask(url, { path: '/%2e%2e/' }),
    await ask(`${url}/constructor`),
    await ask(url, { method: 'POST' }),
    await ask(url, { method: 'HEAD' }),
    await ask(url, { headers: { host: 'rebound.example.com' } }),
  ].map(({ status }) => status);
  expect(statuses).toEqual([404, 404, 404, 405, 200, 421]);
});

test('the data says no data, it does not leave it out', async () => {
  const url = await start(view({ readings: heard([undefined]) }));
  const state = JSON.parse(String((await ask(`${url}/state.json`)).body));
  expect(state.services[0].level).toBe(null);
});

async function checkBanner(levels: readonly (Status | undefined)[], expected: string): Promise<void> {
  const page = drawPage(view({ readings: heard(levels) }), links);
  expect(/role="status"[^>]*>.*?<strong>(.*?)<\/strong>/.exec(page)?.[1]).toBe(expected);
}

test('the banner before the first reading', () => checkBanner([], 'Waiting for the first readings'));
test('the banner when all is well', () => checkBanner([0], 'All systems operational'));
test('the banner when something is degraded', () => checkBanner([1], 'Degraded service'));
test('the banner when something is down', () => checkBanner([2], 'Outage'));
test('the banner at the worst', () => checkBanner([3], 'Critical outage'));

test('what is not known is not called operational', () => {
  const silent = { service: 'media', environment: 'production' };
  const readings = heard([undefined], silent, heard([0]));
  const page = drawPage(view({ story: about([search, silent]), readings }), links);
  expect(page).toContain(
    '<strong>No known problem</strong><div class="muted"><bdi>media</bdi>: no data</div>',
  );
});

test('where nothing has data, that is said', () => checkBanner([undefined], 'No data'));

test('the page leads to what the reporter says about itself, once it runs', () => {
  const link = '<a href="http://127.0.0.1:3/debug/metrics">';
  expect(drawPage(view(), links)).toContain(link);
  expect(drawPage(view(), { ...links, telemetryUrl: undefined })).not.toContain('/debug/metrics');
});

test('a service says its numbers, which expression decided, and what made it true', () => {
  const triggered = [
    { name: 'search.slow', query: 'avg_over_time(x[3s])', op: 'gt', threshold: 400 },
    { name: 'search.odd', query: 'y', op: 'ne', threshold: 1 },
  ];
  const readings = heard([0]);
  readings.hear(reading(1, undefined, { evidence: { matchedExpression: 'search.slow', triggered } }), nowMs);
  const numbers = new Map([
    ['["search","production"]', { requestsPerSecond: 10.04, errorShare: 0.25, latencyMs: 912 }],
  ]);
  const row = rowOf(drawPage(view({ readings, numbers }), links));
  expect(row).toContain('10.0\u00a0requests/s · 25.0\u00a0%\u00a0errors · 912\u00a0ms');
  expect(row).toContain('because <code>search.slow</code>');
  expect(row).toContain('<code class="query">avg_over_time(x[3s])</code> is above <b>400</b>');
  expect(row).toContain('<code class="query">y</code> is ne <b>1</b>');
});

test('a service without numbers is not measured, and says why there is no data', () => {
  const row = rowOf(drawPage(view({ readings: heard([0, undefined]) }), links));
  expect(row).toContain('not measured');
  expect(row).toContain('No data: the newest point is 5 s old.');
  expect(row).not.toContain('because');
});

function rowOf(page: string): string {
  return /<li class="service"[\s\S]*?<\/section>/.exec(page)?.[0] ?? '';
}

test('the configuration is shown as a user would write it, without its secret', async () => {
  const url = await start();
  const text = String((await ask(`${url}/config.yaml`)).body);
  const file = parse(text);
  expect(text).not.toContain('keep me');
  expect(file.status_dashboard).toEqual({ kind: 'incidents', url: links.dashboardUrl, secret: '***' });
  expect(file.dashboards.public).toMatchObject({
    kind: 'stackmon-v2',
    url: links.statusPageUrl,
    secret: '***',
    match: { environments: ['production'] },
  });
  expect(file.health_metrics.search.expressions[0]).toEqual({ expression: 'search.slow', weight: 1 });
});

/** As somebody reads it: without tags, one space between words. */
function readable(page: string, id: string): string {
  const [, rest = ''] = page.split(`id="${id}"`);
  const [part = ''] = rest.split(/<\/ul>|<\/dl>|<\/section>/);
  return part
    .slice(part.indexOf('>') + 1)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function drawn(changes: Parameters<typeof statusPage>[0]): string {
  return drawPage(view({ statusPage: statusPage(changes) }), links);
}

test('what is open on the status page says how it rose, and by whom', () => {
  const page = drawn({ components: [{ name: 'Search', level: 2 }], open: [incident()] });
  expect(readable(page, 'components')).toBe('Search outage');
  expect(readable(page, 'open')).toBe(
    'Search open Found by monitoring 11:59:30 outage 11:59:00 degraded By the reporter: opened once, changed once.',
  );
  expect(readable(page, 'closed')).toBe('None yet. The first one is closed after half a minute.');
});

test('what was closed says when, how often it was told, and how long it lasted', () => {
  const closed = incident({
    updates: [
      { timeMs: nowMs - 60_000, level: 1, text: 'The incident is detected.' },
      { timeMs: nowMs - 20_000, level: 0, text: 'Recovered.' },
    ],
    endMs: nowMs - 20_000,
    deeds: deeds({ opened: 1, closed: 1 }),
  });
  const page = drawn({ closed: [closed] });
  expect(readable(page, 'open')).toBe('None.');
  expect(readable(page, 'closed')).toBe(
    'Search closed Found by monitoring 11:59:40 closed 11:59:00 degraded By the reporter: opened once, closed once. It lasted 40 s.',
  );
});

test('what was told twice, taken apart, or changed although it is of a human, is not kept quiet', () => {
  const twice = incident({ deeds: deeds({ opened: 1, split: 1, eased: 2, again: 2 }) });
  expect(readable(drawn({ open: [twice] }), 'open')).toMatch(
    /opened once, taken apart once, changed 2 times, told again 2 times\.$/,
  );
  const touched = incident({ isOfHuman: true, deeds: deeds({ touched: 1 }) });
  expect(readable(drawn({ open: [touched] }), 'open')).toMatch(/By a human: changed by the reporter once\.$/);
});

test('a human’s incident is left alone, also where it covers what there was to tell', () => {
  const humans = incident({ isOfHuman: true, deeds: deeds() });
  expect(readable(drawn({ open: [humans] }), 'open')).toMatch(/By a human: left alone by the reporter\.$/);
  const covering = incident({ isOfHuman: true, deeds: deeds({ left: 1 }) });
  expect(readable(drawn({ open: [covering] }), 'open')).toMatch(
    /left alone by the reporter\. The reporter heard that it covers what it had to tell\.$/,
  );
});

test('the account counts what was opened, closed, sent twice, and changed of a human', () => {
  expect(readable(drawn({}), 'account')).toBe(
    'incidents opened 0 one request each incidents closed 0 one request each, by the machine that opened them sent twice 0 whatever goes wrong humans’ incidents changed 0 theirs stay theirs',
  );
  const all = deeds({ opened: 4, worsened: 2, eased: 1, closed: 3, again: 2, touched: 1, left: 2 });
  expect(readable(drawn({ told: all, failed: 5 }), 'account')).toBe(
    'incidents opened 4 one request each; changed 3 times since incidents closed 3 one request each, by the machine that opened them sent twice 2 although 5 requests failed humans’ incidents changed 1 although they covered ours 2 times',
  );
});

test('a status page that answers 503 is said to be down', () => {
  expect(drawn({ isAway: true })).toContain('<span class="chip bad">status page down</span>');
  expect(drawn({ isAway: true })).toContain('<span class="chip bad">answers 503</span>');
  expect(drawn({})).not.toContain('class="chip bad"');
});

test('each request says what it did to the status page', () => {
  const page = drawn({
    requests: [
      told({ number: 4, method: 'GET', body: '', components: [], level: undefined, deed: 'looked' }),
      told({ number: 3, answered: undefined, answer: undefined }),
      told({ number: 2, deed: 'again' }),
      told({ number: 1, deed: 'left', token: undefined }),
    ],
  });
  const summaries = [...page.matchAll(/<summary id="request[\s\S]*?<\/summary>/g)].map(([text]) =>
    text
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
  expect(summaries).toEqual([
    '12:00:00 what is open GET /v2/events looks first token verified ✓ 200',
    '12:00:00 Search degraded POST /v2/events opens token verified ✓ no answer',
    '12:00:00 Search degraded POST /v2/events again token verified ✓ 200',
    '12:00:00 Search degraded POST /v2/events left to the human 200',
  ]);
});

test('a long answer is not broken into lines', () => {
  const updates = Array.from({ length: 30 }, (_, id) => id);
  const long = drawn({ requests: [told({ answer: JSON.stringify({ updates }) })] });
  expect(long).toContain('<pre>{&#34;updates&#34;:[0,1,2,');
  const short = drawn({ requests: [told({ answer: '{"id":1}' })] });
  expect(short).toContain('<pre>{\n  &#34;id&#34;: 1\n}</pre>');
});
