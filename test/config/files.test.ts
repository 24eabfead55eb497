/** Which files are read, and in which order later ones win. */
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatProblem } from '../../src/config/explain.ts';
import { loadConfig } from '../../src/config/load.ts';
import { type Files, load, makeFolder, minimal } from './folder.ts';

/** Each file sets reporter.id; `expected` is the one that won, and how many files were read. */
async function check(
  files: Files,
  named: readonly string[],
  expected: readonly [string, number],
): Promise<void> {
  const { config, lines } = await load(files, {}, named);
  expect(lines).toBe('');
  expect([config?.reporter.id, config?.files.length]).toEqual(expected);
}

const id = (name: string) => `reporter: {id: ${name}}\n`;
const base = minimal.replace('reporter: {', 'reporter: {id: base, ');

test('one file', () => check({ 'config.yaml': base }, ['config.yaml'], ['base', 1]));
test('a later file wins', () =>
  check({ 'config.yaml': base, 'b.yaml': id('b') }, ['config.yaml', 'b.yaml'], ['b', 2]));
test('conf.d beside the file wins over it, in the order of names', () =>
  check(
    { 'config.yaml': base, 'conf.d/2.yaml': id('two'), 'conf.d/10.yaml': id('ten') },
    ['config.yaml'],
    ['two', 3],
  ));
test('a later file wins over conf.d of an earlier one', () =>
  check(
    { 'config.yaml': base, 'conf.d/a.yaml': id('a'), 'b.yaml': id('b') },
    ['config.yaml', 'b.yaml'],
    ['b', 3],
  ));
test('only what ends in .yaml and is not hidden is read', () =>
  check(
    {
      'config.yaml': base,
      'conf.d/.hidden.yaml': id('hidden'),
      'conf.d/a.yml': id('yml'),
      'conf.d/a.yaml~': id('backup'),
      'conf.d/sub.yaml/x.yaml': id('folder'),
      'conf.d/README': '[',
    },
    ['config.yaml'],
    ['base', 1],
  ));
test('a folder means its files in order, then its conf.d', () =>
  check(
    { 'etc/a.yaml': base, 'etc/b.yaml': id('b'), 'etc/conf.d/a.yaml': id('conf'), 'etc/x.yml': '[' },
    ['etc'],
    ['conf', 3],
  ));
test('a file that is named twice is read once', () =>
  check(
    { 'config.yaml': base, 'b.yaml': id('b'), 'link.yaml': { link: 'config.yaml' } },
    ['config.yaml', 'b.yaml', 'config.yaml', 'link.yaml'],
    ['b', 2],
  ));
test('a Kubernetes volume: the file is a link into ..data, conf.d is beside the link or in there', async () => {
  const volume = {
    '..2024_01/config.yaml': base,
    '..data': { link: '..2024_01' },
    'config.yaml': { link: '..data/config.yaml' },
  };
  await check(volume, ['config.yaml'], ['base', 1]);
  await check({ ...volume, 'conf.d/a.yaml': id('beside') }, ['config.yaml'], ['beside', 2]);
  await check({ ...volume, '..2024_01/conf.d/a.yaml': id('inside') }, ['config.yaml'], ['inside', 2]);
  await check(
    { ...volume, '..2024_01/conf.d/a.yaml': id('inside'), 'conf.d/b.yaml': id('beside') },
    ['config.yaml'],
    ['beside', 3],
  );
  await check(
    { ...volume, '..2024_01/conf.d/a.yaml': id('inside'), 'conf.d': { link: '..data/conf.d' } },
    ['config.yaml'],
    ['inside', 2],
  );
});

test('services append across files, other lists are replaced', async () => {
  const { config, lines } = await load({
    'config.yaml': `${minimal}dashboards: {x: {kind: console, match: {services: [a, b]}}}\n`,
    'conf.d/a.yaml': 'reporter: {services: [{name: db}]}\ndashboards: {x: {match: {services: [db]}}}\n',
    'conf.d/b.yaml': 'reporter: {services: [{name: api, component: API}]}\n',
  });
  expect(lines).toBe(
    'conf.d/b.yaml:1:23: warning: reporter.services[0]: service "api" in environment "production" is listed twice; the last entry counts. Keep one of them',
  );
  expect(config?.reporter.targets.map(({ component }) => component)).toEqual(['API', 'db']);
  expect(config?.dashboards[1]?.match.services).toEqual(['db']);
});

