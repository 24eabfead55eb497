/** All sources together: who is asked when, what is handed on, and what is told about it. */
import { expect, onTestFinished, test } from 'vitest';
import { fingerprint } from '../../../src/app/fingerprint.ts';
import type { SourceSettings } from '../../../src/collector/settings.ts';
import type { NodeReads } from '../../../src/collector/sources/node-reads.ts';
import type { Collected } from '../../../src/collector/sources/source.ts';
import { openSources } from '../../../src/collector/sources/sources.ts';
import { json, type Reply, text } from '../../../src/demo/reply.ts';
import * as wire from '../../../src/demo/wire.ts';
import { openExposition } from '../../../src/exposition/text.ts';
import { Secret } from '../../../src/model/secret.ts';
import { FakeClock } from '../../fake-clock.ts';
import { startExporter } from './exporter.ts';

type Changed = Partial<Extract<SourceSettings, { readonly type: 'prometheus' }>>;

const node: SourceSettings = { type: 'node', labels: {}, timeoutMs: 5_000 };

function prometheus(url: string, changed: Changed = {}): SourceSettings {
  return { type: 'prometheus', url, labels: {}, timeoutMs: 5_000, tls: {}, ...changed };
}

/** A host that answers at once, so that no clock of ours overtakes it. */
const prompt: NodeReads = {
  cpus: () => [{ idle: 50, user: 50 }],
  memory: () => ({ total: 100, free: 50 }),
  uptimeSeconds: () => 60,
  fileSystem: async () => ({ blocks: 100, bfree: 50, bavail: 50 }),
  meminfo: async () => 'MemTotal: 100 kB\nMemAvailable: 50 kB\n',
  netDev: async () => 'eth0: 1 0 0 0 0 0 0 0 1 0\n',
};

function stage(settings: readonly SourceSettings[], reads: NodeReads = prompt) {
  const clock = new FakeClock();
  const heard: string[] = [];
  const sources = openSources(settings, {
    clock,
    nodeName: 'host-1',
    reads,
    fingerprint,
    journal: {
      sourceFailed: (source, failure) => heard.push(`${source} ${failure.code}`),
      sourceLacks: (source, flaw) => heard.push(`${source} lacks ${flaw.code}`),
      sourceRecovered: (source) => heard.push(`${source} recovered`),
    },
  });
  onTestFinished(sources.stop);
  const collected: Collected[] = [];
  return {
    clock,
    sources,
    /** What the journal was told. */
    heard,
    collected,
    /** Asks all; what each brought, a line for each sample that is not about time. */
    collect: async () => {
      const lines: string[] = [];
      await sources.collect((each) => {
        collected.push(each);
        lines.push(...linesOf(each));
      });
      return lines.sort();
    },
  };
}

function linesOf({ families, labels }: Collected): readonly string[] {
  const place = Object.values(labels).join(' ').replace(/:\d+/, '');
  return families
    .filter(({ name }) => name !== 'scrape_duration_seconds')
    .flatMap(({ samples }) =>
      samples.map(({ name, labels, value }) => {
        const own = Object.keys(labels).length > 0 ? JSON.stringify(labels) : '';
        return `${place}: ${name}${own} ${value}`;
      }),
    );
}

const page = text(200, '# TYPE a counter\na{b="c"} 1\n');

test('each brings its samples, and what Prometheus says about them', async () => {
  const { url } = await startExporter(page);
  const { collect, collected, clock, sources, heard } = stage([prometheus(`${url}/metrics`)]);
  expect(await collect()).toEqual([
    '127.0.0.1: a{"b":"c"} 1',
    '127.0.0.1: scrape_samples_scraped 1',
    '127.0.0.1: up 1',
  ]);
  expect(collected[0]).toMatchObject({ labels: { instance: new URL(url).host }, timeMs: clock.now() });
  expect(collected[0]?.families.find(({ name }) => name === 'scrape_duration_seconds')?.samples).toEqual([
    { name: 'scrape_duration_seconds', labels: {}, value: 0 },
  ]);
  const name = `prometheus ${new URL(url).host}/metrics`;
  expect(sources.facts()).toEqual([{ name, state: 'ok', durationMs: 0, samples: 1 }]);
  expect(heard).toEqual([]);
});

