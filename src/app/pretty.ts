/** Log lines for people: `08:12:06 WARN  what happened  service=api reason=timeout`. */
import pc from 'picocolors';
import { escapeCharacter } from './line-guard.ts';

const paint: Readonly<Record<string, (text: string) => string>> = {
  trace: pc.dim,
  debug: pc.dim,
  info: pc.green,
  warn: pc.yellow,
  error: pc.red,
  fatal: pc.red,
};

/** @param line one JSON object, as pino writes it */
export function prettyLine(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const name = String(level);
  const label = (paint[name] ?? pc.dim)(name.toUpperCase().padEnd(5));
  const rest = Object.entries(fields).map(([key, value]) => pc.dim(`${key}=${clean(value)}`));
  return `${[`${pc.dim(String(time).slice(11, 19))} ${label} ${clean(msg)}`, rest.join(' ')].join('  ').trimEnd()}\n`;
}

/** Peers' texts must not move the cursor, paint the terminal, or turn around what stands beside them. */
function clean(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').replace(/\p{Bidi_Control}/gu, escapeCharacter);
}
