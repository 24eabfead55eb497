/** The pages hold together: links, examples, paths, lengths. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { formatProblem } from '../../src/config/explain.ts';
import { loadAnyConfig } from '../../src/config/load.ts';
import { file } from '../process/program.ts';
import { anchorsOf, type Page, page, pages } from './page.ts';

const all = pages();
const decisions = readdirSync('docs/decisions').sort();

test('there are pages to look at', () => {
  expect(all.map(({ path }) => path)).toContain('README.md');
  expect(all.map(({ path }) => path)).toContain('docs/operating.md');
});

test('every relative link leads to a file, and to a heading in it', () => {
  const broken = all.flatMap((each) =>
    each.prose.flatMap((line, index) =>
      [...line.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) =>
        /^[a-z]+:/.test(link) || isFound(link, each) ? [] : [`${each.path}:${index + 1}: ${link}`],
      ),
    ),
  );
  expect(broken).toEqual([]);
});

function isFound(link: string, from: Page): boolean {
  const [name = '', heading] = link.split('#');
  const path = name === '' ? from.path : join(dirname(from.path), name);
  if (!existsSync(path)) return false;
  return heading === undefined || anchorsOf(page(path)).includes(heading);
}

test('every configuration that is shown loads', async () => {
  const shown = all.flatMap(({ blocks }) =>
    blocks.filter(({ info }) => info.split(' ')[0] === 'yaml' && !info.endsWith('fragment')),
  );
  expect(shown.length).toBeGreaterThan(1);
  for (const { text, place } of shown) {
    const { problems } = await loadAnyConfig([file(text)], {});
    const errors = problems.filter(({ level }) => level === 'error');
    expect(errors.map(formatProblem), place).toEqual([]);
  }
});

test('every file of ours that is named exists', () => {
  const ours = /`((?:src|test|config|docs|k8s|deploy|bench|build|observability)\/[\w./-]*\w)`/g;
  const missing = all.flatMap(({ path, prose }) =>
    prose.flatMap((line, index) =>
      [...line.matchAll(ours)].flatMap(([, name = '']) =>
        existsSync(name) ? [] : [`${path}:${index + 1}: ${name}`],
      ),
    ),
  );
  expect(missing).toEqual([]);
});

test('every test that keeps an invariant is there', () => {
  const text = page('docs/ARCHITECTURE.md').text.replace(/\s+/g, ' ');
  const keepers = [...text.matchAll(/`(test\/[\w./-]+)`, "([^"]+)"/g)];
  expect(keepers.length).toBeGreaterThan(7);
  const gone = keepers.filter(
    ([, path = '', name = '']) => !readFileSync(path, 'utf8').includes(`'${name}'`),
  );
  expect(gone.map(([, path, name]) => `${path}: ${name}`)).toEqual([]);
});

const linesMax: readonly (readonly [path: string, max: number])[] = [
  ['README.md', 120],
  ['docs/ARCHITECTURE.md', 120],
  ['CONTRIBUTING.md', 60],
  ...decisions.map((name) => [join('docs/decisions', name), 40] as const),
];

test.each(linesMax)('%s has at most %d lines', (path, max) => {
  expect(page(path).text.split('\n').length - 1).toBeLessThanOrEqual(max);
});

test('decisions are numbered without a gap, and say what was rejected', () => {
  expect(decisions.map((name) => Number.parseInt(name, 10))).toEqual(decisions.map((_, index) => index + 1));
  for (const name of decisions) {
    const { text } = page(join('docs/decisions', name));
    expect(text, name).toMatch(new RegExp(`^# ${name.slice(0, 4)} \\S`));
    expect(text.match(/^## .*$/gm), name).toEqual([
      '## Context',
      '## Choice',
      '## Rejected',
      '## Consequence',
    ]);
  }
});
