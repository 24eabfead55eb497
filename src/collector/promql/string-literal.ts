/** Texts of a query: which are complete, and what they say once their escapes are read (Go's rules). */

export type Trouble = { readonly at: number; readonly message: string };

/** Where the text that begins at `at` ends, or what is wrong with it. */
export function scanString(text: string, at: number): number | Trouble {
  const quote = text[at] as string;
  if (quote === '`') {
    const end = text.indexOf('`', at + 1);
    return end < 0 ? { at, message: 'unterminated raw string' } : end + 1;
  }
  for (let index = at + 1; index < text.length; index++) {
    const character = text[index];
    if (character === quote) return index + 1;
    if (character === '\n') break;
    if (character !== '\\') continue;
    const length = escapeLength(text, index, quote);
    if (typeof length === 'string') return { at, message: length };
    index += length - 1;
  }
  return { at, message: 'unterminated quoted string' };
}

const simple: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
  '\\': 0x5c,
};

/** How many digits follow, and of which kind. */
const coded: Readonly<Record<string, RegExp>> = {
  x: /[0-9a-fA-F]{2}/y,
  u: /[0-9a-fA-F]{4}/y,
  U: /[0-9a-fA-F]{8}/y,
};

function escapeLength(text: string, at: number, quote: string): number | string {
  const kind = text[at + 1];
  if (kind === undefined) return 'escape sequence not terminated';
  if (Object.hasOwn(simple, kind) || kind === quote) return 2;
  const digits = Object.hasOwn(coded, kind) ? match(coded[kind] as RegExp, text, at + 2) : undefined;
  const octal = match(/[0-3][0-7]{2}/y, text, at + 1);
  if (octal !== undefined) return 4;
  if (digits !== undefined) {
    const point = Number.parseInt(digits, 16);
    const isPoint = point <= 0x10_ffff && (point < 0xd800 || point > 0xdfff);
    return isPoint ? 2 + digits.length : 'escape sequence is an invalid Unicode code point';
  }
  if (Object.hasOwn(coded, kind) || /[0-7]/.test(kind)) return 'illegal character in escape sequence';
  const code = (kind.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
  return `unknown escape sequence U+${code} '${kind}'`;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** What a complete text says. */
export function decodeString(literal: string): string {
  const inside = literal.slice(1, -1);
  if (literal[0] === '`') return inside.replaceAll('\r', '');
  if (!inside.includes('\\')) return inside;
  const escapes = /\\(?:x([0-9a-fA-F]{2})|([0-3][0-7]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gs;
  const pieces: Buffer[] = [];
  let from = 0;
  for (const found of inside.matchAll(escapes)) {
    const [whole, hex, octal, short, long, plain] = found;
    pieces.push(Buffer.from(inside.slice(from, found.index)));
    from = found.index + whole.length;
    // Two of these are bytes, of which several may make one character.
    if (hex) pieces.push(Buffer.of(Number.parseInt(hex, 16)));
    else if (octal) pieces.push(Buffer.of(Number.parseInt(octal, 8)));
    else if (plain) pieces.push(Buffer.from(Object.hasOwn(simple, plain) ? code(simple[plain]) : plain));
    else pieces.push(Buffer.from(code(Number.parseInt(short ?? long ?? '', 16))));
  }
  return Buffer.concat([...pieces, Buffer.from(inside.slice(from))]).toString();
}

function code(point: number | undefined): string {
  return String.fromCodePoint(point ?? 0);
}
