/** /metrics under load and faults, as promtool and the parsers of Prometheus's Python client read it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dashboardFaultNames, faultyService } from '../../src/demo/faults.ts';
import { file, start, temporaryFolder } from '../process/program.ts';
import { startWorld } from '../process/world.ts';
import { freePort } from './prometheus.ts';

type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

type Family = { readonly name: string; readonly type: string; readonly samples: readonly Sample[] };

type Scrape = readonly Family[];

const formats = {
  txt: { accept: 'text/plain', type: 'text/plain; version=0.0.4; charset=utf-8' },
  om: {
    accept: 'application/openmetrics-text; version=1.0.0',
    type: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  },
};

const hostile = [
  '<script>alert(1)</script>',
  'with "quotes"',
  'back\\slash',
  'back\\',
  '\\n',
  '"',
  '{le="+Inf"} 1',
  '# EOF',
  '😀 émoji 日本語 עברית',
  'a line\u2028separator',
  '\ufeffmark',
  ' spaces at the ends ',
  '__name__',
  'constructor',
  '__proto__',
  'x'.repeat(200),
  '😀'.repeat(200),
];

/** Of the convertor: those that say what is wrong, and two that break the connection. */
const convertorFaults = [
  ...(['status-400', 'status-401', 'status-404', 'status-409', 'status-429', 'status-500'] as const),
  ...(['redirect', 'truncated', 'reset-before', 'hang'] as const),
];

test('the page is right at every moment, whatever the names and whatever happens', async () => {
  const services = [
    ...hostile,
    ...dashboardFaultNames.map((fault) => faultyService('dashboard', fault)),
    ...convertorFaults.map((fault) => faultyService('convertor', fault)),
  ];
  expect(services.length).toBeGreaterThan(60);
  const port = await freePort();
  const { convertor, text, dashboard } = await startWorld(services, {
    pollSeconds: 1,
    convertor: ['timeout: 1', 'retries: 1'],
    dashboard: ['timeout: 1', 'retries: 1'],
  });
  for (const [at, name] of hostile.entries()) convertor.set(name, 'production', { status: at % 4 });
  const second = JSON.stringify({ 'a "page" \\ of <others>': { kind: 'console', mode: 'record' } });
  const more = `telemetry: {port: ${port}}\ndashboards: ${second}`;
  const config = file(text({ more }));
  const program = start(['-c', config, '--log-level', 'debug']);
  await program.waitForLog('Telemetry is listening');

  const folder = temporaryFolder();
  const paths: string[] = [];
  const scrape = async (format: keyof typeof formats) => {
    const { accept, type } = formats[format];
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { accept } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
    const path = join(folder, `${String(paths.length).padStart(3, '0')}.${format}`);
    paths.push(path);
    writeFileSync(path, await answer.text());
  };
  const scrapeWhile = async (work: Promise<unknown>) => {
    let isOver = false;
    void work.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await scrape('txt');
      await scrape('om');
      // Not faster than anybody would, but often within a cycle.
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    await work;
  };
  await scrapeWhile(program.waitForLog('Cycle done', 3));
  const dropped = hostile[0];
  writeFileSync(config, text({ more, services: [...services.filter((name) => name !== dropped), 'new'] }));
  program.signal('SIGHUP');
  await scrapeWhile(program.waitForLog('Configuration was reloaded'));
  const heard = dashboard.requests.length;
  await scrapeWhile(dashboard.waitFor(() => true, heard + 50));

  for (const path of paths.filter((each) => each.endsWith('.txt'))) {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: execFileSync('cat', [path]),
      encoding: 'utf8',
    });
    expect([status, stdout, stderr], path).toEqual([0, '', '']);
  }

  const parser = ['test/real/exposition.py', ...paths];
  const scrapes = JSON.parse(
    execFileSync('/usr/bin/python3', parser, { encoding: 'utf8', maxBuffer: 1e9 }),
  ) as readonly Scrape[];
  expect(scrapes.length).toBe(paths.length);
  for (const each of scrapes) {
    expect(repeated(each)).toEqual([]);
    expect(wrongHistograms(each)).toEqual([]);
  }
  for (const [at, later] of scrapes.entries()) {
    const earlier = scrapes[at - 1];
    if (earlier) expect(fallen(earlier, later), paths[at]).toEqual([]);
  }
  const [first = [], last = []] = [scrapes[0], scrapes.at(-1)];
  expect(labels(first, 'service')).toEqual([...services].sort());
  expect(labels(last, 'service')).toEqual([...services.filter((name) => name !== dropped), 'new'].sort());
  expect(labels(last, 'dashboard')).toEqual(['a "page" \\ of <others>', 'default']);
  expectLoad(last);
}, 60_000);

function repeated(scrape: Scrape): readonly string[] {
  const series = scrape.flatMap(({ samples }) => samples.map(keyOf));
  const names = scrape.map(({ name }) => name);
  return [...series, ...names].filter((key, at, all) => all.indexOf(key) !== at && key !== '');
}

function keyOf({ name, labels }: Sample): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}

/** Buckets that shrink, or do not end in +Inf with the count. */
function wrongHistograms(scrape: Scrape): readonly string[] {
  return scrape
    .filter(({ type }) => type === 'histogram')
    .flatMap(({ name, samples }) => {
      const ofSeries = (sample: Sample) => keyOf({ ...sample, name, labels: without(sample.labels, 'le') });
      return [...new Set(samples.map(ofSeries))].filter((series) => {
        const own = samples.filter((sample) => ofSeries(sample) === series);
        const buckets = own.filter((sample) => sample.name === `${name}_bucket`);
        const count = own.find((sample) => sample.name === `${name}_count`)?.value;
        const isRising = buckets.every(({ value }, at) => value >= (buckets[at - 1]?.value ?? 0));
        const isWhole = buckets.at(-1)?.labels['le'] === '+Inf' && buckets.at(-1)?.value === count;
        return !isRising || !isWhole || buckets.length < 9;
      });
    });
}

function without(labels: Sample['labels'], name: string): Sample['labels'] {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => key !== name));
}

/** Counters, and what counts in histograms, that are less than they were. */
function fallen(earlier: Scrape, later: Scrape): readonly string[] {
  const before = new Map(counters(earlier).map((sample) => [keyOf(sample), sample.value]));
  return counters(later).flatMap((sample) =>
    sample.value < (before.get(keyOf(sample)) ?? 0) ? [keyOf(sample)] : [],
  );
}

function counters(scrape: Scrape): readonly Sample[] {
  return scrape.filter(({ type }) => type !== 'gauge').flatMap(({ samples }) => samples);
}

function labels(scrape: Scrape, name: string): readonly string[] {
  const values = scrape.flatMap(({ samples }) => samples.flatMap((sample) => sample.labels[name] ?? []));
  return [...new Set(values)].sort();
}

/** What was provoked was also counted: else nothing was tried. */
function expectLoad(scrape: Scrape): void {
  const counted = counters(scrape).filter(({ value }) => value > 0);
  const of = (label: string) => new Set(counted.flatMap((sample) => sample.labels[label] ?? []));
  expect([...of('outcome')]).toEqual(expect.arrayContaining(['sent', 'known', 'rejected', 'failed']));
  expect([...of('result')]).toEqual(expect.arrayContaining(['ok', 'error']));
  expect([...of('reason')]).toEqual(
    expect.arrayContaining(['unreachable', 'timeout', 'unauthorized', 'rate_limited', 'rejected', 'failed']),
  );
}
