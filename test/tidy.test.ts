/** The rules of the house that no tool knows. Each complaint names the place and what to do instead. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

type Rule = {
  readonly name: string;
  readonly pattern: RegExp;
  readonly remedy: string;
  /** Where it belongs. */
  readonly homes?: readonly string[];
  /** In comments too, which else only speak about things. */
  readonly inComments?: true;
};

/** Runs in the reader's browser, where none of our homes exist. */
const page = 'src/pages/script.ts';

/** The library takes these from the program that it runs in, where none of our homes exist either. */
const libraryHost = 'src/client/host.ts';

const programRules: readonly Rule[] = [
  {
    name: 'the process is touched in one place',
    pattern: /(?<![-\w])process\./,
    homes: ['src/cli/io.ts', libraryHost],
    remedy: 'take an Io',
  },
  {
    name: 'nobody prints by console',
    pattern: /\bconsole\.\w+\(/,
    remedy: 'take an Io, or a Log',
  },
  {
    name: 'time comes from a clock',
    pattern: /\b(Date\.now|new Date\(\)|performance\.now|(?<!\.)set(Timeout|Interval|Immediate)\()/,
    homes: ['src/model/clock.ts', page, libraryHost],
    remedy: 'take a Clock',
  },
  {
    name: 'chance comes from one place',
    pattern: /\bMath\.random|\brandom(UUID|Bytes|Int)\b/,
    // The demo signs with a secret of its own at every start.
    homes: ['src/model/chance.ts', 'src/demo/demo.ts', libraryHost],
    remedy: 'take a Chance',
  },
  {
    name: 'no module has state',
    pattern: /^(export )?(let|var) /,
    homes: [page],
    remedy: 'keep it in what a function returns: two daemons live in one process',
  },
  {
    name: 'no failure of a promise is dropped',
    pattern: /\.catch\(\(\) => (undefined|null|\{\s*\})\)/,
    homes: ['src/config/read.ts', 'src/model/secret.ts'],
    remedy: 'say what follows from the failure',
  },
  {
    name: 'modules export what they define',
    pattern: /^export .* from /,
    homes: ['src/client/library.ts'],
    remedy: 'import from where it is defined',
  },
  {
    name: 'names of types say what a thing is',
    pattern: /\b(type|class|interface) (I[A-Z]\w+|\w+(Manager|Helper|Processor|Factory|Impl|Handler))\b/,
    remedy: 'use a noun of the trade',
  },
  {
    name: 'comments say why, not for which task',
    pattern: /\b(T\d{3}|FR-\d+|US\d+|Step \d+)\b/,
    inComments: true,
    remedy: 'say the reason, or nothing',
  },
];

const everywhereRules: readonly Rule[] = [
  {
    name: 'nothing is left for later',
    // Written so that it does not find itself.
    pattern: /\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b/,
    inComments: true,
    remedy: 'do it, or write an issue',
  },
  {
    name: 'no module is replaced under a test',
    pattern: /\bvi\.(mock|doMock)\(/,
    remedy: 'pass a value, or start a real peer on loopback',
  },
];

const bannedNames = /^(utils?|helpers?|common|misc|shared|types|constants|manager|service|index)$/;
const linesMax = 250;

const source = files('src', /\.ts$/);
const all = [
  ...source,
  ...['test', 'bench', 'build', '.ci', 'config', 'k8s', 'deploy', 'docs', 'observability'].flatMap((folder) =>
    files(folder, /./),
  ),
  ...readdirSync('.').filter((name) => /\.(js|ts|json|md)$/.test(name) && name !== 'package-lock.json'),
];

test('there is something to look at', () => {
  expect(source.length).toBeGreaterThan(50);
  expect(all.length).toBeGreaterThan(source.length);
});

for (const rule of programRules) {
  test(rule.name, () => expect(breaches(rule, source)).toEqual([]));
}

for (const rule of everywhereRules) {
  test(rule.name, () => expect(breaches(rule, all)).toEqual([]));
}

test('every home is a file, and needs to be one', () => {
  for (const { homes = [], ...rule } of programRules) {
    for (const home of homes) expect(breaches(rule, [home]), `${rule.name}: ${home}`).not.toEqual([]);
  }
});

test('the name of a file says what is in it', () => {
  const bad = source.filter((path) => bannedNames.test(basename(path, '.ts')));
  expect(bad.map((path) => `${path}: name it after what it is about`)).toEqual([]);
});

test(`no file of the program is longer than ${linesMax} lines`, () => {
  const long = source.filter((path) => lines(path).length - 1 > linesMax);
  expect(long.map((path) => `${path}:${linesMax}: make two of it`)).toEqual([]);
});

test('every Markdown file has one title', () => {
  const bad = all.flatMap((path) => {
    if (!path.endsWith('.md')) return [];
    const titles = titleLines(path);
    return titles.length === 1 ? [] : [`${path}:${titles[1] ?? 1}: ${titles.length} titles instead of one`];
  });
  expect(bad).toEqual([]);
});

function breaches(rule: Rule, paths: readonly string[]): readonly string[] {
  const { pattern, homes = [], inComments, remedy } = rule;
  const looked = paths.filter((path) => !homes.includes(path));
  return looked.flatMap((path) =>
    lines(path).flatMap((line, index) => {
      const isLooked = inComments || !isComment.test(line);
      return isLooked && pattern.test(line) ? [`${path}:${index + 1}: ${remedy}`] : [];
    }),
  );
}

const isComment = /^\s*(\/\*\*|\*|\/\/)/;

function titleLines(path: string): readonly number[] {
  let isCode = false;
  return lines(path).flatMap((line, index) => {
    if (line.startsWith('```')) isCode = !isCode;
    return !isCode && line.startsWith('# ') ? [index + 1] : [];
  });
}

function lines(path: string): readonly string[] {
  return readFileSync(path, 'utf8').split('\n');
}

function files(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
