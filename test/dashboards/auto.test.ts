/** The kind `auto`: which dashboard of CloudMon's answers, and that nothing is decided while it is in trouble. */
import { expect, onTestFinished, test } from 'vitest';
import { findKind } from '../../src/dashboards/auto/find-kind.ts';
import type { AutoSettings } from '../../src/dashboards/auto/settings.ts';
import { openDashboard } from '../../src/dashboards/kinds.ts';
import { startDashboard } from '../../src/demo/dashboard.ts';
import { startStackmonV1 } from '../../src/demo/dialects/stackmon-v1.ts';
import { startStackmonV2 } from '../../src/demo/dialects/stackmon-v2.ts';
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

async function find(url: string, keys = '') {
  const clock = new FakeClock();
  const notes: string[] = [];
  const settings = await settingsOf(url, keys);
  const surroundings = { clock, rateOf: () => undefined, note: (text: string) => notes.push(text) };
  return { found: await findKind(settings, surroundings, new AbortController().signal), notes };
}

async function started<Of extends { readonly stop: () => Promise<void> }>(
  starting: Promise<Of>,
): Promise<Of> {
  const peer = await starting;
  onTestFinished(() => peer.stop());
  return peer;
}

const undecided = 'nobody is told anything yet: it could not be found out which kind of dashboard this is';

test('a list of components is the second version, told of changes', async () => {
  const page = await started(startStackmonV2({ secret: 'dev' }));
  const { found, notes } = await find(page.url, ', title: Ours, shared: wait');
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
  expect(notes).toEqual([]);
});

test('a list of statuses is the first, told at every poll, and its path is settled', async () => {
  for (const prefix of ['/api', ''] as const) {
    const page = await started(startStackmonV1({ secret: 'dev', prefix }));
    const { found } = await find(page.url, ', text: {degraded: Slow}');
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
  expect((await find(first.url, ', send: on_change')).found?.send).toBe('on_change');
  expect((await find(second.url, ', send: every_poll')).found?.send).toBe('every_poll');
});

test('a path that is written is the only one that is asked for', async () => {
  const page = await started(startStackmonV1());
  const { found } = await find(page.url, ', path: /v1/component_status');
  expect(found).toBeUndefined();
  expect(page.requests.map(({ rawUrl }) => rawUrl)).toEqual(['/v2/components', '/v1/component_status']);
});

test('anybody else is nobody: it is never taken for a dashboard of another kind', async () => {
  const page = await started(startDashboard());
  const { found, notes } = await find(page.url);
  expect(found).toBeUndefined();
  expect(notes).toEqual([`${undecided}: neither /v2/components nor component_status is a list`]);
});

test('a dashboard in trouble is asked again, and not taken for what else it can do', async () => {
  for (const fault of ['status-500', 'status-503', 'status-429', 'reset-before-accept'] as const) {
    const page = await started(startStackmonV1());
    page.failReads(fault, { times: 1 });
    const { found, notes } = await find(page.url);
    expect(found, fault).toBeUndefined();
    expect(notes[0], fault).toMatch(new RegExp(`^${undecided}: `));
    expect((await find(page.url)).found?.kind).toBe('stackmon-v1');
  }
});

test('a page for people where a list should be is no list', async () => {
  const page = await started(startStackmonV1());
  page.failReads({ headers: { 'content-type': 'text/html' }, body: '<!doctype html>' }, { times: 1 });
  expect((await find(page.url)).found?.kind).toBe('stackmon-v1');
});

test('who stops it is told nothing', async () => {
  const page = await started(startStackmonV2());
  const notes: string[] = [];
  const stop = new AbortController();
  stop.abort();
  const surroundings = {
    clock: new FakeClock(),
    rateOf: () => undefined,
    note: (text: string) => notes.push(text),
  };
  const found = await findKind(await settingsOf(page.url), surroundings, stop.signal);
  expect([found, notes]).toEqual([undefined, []]);
});

test('it cannot be opened before it is known what it is', async () => {
  const settings = await settingsOf('http://127.0.0.1:9');
  const surroundings = {
    clock: new FakeClock(),
    print: () => undefined,
    reporterId: 'us',
    pollIntervalMs: 60_000,
    rateOf: () => undefined,
    note: () => undefined,
  };
  expect(() => openDashboard(settings, surroundings)).toThrow('nobody has found out which kind');
});
