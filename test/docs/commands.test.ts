/** What the documentation says about commands is what `--help` says. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { page, pages } from './page.ts';

type Help = { readonly text: string; readonly flags: readonly string[] };

function help(args: readonly string[]): Help {
  const { stdout: text } = spawnSync(process.execPath, ['dist/cli.js', ...args, '--help'], {
    encoding: 'utf8',
  });
  return {
    text,
    flags: [...text.matchAll(/^ {2}(-\w)?(?:, )?(--[a-z-]+)/gm)].flatMap(([, ...names]) => names),
  };
}

const program = help([]);
const listed = program.text.split('Commands:\n')[1]?.split('\n\n')[0] ?? '';
const commands = new Map(
  [...listed.matchAll(/^ {2}([a-z]+) /gm)].flatMap(([, name = '']) =>
    name === 'help' ? [] : [[name, help([name])] as const],
  ),
);

test('there are commands to look for', () => {
  expect([...commands.keys()]).toContain('run');
  expect(commands.get('run')?.flags).toContain('--dry-run');
});

test('every command and every flag is explained', () => {
  const text = page('README.md').text + page('docs/operating.md').text;
  const words = new Set([...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => code.split(' ')));
  const flags = [program, ...commands.values()].flatMap((each) => each.flags).filter(Boolean);
  expect([...commands.keys(), ...flags].filter((word) => !words.has(word))).toEqual([]);
});

test('every command that is shown exists, with its flags', () => {
  const shown = [
    ...pages().flatMap(({ path, blocks, prose }) => [
      ...blocks.filter(({ info }) => info === 'sh').flatMap((block) => inShell(block.text, block.place)),
      ...prose.flatMap((line, index) =>
        [...line.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => inShell(code, `${path}:${index + 1}`)),
      ),
    ]),
    ...[program, ...commands.values()].flatMap(({ text }) => inShell(text.replace(/^ *\$ /gm, ''), '--help')),
  ];
  expect(shown.length).toBeGreaterThan(20);
  expect(shown.flatMap(complaints)).toEqual([]);
});

test('a URL with & is quoted wherever it is shown to a shell', () => {
  const bare = pages().flatMap(({ blocks }) =>
    blocks.flatMap(({ info, text, place }) =>
      info === 'sh' && /(^|\s)https?:\/\/[^\s"']*&/.test(text) ? [place] : [],
    ),
  );
  expect(bare).toEqual([]);
});

type Shown = { readonly words: readonly string[]; readonly place: string };

const invocation =
  /(?:^|\$\(|\|\s|&&\s)(?:[A-Z_]+=\S+ )*(?:cloudmon-reporter|cloudmon-metrics-reporter|node dist\/cli\.js) ([^|;&#>)\n]+)/gm;

function inShell(text: string, place: string): readonly Shown[] {
  return [...text.replace(/\\\n\s*/g, '').matchAll(invocation)].map(([, rest = '']) => ({
    words: rest.trim().split(/\s+/),
    place,
  }));
}

function complaints({ words, place }: Shown): readonly string[] {
  const [first = ''] = words;
  // Something to fill in: `cloudmon-reporter COMMAND --help`.
  if (/^[A-Z]+$/.test(first)) return [];
  const name = first.startsWith('-') ? 'run' : first;
  const command = commands.get(name);
  if (!command) return [`${place}: there is no command ${name}`];
  const flags = words.flatMap((word) => (word.startsWith('-') ? [word.split('=')[0] ?? ''] : []));
  const known = [...command.flags, ...program.flags];
  return flags.filter((flag) => !known.includes(flag)).map((flag) => `${place}: ${name} has no ${flag}`);
}