test('nine live ones do not wait for a black hole', async () => {
  const live = await Promise.all(Array.from({ length: 9 }, () => startExporter(page)));
  const hole = await startExporter(wire.hang);
  const { sources, clock, heard } = stage([hole, ...live].map(({ url }) => prometheus(url)));
  const brought: Collected[] = [];
  let isOver = false;
  const nine = new Promise<void>((resolve) => {
    void sources
      .collect((each) => {
        if (brought.push(each) === 9) resolve();
      })
      .then(() => {
        isOver = true;
      });
  });
  await nine;
  expect(isOver).toBe(false);
  expect(new Set(brought.flatMap(({ families }) => families.map(({ name }) => name)))).toEqual(
    new Set(['a', 'up', 'scrape_duration_seconds', 'scrape_samples_scraped']),
  );
  await clock.advance(5_000);
  expect(isOver).toBe(true);
  expect(brought).toHaveLength(10);
  expect(brought[9]?.families.map(({ samples }) => samples[0]?.value)).toEqual([0, 5, 0]);
  expect(heard).toEqual([`prometheus ${new URL(hole.url).host}/ source.timeout`]);
});

test('one that is still being asked is not asked again', async () => {
  const { url, requests } = await startExporter(wire.hang);
  const { sources, clock } = stage([prometheus(url)]);
  const first = sources.collect(() => undefined);
  await clock.advance(1_000);
  await sources.collect(() => expect.unreachable());
  await clock.advance(4_000);
  await first;
  expect(requests).toHaveLength(1);
  void sources.collect(() => undefined);
  await clock.advance(5_000);
  expect(requests).toHaveLength(2);
});

test('one that is gone is spared, is told about, and comes back', async () => {
  const { url, requests, answer } = await startExporter(text(500, 'no'));
  const { collect, sources, clock, heard } = stage([prometheus(url)]);
  const name = `prometheus ${new URL(url).host}/`;
  const states: (string | undefined)[] = [sources.facts()[0]?.state];
  const down = ['127.0.0.1: scrape_samples_scraped 0', '127.0.0.1: up 0'];
  for (let turn = 0; turn < 3; turn++) {
    expect(await collect()).toEqual(down);
    states.push(sources.facts()[0]?.state);
    await clock.advance(15_000);
  }
  expect(states).toEqual(['waiting', 'failing', 'failing', 'paused']);
  expect(sources.facts()).toEqual([
    { name, state: 'paused', reason: 'failed', detail: 'answered 500: no', durationMs: 0, samples: 0 },
  ]);
  for (let turn = 0; turn < 3; turn++) {
    expect(await collect()).toEqual(['127.0.0.1: up 0']);
    await clock.advance(15_000);
  }
  expect(requests).toHaveLength(3);
  answer(page);
  expect(await collect()).toContain('127.0.0.1: up 1');
  expect(requests).toHaveLength(4);
  expect(sources.facts()).toEqual([{ name, state: 'ok', durationMs: 0, samples: 1 }]);
  expect(heard).toEqual([...Array(3).fill(`${name} source.failed`), `${name} recovered`]);
});

test('what is missing in a good answer is told once, and when it is back', async () => {
  const { url, answer } = await startExporter(json(200, { a: 1 }));
  const source: SourceSettings = {
    ...(prometheus(url) as Extract<SourceSettings, { readonly type: 'prometheus' }>),
    type: 'json',
    map: { a: 'm', b: 'n', c: 'o' },
  };
  const { collect, sources, heard } = stage([source]);
  const name = `json ${new URL(url).host}/`;
  for (let turn = 0; turn < 3; turn++) expect(await collect()).toContain('127.0.0.1: up 1');
  expect(heard).toEqual([`${name} lacks source.garbled`]);
  expect(sources.facts()).toEqual([
    { name, state: 'ok', reason: 'garbled', detail: 'the answer has no b, c', durationMs: 0, samples: 1 },
  ]);
  answer(json(200, { a: 1, b: 2 }));
  await collect();
  answer(json(200, { a: 1, b: 2, c: 3 }));
  await collect();
  expect(heard).toEqual([...Array(2).fill(`${name} lacks source.garbled`), `${name} recovered`]);
});

test('a stop ends what is under way, and nothing of it is told', async () => {
  const { url } = await startExporter(wire.hang);
  const hanging: NodeReads = { ...prompt, fileSystem: () => new Promise(() => undefined) };
  const { sources, clock, heard } = stage([node, prometheus(url)], hanging);
  const collecting = sources.collect(() => expect.unreachable());
  await clock.advance(100);
  sources.stop();
  await collecting;
  await sources.collect(() => expect.unreachable());
  expect(heard).toEqual([]);
  expect(clock.waiting).toEqual([]);
});

test('this host is told apart by its name, or by the one in the settings', async () => {
  const { collect, collected } = stage([node, { ...node, labels: { node_id: 'other', rack: 'r1' } }]);
  await collect();
  expect(collected.map(({ labels }) => labels)).toEqual(
    expect.arrayContaining([{ node_id: 'host-1' }, { node_id: 'other', rack: 'r1' }]),
  );
});

