/**
 * The last door before the log: whatever a line holds, no secret and no token passes, it
 * is one line, and it is short.
 *
 * Nothing is meant to hand a secret to the log in the first place; this is for a peer that
 * echoes our token back to us, and for mistakes.
 */
import { hideTokens } from '../http/readable.ts';
import { limits } from '../model/limits.ts';
import { Secret } from '../model/secret.ts';

export type LineGuard = (line: string) => string;

/** Shorter ones cannot be told from ordinary words. */
const secretCharactersMin = 8;

/** @param holder anything that contains the `Secret`s to guard, at any depth */
export function lineGuard(holder: unknown): LineGuard {
  const secrets = secretsIn(holder).map((secret) => ({ secret, version: -1 }));
  const texts = new Set<string>();
  return (line) => {
    for (const known of secrets) {
      if (known.version === known.secret.version) continue;
      known.version = known.secret.version;
      for (const form of formsOf(known.secret.reveal())) texts.add(form);
    }
    let safe = hideTokens(line);
    for (const text of texts) {
      if (safe.includes(text)) safe = safe.replaceAll(text, '***');
    }
    return shorten(safe).replace(/[\u007f-\u009f\u2028\u2029]/g, escapeCharacter);
  };
}

/** As it may stand in a line, the longest first: as JSON writes it, as a URL writes it, plain. */
function formsOf(text: string): string[] {
  const forms = [text, text.trim(), JSON.stringify(text).slice(1, -1), encodeURIComponent(text)];
  const long = [...new Set(forms)].filter((form) => form.length >= secretCharactersMin);
  return long.sort((a, b) => b.length - a.length);
}

function secretsIn(holder: unknown): Secret[] {
  if (holder instanceof Secret) return [holder];
  if (typeof holder !== 'object' || holder === null) return [];
  return Object.values(holder).flatMap(secretsIn);
}

/** As JSON writes it. */
export function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A line that is too long keeps its fields; the long ones are cut. */
function shorten(line: string): string {
  if (Buffer.byteLength(line) <= limits.logLineBytesMax) return line;
  for (const charactersMax of [1000, 200, 50]) {
    const short = `${JSON.stringify(JSON.parse(line), (_key, value) => cut(value, charactersMax))}\n`;
    if (Buffer.byteLength(short) <= limits.logLineBytesMax) return short;
  }
  const { time, level, msg } = JSON.parse(line);
  return `${JSON.stringify({ time, level, msg: cut(String(msg), 1000), cut: true })}\n`;
}

function cut(value: unknown, charactersMax: number): unknown {
  return typeof value === 'string' && value.length > charactersMax
    ? `${value.slice(0, charactersMax)}…`
    : value;
}
