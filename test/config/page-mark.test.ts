/** Which changes of a dashboard's section make it another page. */
import { expect, test } from 'vitest';
import { load } from './folder.ts';

async function markOf(section: string): Promise<string | undefined> {
  const services = 'reporter: {services: [{name: api}]}';
  const text = `convertor: {url: http://127.0.0.1:9}\ndashboards: {page: ${section}}\n${services}\n`;
  const { config, lines } = await load({ 'config.yaml': text });
  if (!config) throw new Error(lines);
  return config.dashboards[0]?.mark;
}

const statuspage = '{kind: statuspage, url: "https://a/v1", api_key: k, page_id: p}';
const stackmon = '{kind: stackmon-v2, url: "https://a", secret: s}';
const webhook = '{kind: webhook, url: "https://a/key-1?x=1", body: "{}"}';

test.each([
  ['another key', statuspage, '{kind: statuspage, url: "https://a/v1/", api_key: other, page_id: p}'],
  [
    'another time-out',
    statuspage,
    '{kind: statuspage, url: "https://a/v1", api_key: k, page_id: p, timeout: 1}',
  ],
  ['another secret', stackmon, '{kind: stackmon-v2, url: "https://a", secret: other}'],
  ['found out by auto', stackmon, '{kind: auto, url: "https://a", secret: s}'],
  ['upgraded in its place', stackmon, '{kind: stackmon-v1, url: "https://a", secret: s}'],
  ['a path that is a key', webhook, '{kind: webhook, url: "https://a/key-2", body: "{}"}'],
])('%s is the same page', async (_, one, other) => {
  expect(await markOf(one)).toBe(await markOf(other));
});

test.each([
  ['another host', stackmon, '{kind: stackmon-v2, url: "https://b", secret: s}'],
  ['another path', stackmon, '{kind: stackmon-v2, url: "https://a/b", secret: s}'],
  ['another kind', stackmon, '{kind: incidents, url: "https://a", secret: s}'],
  ['another page_id', statuspage, '{kind: statuspage, url: "https://a/v1", api_key: k, page_id: q}'],
  [
    'components alone',
    statuspage,
    '{kind: statuspage, url: "https://a/v1", api_key: k, page_id: p, show: components}',
  ],
])('%s is another page', async (_, one, other) => {
  expect(await markOf(one)).not.toBe(await markOf(other));
});

test('a mark holds no secret', async () => {
  expect(await markOf(webhook)).toMatch(/^[\w-]{8}$/);
});
