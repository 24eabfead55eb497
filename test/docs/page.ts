/** A page of the documentation: its text, its blocks of code, where they stand. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Block = {
  /** What stands behind the three backticks: `sh`, `yaml`, `yaml fragment`. */
  readonly info: string;
  readonly text: string;
  /** `README.md:12`, of its first line. */
  readonly place: string;
};

export type Page = {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The lines outside blocks; those of blocks are empty, so that numbers stay right. */
  readonly prose: readonly string[];
};

const notOurs = ['node_modules', 'dist', '.git'];

/** Every Markdown file of the project. */
export function pages(): readonly Page[] {
  const folders = readdirSync('.', { withFileTypes: true }).filter(({ name }) => !notOurs.includes(name));
  const paths = folders.flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(entry.name, { recursive: true, encoding: 'utf8' }).map((name) => join(entry.name, name))
      : [entry.name],
  );
  return paths.filter((path) => path.endsWith('.md')).map(page);
}

export function page(path: string): Page {
  const text = readFileSync(path, 'utf8');
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { indent: number; info: string; lines: string[]; place: string } | undefined;
  text.split('\n').forEach((line, index) => {
    const fence = /^(\s*)```(.*)$/.exec(line);
    if (fence && open) {
      blocks.push({ info: open.info, text: `${open.lines.join('\n')}\n`, place: open.place });
      open = undefined;
    } else if (fence) {
      const [, indent = '', info = ''] = fence;
      open = { indent: indent.length, info: info.trim(), lines: [], place: `${path}:${index + 2}` };
    } else if (open) {
      open.lines.push(line.slice(open.indent));
    }
    prose.push(fence || open ? '' : line);
  });
  if (open) throw new Error(`${open.place}: this block of code is never closed`);
  return { path, text, blocks, prose };
}

/** What links to its headings end in, as GitHub makes them. */
export function anchorsOf({ prose }: Page): readonly string[] {
  return prose
    .filter((line) => /^#+ /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
}

/** The cells of the rows of every table under a heading, the head and the rule left out. */
export function tableRows({ path, text }: Page, heading: string): readonly (readonly string[])[] {
  const from = text.indexOf(`\n${heading}\n`);
  if (from < 0) throw new Error(`${path} has no heading ${heading}`);
  const section = text.slice(from + heading.length + 2).split(/\n#+ /, 1)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  const cells = rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  return cells.filter((_, at) => !isRule(cells[at]) && !isRule(cells[at + 1]));
}

function isRule(cells: readonly string[] | undefined): boolean {
  return cells?.every((cell) => /^-+$/.test(cell)) ?? false;
}