test('names are unique, and hold no credentials and no query', () => {
  const urls = [
    'http://user:pass@h/m?target=a',
    'http://h/m?target=b',
    'https://h/m',
    'http://h:9100/',
    'http://[::1]:9100/',
  ];
  const { sources } = stage([node, node, ...urls.map((url) => prometheus(url))]);
  expect(sources.facts()).toEqual(
    [
      'node',
      'node 2',
      'prometheus h:80/m',
      'prometheus h:80/m 2',
      'prometheus h:443/m',
      'prometheus h:9100/',
      'prometheus [::1]:9100/',
    ].map((name) => ({ name, state: 'waiting' })),
  );
});

test('labels name the instance unless the settings do', async () => {
  const { url } = await startExporter(page);
  const { collect, collected } = stage([prometheus(url, { labels: { instance: 'x', job: 'y' } })]);
  await collect();
  expect(collected[0]?.labels).toEqual({ instance: 'x', job: 'y' });
});

test('where two have the same labels, what is said about them names each', async () => {
  const { url } = await startExporter(page);
  const { host } = new URL(url);
  const { collect } = stage([prometheus(`${url}/a`), prometheus(`${url}/b`), node]);
  const lines = await collect();
  expect(lines.filter((line) => / up/.test(line))).toEqual([
    `127.0.0.1: up{"source":"prometheus ${host}/a"} 1`,
    `127.0.0.1: up{"source":"prometheus ${host}/b"} 1`,
    'host-1: up 1',
  ]);
});

test('a reload keeps what is the same, and stops what is gone', async () => {
  const [kept, gone, failing] = await Promise.all(
    [page, wire.hang, text(500, '')].map((answer: Reply) => startExporter(answer)),
  );
  if (!kept || !gone || !failing) return expect.unreachable();
  const token = () => new Secret('same', async () => 'same');
  const settings = () => [node, prometheus(kept.url, { bearerToken: token() }), prometheus(failing.url)];
  const { sources, clock, collect, heard } = stage([...settings(), prometheus(gone.url)]);
  for (let turn = 0; turn < 3; turn++) {
    const collecting = collect();
    await clock.advance(15_000);
    await collecting;
  }
  expect(sources.facts().map(({ state }) => state)).toEqual(['ok', 'ok', 'paused', 'paused']);
  const count = heard.length;

  await clock.advance(60_000);
  const underWay = sources.collect(() => undefined);
  await clock.advance(100);
  sources.reload(settings());
  await underWay;
  expect(heard.slice(count)).toEqual([`prometheus ${new URL(failing.url).host}/ source.failed`]);
  expect(sources.facts().map(({ state }) => state)).toEqual(['ok', 'ok', 'paused']);
  const lines = await collect();
  expect(lines).toContainEqual(expect.stringMatching(/node_network_io/));
  expect(new Set(kept.requests.map(({ socket }) => socket)).size).toBe(1);
  expect(failing.requests).toHaveLength(4);

  sources.reload([node, prometheus(kept.url, { bearerToken: new Secret('other') })]);
  expect(sources.facts().map(({ state }) => state)).toEqual(['ok', 'waiting']);
  await collect();
  expect(kept.requests.at(-1)?.headers.authorization).toBe('Bearer other');
});

test('instruments', async () => {
  const sources = [prometheus('http://127.0.0.1:1/m?token=x'), prometheus('http://127.0.0.1:2/')];
  const { sources: opened, collect } = stage(sources);
  const print = () => String(openExposition().text(opened.families()).body);
  expect(print()).not.toContain('source_up{');
  await collect();
  const lines = print()
    .split('\n')
    .filter((line) => !/^#/.test(line) && line.includes(':1/m') && !/\} 0$/.test(line));
  const labels = 'source="prometheus 127.0.0.1:1/m"';
  expect(lines).toEqual([
    ...['0.001', '0.005', '0.01', '0.05', '0.1', '0.5', '1.0', '5.0', '10.0', '+Inf'].map(
      (le) => `cloudmon_collector_source_duration_seconds_bucket{${labels},le="${le}"} 1`,
    ),
    `cloudmon_collector_source_duration_seconds_count{${labels}} 1`,
    `cloudmon_collector_source_errors_total{${labels},reason="unreachable"} 1`,
  ]);
  expect(print()).toContain(`cloudmon_collector_source_up{${labels}} 0\n`);
});

test('a bug in whoever takes the samples is not swallowed', async () => {
  const { sources } = stage([node]);
  const collecting = sources.collect(() => {
    throw new TypeError('bug');
  });
  await expect(collecting).rejects.toThrow('bug');
});
