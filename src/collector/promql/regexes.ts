/** Regular expressions of Prometheus (RE2), which match a whole value in a time that its length alone bounds. */
import { RE2JS } from 're2js';
import { limits } from '../../model/limits.ts';
import { QueryError } from './query.ts';
import { regexWork } from './regex-work.ts';

type Test = (value: string) => boolean;

/** Those of one query: together they are few and small. */
export class Regexes {
  #count = 0;
  #work = 0;

  /** A text says what is wrong with it; throws a `QueryError` where there are too many. */
  compile(pattern: string): Test | string {
    if (++this.#count > limits.queryRegexesMax) {
      throw new QueryError('bad_data', `a query has ${limits.queryRegexesMax} regular expressions at most`);
    }
    if (pattern.length > limits.regexCharactersMax) {
      return `a regular expression has ${limits.regexCharactersMax} characters at most`;
    }
    const plain = alternatives(pattern);
    if (plain) return (value) => plain.has(value);
    const work = regexWork(pattern);
    if (work > limits.regexWorkMax) return tooMuch(pattern);
    this.#work += work;
    if (this.#work > limits.regexWorkMax) {
      throw new QueryError(
        'bad_data',
        'the regular expressions of this query ask for too much work together; write fewer or shorter ones',
      );
    }
    return compiled(pattern);
  }
}

function compiled(pattern: string): Test | string {
  // In this form Prometheus tells what is wrong with it.
  const regex = compile(`^(?:${pattern})$`);
  if (typeof regex === 'string') return regex;
  if (regex.programSize() > limits.regexInstructionsMax) return tooMuch(pattern);
  // The way that `testExact` goes is faster at its best, and five times as slow and megabytes large at its worst.
  return (value) => regex.matcher(value).matches();
}

function tooMuch(pattern: string): string {
  const begin = JSON.stringify(pattern.slice(0, 50));
  return `the regular expression ${begin} asks for too much work; count fewer repetitions`;
}

function compile(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('error parsing regexp: ')) throw error;
    return error.message.replaceAll('\n', ' ');
  }
}

/** `a|b\.c` and `(a|b\.c)` as the texts that they stand for: what dashboards make of variables with many values. */
function alternatives(pattern: string): ReadonlySet<string> | undefined {
  const parts = (/^\((?:\?:)?([\s\S]*)\)$/.exec(pattern)?.[1] ?? pattern).split('|');
  if (!parts.every((part) => /^(?:[^\\.+*?()|[\]{}^$]|\\[.+*?()[\]{}^$/-])*$/.test(part))) return undefined;
  return new Set(parts.map((part) => part.replace(/\\(.)/g, '$1')));
}