test('a section in one file and a value in another: the later wins, and is told', async () => {
  const { lines } = await load({ 'config.yaml': minimal, 'conf.d/a.yaml': 'convertor: http://x\n' });
  expect(lines).toBe(
    'conf.d/a.yaml:1:12: error: convertor: must be a section of keys and values. Write its keys below it, indented: url, path, timeout, retries, max_data_age, bearer_token, tls, proxy',
  );
});

async function checkProblem(files: Files, named: string, expected: string): Promise<void> {
  const { config, lines } = await load(files, {}, [named]);
  expect(lines).toBe(expected);
  expect(config).toBeUndefined();
}

test('a file that does not exist', () =>
  checkProblem({}, 'config.yaml', 'config.yaml: error: the file does not exist. Check the path'));
test('a file below a file', () =>
  checkProblem({ a: '' }, 'a/config.yaml', 'a/config.yaml: error: the file does not exist. Check the path'));
test('a link that leads nowhere, in conf.d as well', async () => {
  await checkProblem(
    { 'config.yaml': { link: 'gone' } },
    'config.yaml',
    'config.yaml: error: the file does not exist. Check the path',
  );
  await checkProblem(
    { 'config.yaml': minimal, 'conf.d/a.yaml': { link: 'gone' } },
    'config.yaml',
    'conf.d/a.yaml: error: the file does not exist. Check the path',
  );
});
test('links in a circle', () =>
  checkProblem(
    { 'config.yaml': { link: 'config.yaml' } },
    'config.yaml',
    'config.yaml: error: the file cannot be read: its links lead in a circle. Check the path',
  ));
test('a folder without a file', () =>
  checkProblem(
    { 'etc/a.yml': minimal },
    'etc',
    'etc: error: the folder has no file that ends in .yaml. Name a file, or rename .yml to .yaml',
  ));
test('no file at all', async () => {
  const { problems } = await loadConfig([], {});
  expect(problems.map(formatProblem)).toEqual([
    'command line: error: no configuration file is named. Name one with -c FILE',
  ]);
});
test('a device and a pipe that nobody writes to', async () => {
  const folder = makeFolder({});
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')]);
  for (const path of ['/dev/zero', join(folder, 'pipe')]) {
    const { problems } = await loadConfig([path], {});
    expect(problems.map(formatProblem)).toEqual([
      `${path}: error: the file is not a regular file. Copy it into a file`,
    ]);
  }
});
test('a file and a conf.d that may not be read', async () => {
  const folder = makeFolder({ 'config.yaml': minimal, 'conf.d/a.yaml': '' });
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'config.yaml'), 0);
  chmodSync(join(folder, 'conf.d'), 0);
  // Root may read everything, so it is nobody for a moment.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  const { problems } = await loadConfig([join(folder, 'config.yaml')], {});
  if (isRoot) process.seteuid?.(0);
  chmodSync(join(folder, 'conf.d'), 0o755);
  expect(problems.map(({ message }) => message)).toEqual([
    'cannot be read: permission denied',
    'the file cannot be read: permission denied',
  ]);
});
test('a name with a line end is told in one line', async () => {
  const { problems } = await loadConfig(['/no\nsuch\x1b[2J'], {});
  expect(problems.map(formatProblem)).toEqual([
    '/no\\u000asuch\\u001b[2J: error: the file does not exist. Check the path',
  ]);
});
test('more files than the limit', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 201 }, (_, n) => [`conf.d/${n + 1000}.yaml`, '# empty\n']),
  );
  const { lines } = await load({ 'config.yaml': minimal, ...files });
  expect(lines.split('\n')[0]).toBe('conf.d/1199.yaml: error: is one more than 200 files. Join some of them');
});
