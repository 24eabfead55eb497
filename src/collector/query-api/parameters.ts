/**
 * What is asked for: the parameters of the query string and of a form, those of the form first.
 *
 * Prometheus leaves out what it cannot read and then misses it; here it is said what is wrong.
 */
import { isUtf8 } from 'node:buffer';
import { QueryError } from '../promql/query.ts';
import { quoted } from './go-text.ts';

export class Parameters {
  readonly #values = new Map<string, string[]>();

  /**
   * Throws a `QueryError` where one of them cannot be read.
   *
   * @param forms as they were sent, each sign a byte
   */
  constructor(...forms: readonly string[]) {
    for (const form of forms) this.#read(form);
  }

  /** The first one of this name, or nothing; what comes after it is not looked at. */
  first(name: string): string {
    return this.#values.get(name)?.[0] ?? '';
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  #read(form: string): void {
    for (const pair of form.split('&')) {
      if (pair === '') continue;
      if (pair.includes(';')) throw unreadable('invalid semicolon separator in query');
      const end = pair.indexOf('=');
      const name = decode(end < 0 ? pair : pair.slice(0, end));
      const value = end < 0 ? '' : decode(pair.slice(end + 1));
      const known = this.#values.get(name);
      if (known) known.push(value);
      else this.#values.set(name, [value]);
    }
  }
}

/** @param written each sign is a byte, as they come in the head of a request */
function decode(written: string): string {
  const broken = /%(?![\da-f]{2}).{0,2}/i.exec(written);
  if (broken) throw unreadable(`invalid URL escape ${quoted(broken[0])}`);
  const binary = written
    .replaceAll('+', ' ')
    .replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (!/[\x80-\xff]/.test(binary)) return binary;
  const bytes = Buffer.from(binary, 'latin1');
  if (!isUtf8(bytes)) throw unreadable('a parameter is not UTF-8');
  return bytes.toString('utf8');
}

function unreadable(why: string): QueryError {
  return new QueryError('bad_data', `error parsing form values: ${why}`);
}
