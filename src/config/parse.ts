/** Turns the text of one file into a located tree, or into problems that name line and column. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair } from 'yaml';
import { limits } from '../model/limits.ts';
import { measureDepth } from './depth.ts';
import type { SourceFile } from './files.ts';
import { type Entry, keyInside, type Located, type LocatedMap, type LocatedScalar } from './located.ts';
import type { Problem, Where } from './problem.ts';
import { parseYaml, syntaxProblem } from './syntax.ts';

/** What all files of one configuration share. */
export type Budget = { tokens: number; nodes: number };

export type Parsed = { readonly tree: LocatedMap | undefined; readonly problems: readonly Problem[] };

const syntaxProblemsMax = 5;
const commentedOut = /^[\w"'-]+:[ \t]+#[^\s#]/;

export function parseText({ path, text, found }: SourceFile, budget: Budget): Parsed {
  const reader = new Reader(path, text, found, budget);
  const tree = reader.read();
  return { tree, problems: reader.problems };
}

class Reader {
  readonly problems: Problem[] = [];
  readonly #file: string;
  readonly #text: string;
  readonly #mayBeEmpty: boolean;
  readonly #budget: Budget;
  readonly #lines = new LineCounter();
  /** Anchors in the order of the text: an alias means the last one before it. */
  readonly #anchors = new Map<string, Node>();
  /** The alias that is being followed: what is too much is its fault. */
  #followed: { readonly key: string; readonly offset: number } | undefined;
  #gaveUp = false;

  constructor(file: string, text: string, mayBeEmpty: boolean, budget: Budget) {
    this.#file = file;
    this.#mayBeEmpty = mayBeEmpty;
    this.#text = text;
    this.#budget = budget;
  }

  read(): LocatedMap | undefined {
    if (!this.#fits()) return undefined;
    const document = parseYaml(this.#text, this.#lines);
    if (this.#isBroken(document)) return undefined;
    for (const warning of document.warnings) {
      this.#report('warning', warning.pos[0], '', 'a tag that is not known is ignored', 'Take it out');
    }
    return this.#top(document);
  }

  #top(document: Document.Parsed): LocatedMap | undefined {
    const contents = document.contents;
    if (contents === null || (isScalar(contents) && contents.value === null)) {
      const level = this.#mayBeEmpty ? 'warning' : 'error';
      this.#report(level, 0, '', 'the file is empty', 'Write the configuration into it');
      return undefined;
    }
    if (!isMap(contents)) {
      const what = isSeq(contents) ? 'a list' : 'a single value';
      const remedy = 'Begin with a section such as reporter:';
      this.#report('error', contents.range[0], '', `the file holds ${what} instead of sections`, remedy);
      return undefined;
    }
    const tree = this.#convert(contents, '', 0, 0);
    return tree?.type === 'map' && !this.#gaveUp ? tree : undefined;
  }

  #fits(): boolean {
    const measure = measureDepth(this.#text, {
      depthMax: limits.configDepthMax,
      tokensMax: this.#budget.tokens,
    });
    this.#budget.tokens -= measure.tokens;
    const { tooMuch } = measure;
    if (!tooMuch) return true;
    const [message, remedy] =
      tooMuch.reason === 'depth'
        ? [`nests deeper than ${limits.configDepthMax} levels`, 'Flatten it']
        : [
            `has more than ${limits.configTokensMax} YAML tokens in all files together`,
            'Split it among several reporters',
          ];
    this.problems.push({ level: 'error', where: this.#textWhere(tooMuch.offset), key: '', message, remedy });
    return false;
  }

  #isBroken(document: Document.Parsed): boolean {
    const seen = new Set<number>();
    for (const error of document.errors) {
      const where = this.#where(error.pos[0]);
      const line = 'line' in where ? (where.line ?? 0) : 0;
      if (seen.has(line) || seen.size >= syntaxProblemsMax) continue;
      seen.add(line);
      this.problems.push({ level: 'error', where, key: '', ...syntaxProblem(error.code) });
    }
    return seen.size > 0;
  }

  /**
   * Sections, lists and empty values are told by `offset`, where their key is; others by themselves.
   *
   * Depth and number are counted again: aliases repeat what the text holds once.
   */
  #convert(node: Node | null, key: string, offset: number, depth: number): Located | undefined {
    if (this.#gaveUp) return undefined;
    const start = isEmpty(node) ? offset : (node?.range?.[0] ?? offset);
    this.#budget.nodes -= 1;
    if (depth > limits.configDepthMax || this.#budget.nodes < 0) {
      this.#gaveUp = true;
      const message =
        depth > limits.configDepthMax
          ? `nests deeper than ${limits.configDepthMax} levels`
          : 'holds too many values, aliases (*) counted each time';
      const { offset: at, key: place } = this.#followed ?? { offset: start, key };
      this.#report('error', at, place, message, 'Write it without aliases');
      return undefined;
    }
    if (isAlias(node)) return this.#followAlias(node.source, key, start, depth);
    const located = this.#convertOwn(node, key, offset, start, depth);
    if (node?.anchor) this.#anchors.set(node.anchor, node);
    return located;
  }

  #convertOwn(
    node: Node | null,
    key: string,
    offset: number,
    start: number,
    depth: number,
  ): Located | undefined {
    if (isMap(node)) return this.#convertMap(node.items, key, offset, depth);
    if (isSeq(node)) {
      const items: Located[] = [];
      for (const [index, item] of node.items.entries()) {
        const itemOffset = (item as Node | null)?.range?.[0] ?? start;
        const located = this.#convert(item as Node | null, keyInside(key, index), itemOffset, depth + 1);
        if (located) items.push(located);
      }
      return { type: 'list', origin: { where: this.#where(offset), key }, items };
    }
    return this.#convertScalar(node, key, start);
  }

  #convertScalar(node: Node | null, key: string, start: number): LocatedScalar {
    const origin = { where: this.#where(start), key };
    if (!isScalar(node)) return { type: 'scalar', origin, value: null, text: '', plain: true };
    const value = node.value as LocatedScalar['value'];
    const text = typeof value === 'string' ? value : (node.source ?? '');
    if (value === null && text === '' && commentedOut.test(this.#text.slice(start, start + 200))) {
      return { type: 'scalar', origin, value, text, plain: true, isCommentedOut: true };
    }
    return { type: 'scalar', origin, value, text, plain: node.type === 'PLAIN' };
  }

  #convertMap(pairs: readonly Pair[], key: string, offset: number, depth: number): LocatedMap {
    const entries = new Map<string, Entry>();
    for (const pair of pairs as readonly Pair<Node | null, Node | null>[]) {
      const keyOffset = pair.key?.range?.[0] ?? offset;
      const name = this.#keyName(pair.key, key, keyOffset);
      if (name === undefined) continue;
      const inside = keyInside(key, name);
      const node = this.#convert(pair.value, inside, keyOffset, depth + 1);
      const first = entries.get(name);
      if (first) {
        const line = 'line' in first.where ? first.where.line : 0;
        this.#report('error', keyOffset, inside, `is given twice, first in line ${line}`, 'Keep one of them');
      } else if (node) {
        entries.set(name, { where: this.#where(keyOffset), node });
      }
    }
    return { type: 'map', origin: { where: this.#where(offset), key }, entries };
  }

  #keyName(node: Node | null, key: string, offset: number): string | undefined {
    if (isScalar(node)) {
      const name = typeof node.value === 'string' ? node.value : (node.source ?? '');
      if (name !== '') return name;
    }
    this.#report('error', offset, key, 'has a key that is not a text', 'Put quotes around braces and stars');
    return undefined;
  }

  #followAlias(name: string, key: string, offset: number, depth: number): Located | undefined {
    const target = this.#anchors.get(name);
    if (target) {
      const before = this.#followed;
      this.#followed ??= { key, offset };
      const located = this.#convert(target, key, offset, depth + 1);
      this.#followed = before;
      return located;
    }
    this.#report(
      'error',
      offset,
      key,
      'an alias (*) without an anchor (&) before it',
      'Put a text that begins with * in quotes',
    );
    return undefined;
  }

  #report(level: Problem['level'], offset: number, key: string, message: string, remedy: string): void {
    this.problems.push({ level, where: this.#where(offset), key, message, remedy });
  }

  #where(offset: number): Where {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** For a text that the parser, which counts the lines, has not seen. */
  #textWhere(offset: number): Where {
    const before = this.#text.slice(0, offset);
    const line = before.split('\n').length;
    return { file: this.#file, line, column: offset - before.lastIndexOf('\n') };
  }
}

/** `key:` with nothing behind it. */
function isEmpty(node: Node | null): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === '';
}
