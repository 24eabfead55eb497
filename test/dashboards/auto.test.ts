/** The kind `auto`: which dashboard of CloudMon's answers, and that nothing is decided while it is in trouble. */
import { expect, onTestFinished, test } from 'vitest';
import { findKind } from '../../src/dashboards/auto/find-kind.ts';
import type { AutoSettings } from '../../src/dashboards/auto/settings.ts';
import { openDashboard } from '../../src/dashboards/kinds.ts';
import { startDashboard } from '../../src/demo/dashboard.ts';
import { startStackmonV1 } from '../../src/demo/dialects/stackmon-v1.ts';
import { startStackmonV2 } from '../../src/demo/dialects/stackmon-v2.ts';
import { Failure } from '../../src/model/failure.ts';
import { load } from '../config/folder.ts';
import { FakeClock } from '../fake-clock.ts';

async function settingsOf(url: string, keys = ''): Promise<AutoSettings> {
  const { config, lines } = await load({
    'config.yaml': [
      'convertor: {url: http://127.0.0.1:9}',
      `dashboards: {page: {kind: auto, url: "${url}", secret: dev${keys}}}`,
      'reporter: {services: [{name: api, component: API}]}',
    ].join('\n'),
  });
  const [settings] = config?.dashboards ?? [];
  if (settings?.kind !== 'auto') throw new Error(lines);
  return settings;
}

const surroundings = { clock: new FakeClock(), rateOf: () => undefined };

async function find(url: string, keys = '', { signal } = new AbortController()) {
  return findKind(await settingsOf(url, keys), surroundings, signal);
}

/** Why it cannot be told. */
async function why(url: string, keys = '', stop = new AbortController()): Promise<string> {
  const failure: unknown = await find(url, keys, stop).catch((error: unknown) => error);
  return failure instanceof Failure ? `${failure.reason}: ${failure.message}` : `no failure: ${failure}`;
}

async function started<Of extends { readonly stop: () => Promise<void> }>(
  starting: Promise<Of>,
): Promise<Of> {
  const peer = await starting;
  onTestFinished(() => peer.stop());
  return peer;
}

const nobody = 'unsupported: neither /v2/components nor component_status is a list: ';

test('a list of components is the second version, told of changes', async () => {
  const page = await started(startStackmonV2({ secret: 'dev' }));
  const found = await find(page.url, ', title: Ours, shared: wait');
  expect(found).toMatchObject({
    name: 'page',
    kind: 'stackmon-v2',
    url: page.url,
    send: 'on_change',
    title: 'Ours',
    shared: 'wait',
    severity: { 1: 1, 2: 2, 3: 3 },
  });
  expect(Object.keys(found ?? {})).not.toContain('text');
  expect(page.requests.map(({ rawUrl, headers }) => [rawUrl, headers.authorization])).toEqual([
    ['/v2/components', undefined],
  ]);
});

test('a list of statuses is the first, told at every poll, and its path is settled', async () => {
  for (const prefix of ['/api', ''] as const) {
    const page = await started(startStackmonV1({ secret: 'dev', prefix }));
    const found = await find(page.url, ', text: {degraded: Slow}');
    expect(found).toMatchObject({
      kind: 'stackmon-v1',
      send: 'every_poll',
      path: `${prefix}/v1/component_status`,
      text: { 1: { text: 'Slow' } },
    });
    expect(Object.keys(found ?? {})).not.toContain('title');
  }
});

test('what is written wins over what the kind would do', async () => {
  const first = await started(startStackmonV1());
  const second = await started(startStackmonV2());
  expect((await find(first.url, ', send: on_change')).send).toBe('on_change');
  expect((await find(second.url, ', send: every_poll')).send).toBe('every_poll');
});

test('a path that is written is the only one that is asked for', async () => {
  const page = await started(startStackmonV1());
  expect(await why(page.url, ', path: /v1/component_status')).toContain(nobody);
  expect(page.requests.map(({ rawUrl }) => rawUrl)).toEqual(['/v2/components', '/v1/component_status']);
});

test('anybody else is nobody: it is never taken for a dashboard of another kind', async () => {
  const page = await started(startDashboard());
  expect(await why(page.url)).toContain(nobody);
});

test('whoever lets nobody in says so, and is nobody either', async () => {
  const page = await started(startStackmonV1());
  for (const status of [401, 403] as const) {
    page.failReads(`status-${status}`);
    expect(await why(page.url)).toContain(`unauthorized: answered ${status}`);
  }
  page.failReads('status-401', { times: 1 });
  expect((await find(page.url)).kind).toBe('stackmon-v1');
});

test('a dashboard in trouble is asked again, and not taken for what else it can do', async () => {
  for (const [fault, reason] of [
    ['status-500', 'failed: answered 500'],
    ['status-503', 'failed: answered 503'],
    ['status-429', 'rate_limited: answered 429'],
    ['reset-before-accept', 'unreachable: '],
  ] as const) {
    const page = await started(startStackmonV1());
    page.failReads(fault, { times: 1 });
    expect(await why(page.url), fault).toContain(reason);
    expect((await find(page.url)).kind).toBe('stackmon-v1');
  }
});

test('a page for people where a list should be is no list', async () => {
  const page = await started(startStackmonV1());
  page.failReads({ headers: { 'content-type': 'text/html' }, body: '<!doctype html>' }, { times: 1 });
  expect((await find(page.url)).kind).toBe('stackmon-v1');
});

test('it ends as soon as somebody stops it', async () => {
  const page = await started(startStackmonV2());
  const stop = new AbortController();
  stop.abort();
  expect(await why(page.url, '', stop)).toContain('stopped: ');
  expect(page.requests).toEqual([]);
});

test('it cannot be opened before it is known what it is', async () => {
  const settings = await settingsOf('http://127.0.0.1:9');
  const all = {
    ...surroundings,
    print: () => undefined,
    reporterId: 'us',
    pollIntervalMs: 60_000,
    note: () => undefined,
  };
  expect(() => openDashboard(settings, all)).toThrow('nobody has found out which kind');
});
