/** Numbers, times and quoted texts as Prometheus writes them, which is Go's way. */

/** Of a point: decimals, but an exponent of two digits at least below 1e-6 and from 1e21 on. */
export function pointText(value: number): string {
  if (!Number.isFinite(value)) return wordOf(value);
  // Both languages write the shortest text that reads back as the same number, and change over there.
  return (Object.is(value, -0) ? '-0' : String(value)).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** Of a scalar: decimals alone, however many there are. */
export function scalarText(value: number): string {
  const text = pointText(value);
  const [, sign = '', whole = '', part = '', exponent = ''] =
    /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (exponent === '') return text;
  const digits = whole + part;
  const power = Number(exponent);
  return power < 0
    ? `${sign}0.${'0'.repeat(-power - 1)}${digits}`
    : `${sign}${digits.padEnd(power + 1, '0')}`;
}

/** Seconds, with three decimals where it is not a whole second. */
export function pointTimeText(timeMs: number): string {
  const ms = Math.abs(timeMs);
  const part = ms % 1_000;
  const sign = timeMs < 0 ? '-' : '';
  return `${sign}${Math.floor(ms / 1_000)}${part === 0 ? '' : `.${String(part).padStart(3, '0')}`}`;
}

/** In double quotes, on one line, with everything escaped that nobody could see. */
export function quoted(text: string): string {
  const escaped = text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (sign) => {
    const letter = letters.get(sign);
    if (letter !== undefined) return letter;
    const code = sign.codePointAt(0) ?? 0;
    if (code < 0x80) return `\\x${hex(code, 2)}`;
    return code < 0x1_0000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
  });
  return `"${escaped}"`;
}

const letters: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

function wordOf(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
