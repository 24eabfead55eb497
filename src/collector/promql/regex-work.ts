/**
 * How much work it is to compile a regular expression, counted from its text alone: about one for each
 * instruction that it becomes, more where a class of Unicode stands for thousands of characters.
 *
 * It is counted too high rather than too low; what cannot be read is left to the compiler, which refuses it.
 */

/** Of each one, however short. */
const ownWork = 10;
/** A class of Unicode has hundreds of ranges, each of which is sorted and copied. */
const unicodeWork = 40;
/** Of a range of which each character is looked up in the other case. */
const foldedWork = 500;

const unicodeClass = /\\[pP](?:\{[^}]{0,40}\}|[^{])/y;
const codedCharacter = /\\x\{[^}]{0,40}\}/y;
const quoted = /\\Q([\s\S]*?)(?:\\E|$)/y;
const repetition = /\{(\d{1,4})(?:,(\d{0,4}))?\}/y;
const namedClass = /\[:[^\]:]{0,40}:\]/y;

type Atom = { readonly end: number; readonly work: number };

export function regexWork(pattern: string): number {
  const isFolded = /\(\?[A-Za-z-]*i/.test(pattern);
  const count = new Count();
  for (let at = 0; at < pattern.length; ) {
    const times = repetitionAt(pattern, at);
    const sign = pattern[at] as string;
    const { end, work } =
      times ?? (/[()]/.test(sign) ? bracketAt(pattern, at) : atomAt(pattern, at, isFolded));
    if (times) count.repeat(work);
    else if (sign === '(') count.open(work);
    else if (sign === ')') count.close();
    // What one sign repeats stays one.
    else if (/[*+?|]/.test(sign)) count.add(work);
    else count.atom(work);
    at = end;
  }
  return ownWork + count.all;
}

class Count {
  /** Of what stands in each bracket that is open, and before all of them. */
  readonly #open = [0];
  /** Of what would be repeated. */
  #last = 0;

  get all(): number {
    return this.#open.reduce((sum, work) => sum + work, 0);
  }

  add(work: number): void {
    this.#open.push((this.#open.pop() ?? 0) + work);
  }

  atom(work: number): void {
    this.#last = work;
    this.add(work);
  }

  repeat(times: number): void {
    this.add(this.#last * (times - 1) + times);
    this.#last = this.#last * times + times;
  }

  open(work: number): void {
    this.#open.push(work);
  }

  close(): void {
    this.atom(this.#open.pop() ?? 0);
  }
}

function bracketAt(pattern: string, at: number): Atom {
  if (pattern.startsWith('(?:', at)) return { end: at + 3, work: 0 };
  return { end: at + 1, work: 2 };
}

/** How often, as its work. */
function repetitionAt(pattern: string, at: number): Atom | undefined {
  const found = matched(repetition, pattern, at);
  if (!found) return undefined;
  const [text, least = '', most = ''] = found;
  return { end: at + text.length, work: Math.max(Number(least) + 1, Number(most)) };
}

function atomAt(pattern: string, at: number, isFolded: boolean): Atom {
  const sign = pattern[at];
  if (sign === '[') return classAt(pattern, at, isFolded);
  if (sign !== '\\') return { end: at + 1, work: 1 };
  const literal = matched(quoted, pattern, at);
  if (literal) return { end: at + literal[0].length, work: literal[1]?.length ?? 0 };
  return escapeAt(pattern, at);
}

function escapeAt(pattern: string, at: number): Atom {
  const unicode = matched(unicodeClass, pattern, at);
  if (unicode) return { end: at + unicode[0].length, work: unicodeWork };
  const coded = matched(codedCharacter, pattern, at);
  return { end: at + (coded?.[0].length ?? 2), work: 1 };
}

/** From its opening bracket to behind its closing one. */
function classAt(pattern: string, start: number, isFolded: boolean): Atom {
  let work = 1;
  let at = start + (pattern[start + 1] === '^' ? 2 : 1);
  // Here a closing bracket is a character.
  if (pattern[at] === ']') at++;
  while (at < pattern.length && pattern[at] !== ']') {
    const named = matched(namedClass, pattern, at);
    const part = named ? { end: at + named[0].length, work: 1 } : partAt(pattern, at);
    if (isFolded && isWideRange(pattern, at, part.end)) work += foldedWork;
    work += part.work - 1;
    at = part.end;
  }
  return { end: at + 1, work };
}

function partAt(pattern: string, at: number): Atom {
  return pattern[at] === '\\' ? escapeAt(pattern, at) : { end: at + 1, work: 1 };
}

/** Whether this part may be the first of a range that is no plain one such as `a-z`. */
function isWideRange(pattern: string, at: number, end: number): boolean {
  return pattern[end] === '-' && !/^[ -[\]-~]-[ -[\]-~]/.test(pattern.slice(at, end + 2));
}

function matched(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at;
  return form.exec(text);
}
