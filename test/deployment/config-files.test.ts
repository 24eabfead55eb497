/** The configuration files that we ship load, and one of them names every key there is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { documented } from '../../src/collector/series/documented.ts';
import { formatProblem } from '../../src/config/explain.ts';
import { loadCollectConfig, loadConfig } from '../../src/config/load.ts';
import { rootShape } from '../../src/config/schema.ts';
import { type Shape, shapeOf } from '../../src/config/shape.ts';
import { kinds } from '../../src/dashboards/kinds.ts';
import { dashboardKeys } from '../../src/dashboards/settings.ts';
import { file } from '../process/program.ts';

const files = readdirSync('config')
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join('config', name));

const ofCollector = 'config/collector.yaml';

test('the files for a small, a complete and a CloudMon configuration, several dashboards, health and a collector are there', () => {
  expect(files.sort()).toEqual([
    'config/all-keys.yaml',
    'config/cloudmon.yaml',
    ofCollector,
    'config/health.yaml',
    'config/minimal.yaml',
    'config/several.yaml',
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

test('every kind of dashboard stands in all-keys.yaml, with each key of its own', () => {
  const written = parse(withoutMarks(readFileSync('config/all-keys.yaml', 'utf8')));
  const entries: Readonly<Record<string, string>>[] = [
    written.status_dashboard,
    ...Object.values(written.dashboards),
  ];
  const common = Object.keys(dashboardKeys('on_change'));
  for (const [kind, { schema }] of kinds) {
    const shape = shapeOf(schema);
    const keys = shape.type === 'keys' ? [...shape.keys.keys()] : [];
    const shown = entries.filter((entry) => entry['kind'] === kind).flatMap((entry) => Object.keys(entry));
    const own = keys.filter((key) => !common.includes(key) && !(kind === 'console' && key === 'url'));
    expect(shown, kind).toEqual(expect.arrayContaining(own));
  }
});

test('what all-keys.yaml writes for each kind of dashboard are its defaults', async () => {
  const { config } = await loadConfig(['config/all-keys.yaml'], {});
  const required = ['kind', 'url', 'secret', 'api_key', 'page_id', 'token', 'routing_key', 'webhook_url'];
  const { dashboards } = parse(readFileSync('config/all-keys.yaml', 'utf8'));
  for (const [name, entry] of Object.entries<Readonly<Record<string, unknown>>>(dashboards)) {
    const least = Object.entries(entry).filter(([key]) => required.includes(key));
    const { dashboards: again } =
      (
        await loadConfig(
          [file(JSON.stringify({ ...rest, dashboards: { [name]: Object.fromEntries(least) } }))],
          {},
        )
      ).config ?? never();
    const written = config?.dashboards.find((each) => each.name === name);
    expect(withoutWays(written)).toEqual(withoutWays(again[0]));
  }
});

const rest = {
  convertor: { url: 'http://localhost:3005' },
  reporter: { services: [{ name: 'api' }] },
};

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

/** A function is equal to itself only. */
function withoutWays(settings: object | undefined) {
  return Object.fromEntries(
    Object.entries(settings ?? {}).filter(([, value]) => typeof value !== 'function'),
  );
}
