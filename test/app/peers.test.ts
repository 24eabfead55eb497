/** What `check --online` says of each kind of dashboard: whether it lets us in, and knows our components. */
import { expect, onTestFinished, test } from 'vitest';
import { askPeers } from '../../src/app/peers.ts';
import { startConvertor } from '../../src/demo/convertor.ts';
import { startAlertmanager } from '../../src/demo/dialects/alertmanager.ts';
import { startCachet } from '../../src/demo/dialects/cachet.ts';
import type { DialectServer } from '../../src/demo/dialects/dialect.ts';
import { startSlack } from '../../src/demo/dialects/slack.ts';
import { startStackmonV1 } from '../../src/demo/dialects/stackmon-v1.ts';
import { startStackmonV2 } from '../../src/demo/dialects/stackmon-v2.ts';
import { startStatuspage } from '../../src/demo/dialects/statuspage.ts';
import { systemClock } from '../../src/model/clock.ts';
import { load } from '../config/folder.ts';

const known = '{name: api, component: API}';
const unknown = '{name: shop, component: Shop, attributes: {region: EU-DE}}';
const secret = 'a-secret-of-this-test-0123456789';

/** What is wrong with the dashboard `page`, whose keys are these beside its URL. */
async function complaints(
  keys: string,
  url: string,
  services: readonly string[],
): Promise<readonly string[]> {
  const convertor = await startConvertor();
  onTestFinished(convertor.stop);
  const { config, lines } = await load({
    'config.yaml': [
      `convertor: {url: "${convertor.url}"}`,
      `dashboards: {page: {url: "${url}", timeout: 2, ${keys}}}`,
      `reporter: {services: [${services.join(', ')}]}`,
    ].join('\n'),
  });
  if (!config) throw new Error(lines);
  return askPeers(config, systemClock);
}

/** Nothing is wrong for `api`, and the second component is what the last sentence is about. */
async function check(
  server: DialectServer,
  keys: string,
  expected: { readonly asked: readonly string[]; readonly unknown?: string },
) {
  onTestFinished(server.stop);
  expect(await complaints(keys, server.url, [known])).toEqual([]);
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(expected.asked);
  const about = await complaints(keys, server.url, [known, unknown]);
  expect(about).toEqual(expected.unknown === undefined ? [] : [expect.stringContaining(expected.unknown)]);
  const left = await complaints(`${keys}, match: {services: [api]}`, server.url, [known, unknown]);
  expect(left).toEqual([]);
}

const noComponent =
  'dashboard page: unknown_component: the dashboard has no component Shop with region EU-DE';
const notOnPage = 'dashboard page: unknown_component: the page has no component named Shop';

test('stackmon-v1: its list of components', async () =>
  check(await startStackmonV1(), `kind: stackmon-v1, secret: ${secret}`, {
    asked: ['GET /api/v1/component_status'],
    unknown: noComponent,
  }));

test('stackmon-v2: its components, and its events with our token', async () =>
  check(await startStackmonV2({ secret }), `kind: stackmon-v2, secret: ${secret}`, {
    asked: ['GET /v2/components', 'GET /v2/events'],
    unknown: noComponent,
  }));

test('auto: as the kind that it finds', async () =>
  check(await startStackmonV2({ secret }), `kind: auto, secret: ${secret}`, {
    asked: ['GET /v2/components', 'GET /v2/components', 'GET /v2/events'],
    unknown: noComponent,
  }));

test('auto: why nobody knows what it is', async () => {
  const page = await startStackmonV2();
  await page.stop();
  expect(await complaints(`kind: auto, secret: ${secret}`, page.url, [known])).toEqual([
    expect.stringMatching(/^dashboard page: unreachable: .+ECONNREFUSED/),
  ]);
  const other = await startSlack();
  onTestFinished(other.stop);
  expect(await complaints(`kind: auto, secret: ${secret}`, other.url, [known])).toEqual([
    expect.stringMatching(/^dashboard page: unsupported: neither/),
  ]);
});

test('statuspage: the components of the page, with our key', async () =>
  check(await startStatuspage(), 'kind: statuspage, api_key: key, page_id: page', {
    asked: ['GET /pages/page/components'],
    unknown: notOnPage,
  }));

test('cachet: the components of the page', async () =>
  check(await startCachet(), 'kind: cachet, token: token', {
    asked: ['GET /api/components'],
    unknown: notOnPage,
  }));

test('alertmanager: its status, with our token', async () =>
  check(
    await startAlertmanager({ authorization: 'Bearer a-token' }),
    'kind: alertmanager, bearer_token: a-token',
    {
      asked: ['GET /api/v2/status'],
    },
  ));

const refused = /^dashboard page: unauthorized: answered 401/;

test('a key, a token or a secret that does not do is found', async () => {
  const page = await startStatuspage();
  const events = await startStackmonV2({ secret });
  const alerts = await startAlertmanager({ authorization: 'Bearer a-token' });
  for (const server of [page, events, alerts]) onTestFinished(server.stop);
  const asked: readonly (readonly [string, string])[] = [
    ['kind: statuspage, api_key: wrong-key, page_id: page', page.url],
    ['kind: stackmon-v2, secret: another-secret-of-this-test-012', events.url],
    ['kind: auto, secret: another-secret-of-this-test-012', events.url],
    ['kind: alertmanager, bearer_token: wrong', alerts.url],
  ];
  for (const [keys, url] of asked) {
    expect(await complaints(keys, url, [known])).toEqual([expect.stringMatching(refused)]);
  }
});

test('a kind that cannot be read is asked for any answer, at its root, with nothing that is secret', async () => {
  const slack = await startSlack();
  onTestFinished(slack.stop);
  const keys = `kind: slack, webhook_url: "${slack.url}/services/T0/B0/secret"`;
  const { config, lines } = await load({
    'config.yaml': `dashboards: {page: {${keys}}}\nconvertor: {url: "${slack.url}"}\nreporter: {services: [${known}]}`,
  });
  if (!config) throw new Error(lines);
  await askPeers(config, systemClock);
  const paths = slack.requests.map(({ method, rawUrl }) => `${method} ${rawUrl}`);
  expect(paths.filter((path) => !path.includes('/health') && !path.includes('/v1/'))).toEqual(['GET /']);
});

test('a dashboard that is away, or no such dashboard, is said so', async () => {
  const closed = 'http://127.0.0.1:1';
  for (const kind of ['stackmon-v1', 'stackmon-v2', 'incidents']) {
    expect(await complaints(`kind: ${kind}, secret: ${secret}`, closed, [known])).toEqual([
      expect.stringMatching(/^dashboard page: unreachable: .*connection refused/),
    ]);
  }
  const other = await startAlertmanager();
  onTestFinished(other.stop);
  expect(await complaints(`kind: auto, secret: ${secret}`, other.url, [known])).toEqual([
    expect.stringMatching(/^dashboard page: unsupported: .*neither \/v2\/components nor component_status/),
  ]);
});

test('of many components that are missing the first hundred are named', async () => {
  const page = await startStatuspage();
  onTestFinished(page.stop);
  const services = Array.from({ length: 130 }, (_, index) => `{name: s${index}}`);
  const found = await complaints('kind: statuspage, api_key: key, page_id: page', page.url, services);
  expect(found.length).toBe(101);
  expect(found.at(-1)).toBe('dashboard page: and 30 more');
});
