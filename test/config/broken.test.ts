/** Files that are no configuration: each is told in one line with its place. What is too much is told where it becomes that. */
import { expect, test } from 'vitest';
import { load, minimal } from './folder.ts';

async function check(content: string | Uint8Array, expected: string): Promise<void> {
  const { config, lines } = await load({ 'config.yaml': content });
  expect(lines).toBe(expected);
  const isError = expected.includes(': error: ');
  expect(config === undefined).toBe(isError);
}

const empty = 'config.yaml:1:1: error: the file is empty. Write the configuration into it';

test('an empty file', () => check('', empty));
test('a file of comments', () => check('# nothing\n\n', empty));
test('a file that says null', () => check('null\n', empty));
test('a document that is empty', () => check('---\n', empty));

test('a list', () =>
  check(
    '# list\n- a\n',
    'config.yaml:2:1: error: the file holds a list instead of sections. Begin with a section such as reporter:',
  ));
test('a scalar', () =>
  check(
    'hello\n',
    'config.yaml:1:1: error: the file holds a single value instead of sections. Begin with a section such as reporter:',
  ));
test('two documents', () =>
  check(
    `${minimal}---\n${minimal}`,
    'config.yaml:4:1: error: a second document begins here. Keep one document in a file: take the --- out, or put the rest into conf.d',
  ));
test('one document with marks around it is fine', () => check(`%YAML 1.2\n---\n${minimal}...\n`, ''));
test('a byte order mark and Windows line ends are fine', () =>
  check(`\uFEFF${minimal.replaceAll('\n', '\r\n')}`, ''));

test('tabs as indentation', () =>
  check(
    'convertor:\n\turl: http://localhost\n',
    'config.yaml:2:1: error: a tab in the indentation. Indent with spaces, each level by the same number',
  ));
test('an indentation that goes back halfway', () =>
  check(
    'reporter:\n    id: a\n  poll_interval: 60\n',
    'config.yaml:3:1: error: the indentation is not right, or a bracket is not closed. Indent with spaces, each level by the same number',
  ));
test('a quote that is never closed', () =>
  check(
    'status_dashboard:\n  secret: "hunter2\n',
    'config.yaml:3:1: error: something is missing: a space, comma, colon, quote or bracket. Close every quote and bracket, and put a space after each colon',
  ));
test('a key that is given twice', () =>
  check(
    `${minimal}log: {level: info, level: debug}\nlog: {}\n`,
    `config.yaml:4:20: error: log.level: is given twice, first in line 4. Keep one of them
config.yaml:5:1: error: log: is given twice, first in line 4. Keep one of them`,
  ));
test('a key that is a section', () =>
  check(
    'status_dashboard: {secret: {{ hunter2 }}}\n',
    'config.yaml:1:29: error: status_dashboard.secret: has a key that is not a text. Put quotes around braces and stars',
  ));
test('an alias without an anchor, which may be a secret without quotes', () =>
  check(
    `${minimal}dashboards: {x: {secret: *hunter2}}\n`,
    'config.yaml:4:26: error: dashboards.x.secret: an alias (*) without an anchor (&) before it. Put a text that begins with * in quotes',
  ));
test('a reserved character, which may begin a secret without quotes', () =>
  check(
    'status_dashboard:\n  secret: @hunter2\n',
    'config.yaml:2:11: error: a text cannot begin with this character. Put the text in quotes',
  ));
test('a tag that nobody knows', () =>
  check(
    minimal.replace('your-jwt-secret', '!hunter2 x'),
    'config.yaml:2:64: warning: a tag that is not known is ignored. Take it out',
  ));
test('mistakes in several files are told at once', async () => {
  const { lines } = await load({ 'config.yaml': '- a\n', 'conf.d/a.yaml': 'a: [}\n', 'conf.d/b.yaml': '' });
  expect(
    lines,
  ).toBe(`config.yaml:1:1: error: the file holds a list instead of sections. Begin with a section such as reporter:
conf.d/a.yaml:1:5: error: the indentation is not right, or a bracket is not closed. Indent with spaces, each level by the same number
conf.d/b.yaml:1:1: warning: the file is empty. Write the configuration into it`);
});

test('bytes that are no UTF-8', () =>
  check(
    new Uint8Array([0x61, 0x3a, 0x20, 0xff]),
    'config.yaml: error: the file is not UTF-8 text. Save it as UTF-8',
  ));
test('UTF-16', () =>
  check(
    Buffer.from('\uFEFFa: 1', 'utf16le'),
    'config.yaml: error: the file is not UTF-8 text. Save it as UTF-8',
  ));
test('a program instead of a configuration', () =>
  check(
    '\x7fELF\x02\x01\x01\0\0',
    'config.yaml:1:1: error: a control character, so this is not YAML. Is it the right file? In quotes write \\x1b',
  ));
test('10 MB', () =>
  check(
    minimal.repeat(10_000_000 / minimal.length),
    'config.yaml: error: the file is larger than 1048576 bytes. Is it the right file?',
  ));

