/** The configuration files that we ship load, and one of them names every key there is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { documented } from '../../src/collector/series/documented.ts';
import { formatProblem } from '../../src/config/explain.ts';
import { loadCollectConfig, loadConfig } from '../../src/config/load.ts';
import { rootShape } from '../../src/config/schema.ts';
import type { Shape } from '../../src/config/shape.ts';

const files = readdirSync('config')
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join('config', name));

const ofCollector = 'config/collector.yaml';

test('the files for a small, a complete and a CloudMon configuration, health and a collector are there', () => {
  expect(files.sort()).toEqual([
    'config/all-keys.yaml',
    'config/cloudmon.yaml',
    ofCollector,
    'config/health.yaml',
    'config/minimal.yaml',
  ]);
});

test.each(files.filter((file) => file !== ofCollector))(
  '%s loads without an error and without a warning',
  async (file) => {
    const { config, problems } = await loadConfig([file], {});
    expect(problems.map(formatProblem)).toEqual([]);
    expect(config?.reporter.targets.length).toBeGreaterThan(0);
  },
);

test('the file for a collector has an example of every source, and maps all four metrics of Betanet', async () => {
  const { config, problems } = await loadCollectConfig([ofCollector], {});
  expect(problems.map(formatProblem)).toEqual([]);
  const { sources = [] } = config?.collector ?? {};
  expect(sources.map(({ type }) => type)).toEqual(['node', 'prometheus', 'json']);
  const mapped = sources.flatMap((source) => (source.type === 'json' ? Object.values(source.map) : []));
  const known = documented.map(({ name }) => name).filter((name) => name.startsWith('betanet_'));
  expect(mapped.sort()).toEqual(known.sort());
});

test('what all-keys.yaml writes are the defaults', async () => {
  const [all, least] = await Promise.all([
    loadConfig(['config/all-keys.yaml'], {}),
    loadConfig(['config/minimal.yaml'], {}),
  ]);
  const settings = (loaded: typeof all) => {
    const { convertor, telemetry, log, dashboards, reporter } = loaded.config ?? never();
    const { targets, ...rest } = reporter;
    return { convertor, telemetry, log, dashboard: dashboards[0], reporter: rest };
  };
  expect(settings(all)).toEqual(settings(least));
});

test('every key of the configuration stands in all-keys.yaml, and no other', () => {
  const written = parse(withoutMarks(readFileSync('config/all-keys.yaml', 'utf8')));
  expect(sorted(keysWritten(written, rootShape))).toEqual(sorted(keysOf(rootShape)));
});

/** `#key:` is a key that is commented out, and so is `#  key:` below it; `# A sentence` is not. */
function withoutMarks(text: string): string {
  return text.replaceAll(/^( *)#(?! \S)(?=.*\S)/gm, '$1');
}

/** The keys that may be written, `a.b` below `a`; the dashboards' are told once, of all kinds together. */
function keysOf(shape: Shape, prefix = ''): readonly string[] {
  switch (shape.type) {
    case 'keys':
      return [...shape.keys].flatMap(([name, { shape: inner }]) => [
        prefix + name,
        ...keysOf(inner, `${prefix}${name}.`),
      ]);
    case 'kinds':
      return [...shape.kinds.values()].flatMap((kind) => keysOf(kind, 'dashboard:'));
    case 'names':
      return keysOf(shape.inside, prefix);
    case 'list':
      return keysOf(shape.item, prefix);
    default:
      return [];
  }
}

/** The keys that are written, in the same notation; `x_file` counts as `x` where the value may come from a file. */
function keysWritten(written: unknown, shape: Shape, prefix = ''): readonly string[] {
  if (typeof written !== 'object' || written === null) return [];
  switch (shape.type) {
    case 'keys':
      return Object.entries(written).flatMap(([key, value]) => {
        const name = shape.keys.has(key) ? key : key.replace(/_file$/, '');
        const inner = shape.keys.get(name)?.shape ?? { type: 'any' };
        return [prefix + name, ...keysWritten(value, inner, `${prefix}${name}.`)];
      });
    case 'kinds': {
      const kind = 'kind' in written ? String(written.kind) : 'incidents';
      return keysWritten(written, shape.kinds.get(kind) ?? { type: 'any' }, 'dashboard:');
    }
    case 'names':
      return Object.values(written).flatMap((value) => keysWritten(value, shape.inside, prefix));
    case 'list':
      return Object.values(written).flatMap((value) => keysWritten(value, shape.item, prefix));
    default:
      return [];
  }
}

function sorted(keys: readonly string[]): readonly string[] {
  return [...new Set(keys)].sort();
}

function never(): never {
  throw new Error('the configuration did not load');
}
