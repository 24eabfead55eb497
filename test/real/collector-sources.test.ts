/** A real node exporter, as our source and the parser of Prometheus's Python client read it. */
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openPrometheus } from '../../src/collector/sources/prometheus.ts';
import type { Family } from '../../src/exposition/family.ts';
import { systemClock } from '../../src/model/clock.ts';
import { temporaryFolder } from '../process/program.ts';
import { freePort, until } from './prometheus.ts';

type PythonFamily = Omit<Family, 'type'> & { readonly type: string };

/** What a series is, without its value. */
type Series = { readonly type: string; readonly help: string; readonly value: number };

/** The exporter shows what stands here beside its own: labels that every reader must undo alike. */
const hostile = `# HELP hostile_total A "help" with \\\\ and \\n in it.
# TYPE hostile_total counter
hostile_total{a="quote \\" backslash \\\\ line \\n end",b="},c=\\"{"} 1e21
hostile_total{a="😀 é 日本語",b=""} 5e-324
# HELP hostile_seconds A histogram.
# TYPE hostile_seconds histogram
hostile_seconds_bucket{le="0.1"} 1
hostile_seconds_bucket{le="+Inf"} 2
hostile_seconds_sum 0.30000000000000004
hostile_seconds_count 2
`;

test('every series of a node exporter is read as others read it', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'hostile.prom'), hostile);
  const url = await startNodeExporter(folder);
  const feed = openPrometheus(
    { type: 'prometheus', url, labels: {}, timeoutMs: 30_000, tls: {} },
    systemClock,
  );
  onTestFinished(feed.stop);

  const before = await pythonScrape(url, join(folder, 'before.txt'));
  const ours = seriesOf((await feed.ask()).families);
  const after = await pythonScrape(url, join(folder, 'after.txt'));

  // Some come with the first scrape, or with a device, so the one behind it is what counts.
  const both = [...after.keys()].filter((key) => before.has(key));
  expect(both.length).toBeGreaterThan(300);
  expect(both.filter((key) => !ours.has(key))).toEqual([]);
  expect([...ours.keys()].filter((key) => !before.has(key) && !after.has(key))).toEqual([]);

  const facts = (series: Series | undefined) => [series?.type, series?.help];
  const typeOf = (all: ReadonlyMap<string, Series>) => both.map((key) => [key, ...facts(all.get(key))]);
  expect(typeOf(ours)).toEqual(typeOf(after));

  // A gauge of this machine may have been elsewhere and come back in between.
  const stays = (key: string) => after.get(key)?.type !== 'gauge' || /^\["(hostile|\w+_info")/.test(key);
  const still = both.filter((key) => stays(key) && Object.is(before.get(key)?.value, after.get(key)?.value));
  expect(still.length).toBeGreaterThan(50);
  const values = (all: ReadonlyMap<string, Series>) => still.map((key) => [key, all.get(key)?.value]);
  expect(values(ours)).toEqual(values(after));
  expect(still.filter((key) => key.startsWith('["hostile')).length).toBe(6);
  expect(new Set(both.map((key) => ours.get(key)?.type))).toEqual(
    new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']),
  );
});

async function startNodeExporter(textfiles: string): Promise<string> {
  const port = await freePort();
  const child = spawn(
    'prometheus-node-exporter',
    [`--web.listen-address=127.0.0.1:${port}`, `--collector.textfile.directory=${textfiles}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  let hasEnded = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.on('error', (error) => {
    said += error.message;
    hasEnded = true;
  });
  child.on('exit', () => {
    hasEnded = true;
  });
  await until(async () => {
    if (hasEnded) throw new Error(`the node exporter ended:\n${said}`);
    return /Listening on/.test(said) || undefined;
  });
  return `http://127.0.0.1:${port}/metrics`;
}

/** As Python's parser reads one scrape. */
async function pythonScrape(url: string, path: string): Promise<ReadonlyMap<string, Series>> {
  const answer = await fetch(url, { headers: { accept: 'text/plain;version=0.0.4' } });
  writeFileSync(path, await answer.text());
  const output = execFileSync('/usr/bin/python3', ['test/real/exposition.py', path], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  const [families = []] = JSON.parse(infinities(output)) as readonly (readonly PythonFamily[])[];
  return seriesOf(families);
}

/** Python writes what JSON has no word for: past the largest number there is. */
function infinities(output: string): string {
  return output
    .replace(/"value": (-?)Infinity/g, '"value": $11e999')
    .replace(/"value": NaN/g, '"value": null');
}

function seriesOf(families: readonly (Family | PythonFamily)[]): ReadonlyMap<string, Series> {
  const series = new Map<string, Series>();
  for (const { type, help, samples } of families) {
    for (const { name, labels, value } of samples) {
      const key = JSON.stringify([name, Object.entries(labels).sort()]);
      expect(series.has(key), key).toBe(false);
      // Python's word for untyped is that of OpenMetrics.
      series.set(key, { type: type === 'unknown' ? 'untyped' : type, help, value: value ?? Number.NaN });
    }
  }
  return series;
}