const tooMany =
  'error: has more than 500000 YAML tokens in all files together. Split it among several reporters';
for (const [name, text, place] of [
  ['items', '- a\n'.repeat(262_144), '100000:4'],
  ['line ends', '\n'.repeat(1_048_576), '500001:1'],
  ['commas', `[${','.repeat(1_000_000)}`, '1:500000'],
] as const) {
  test(`1 MiB of ${name}`, () => check(text, `config.yaml:${place}: ${tooMany}`));
}
test('1 MiB in one value is fine', () =>
  check(
    `${minimal}x-note: ${'word '.repeat(200_000)}\n`,
    'config.yaml:4:1: warning: x-note: no such key. Take it out',
  ));
test('10,000 keys are fine', () =>
  check(
    `${minimal}datasource: {${Array.from({ length: 10_000 }, (_, n) => `k${n}: ${n}`).join(', ')}}\n`,
    '',
  ));

test('an error at every sign', async () => {
  for (const text of [']'.repeat(99_000), `a: "${'\\q'.repeat(500_000)}"`, 'a: }\n'.repeat(16_000)]) {
    const { problems } = await load({ 'config.yaml': text });
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThan(6);
  }
});

test('a merge key is told what YAML 1.2 does', () =>
  check(
    `${minimal.replace('reporter: {', 'reporter: {<<: {id: x}, ')}`,
    'config.yaml:3:12: warning: reporter."<<": no such key. YAML 1.2 does not merge with <<: write the keys out',
  ));

test('aliases that multiply', () =>
  check(
    `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]\n`).join('')}`,
    'config.yaml:6:14: error: a5[1]: holds too many values, aliases (*) counted each time. Write it without aliases',
  ));
test('aliases that nest without nesting in the text', () =>
  check(
    `a0: &a0 [x]\n${Array.from({ length: 100 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}]\n`).join('')}`,
    'config.yaml:33:12: error: a32[0]: nests deeper than 64 levels. Write it without aliases',
  ));
test('an alias inside what it means', () =>
  check(
    'a: &a [*a]\n',
    'config.yaml:1:8: error: a[0]: an alias (*) without an anchor (&) before it. Put a text that begins with * in quotes',
  ));
test('aliases that help are fine', () =>
  check(
    `${minimal}dashboards:
  one: &one {url: http://localhost:1, mode: record, secret: &s x, match: &m {services: [api]}}
  two: *one
  three: {url: http://localhost:3, secret: *s, match: *m}
`,
    '',
  ));

const deep = 'nests deeper than 64 levels. Flatten it';
/** Texts that nest `n` levels inside the key `a`. */
const shapes: Readonly<Record<string, (n: number) => string>> = {
  'lists in brackets': (n) => `a: ${'['.repeat(n)}${']'.repeat(n)}\n`,
  'maps in braces': (n) => `a: ${'{a: '.repeat(n)}${'}'.repeat(n)}\n`,
  'brackets over lines': (n) => `a:\n${'  [\n'.repeat(n)}${'  ]\n'.repeat(n)}`,
  'brackets that are never closed': (n) => `a: ${'['.repeat(n)}`,
  'dashes in one line': (n) => `a:\n  ${'- '.repeat(n)}x\n`,
  'question marks in one line': (n) => `a:\n  ${'? '.repeat(n)}x\n`,
  'indented maps': (n) => `a:\n${Array.from({ length: n }, (_, i) => `${' '.repeat(i + 1)}a:\n`).join('')}`,
  'indented lists': (n) => `a:\n${Array.from({ length: n }, (_, i) => `${' '.repeat(i + 1)}-\n`).join('')}`,
  'lists of maps': (n) =>
    `a:\n${Array.from({ length: n / 2 }, (_, i) => `${'  '.repeat(i)}- a:\n`).join('')}`,
  'maps in one line': (n) => `a:\n  ${'a: '.repeat(n)}x\n`,
  'question marks over lines': (n) =>
    `a:\n${Array.from({ length: n }, (_, i) => `${' '.repeat(i + 1)}?\n`).join('')}`,
};
for (const [name, shape] of Object.entries(shapes)) {
  test(`1,000 levels of ${name}`, async () => {
    const { lines } = await load({ 'config.yaml': shape(1_000) });
    expect(lines.replace(/^config.yaml:\d+:\d+: error: /, '')).toBe(deep);
  });
  test(`60 levels of ${name} are not too deep`, async () => {
    const { lines } = await load({ 'config.yaml': shape(60) });
    expect(lines).not.toContain(deep);
  });
}
test('brackets in quotes, comments and blocks do not nest', () =>
  check(
    `${minimal}# ${'['.repeat(1_000)}
datasource:
  single: '${'['.repeat(1_000)}'
  double: "${'{'.repeat(1_000)}"
  plain: x${'['.repeat(1_000)}
  block: |
    ${'[ '.repeat(1_000)}
    ${'- '.repeat(1_000)}
  folded: >
    ${'? '.repeat(1_000)}
`,
    '',
  ));
