/** The headers that an operator may send along: their values are secrets. */
import type * as z from 'zod/mini';
import type { SettingsWarning } from '../../http/settings.ts';
import { Secret } from '../../model/secret.ts';
import { value, Wrong } from '../../values/facts.ts';

const headerCharactersMax = 4_096;

/** What an exchange says by itself, what would change where it ends, and what we sign and mark it with. */
const ownHeaders: ReadonlySet<string> = new Set([
  ...['accept-encoding', 'connection', 'content-length', 'expect', 'host', 'idempotency-key'],
  ...['keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'x-hub-signature-256'],
]);

export function headerText(): z.ZodMiniType<Secret, unknown> {
  const json = { type: ['string', 'number', 'boolean'], minLength: 1, maxLength: headerCharactersMax };
  return value({ description: 'The value of a header.', takes: 'secret', json }, (written) => {
    if (!(written instanceof Secret)) return new Wrong('must be text');
    const text = written.reveal();
    if (text === '') return new Wrong('is empty', 'Write its value, or leave the header out');
    if (text.length > headerCharactersMax) {
      return new Wrong(`is longer than ${headerCharactersMax} characters`);
    }
    return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text)
      ? written
      : new Wrong('holds what no HTTP header can carry', 'Look for blanks at its ends and for other letters');
  });
}

export function headerErrors(headers: Readonly<Record<string, Secret>>): readonly SettingsWarning[] {
  const names = Object.keys(headers);
  return names.flatMap((name) => {
    const path = ['headers', name];
    const lower = name.toLowerCase();
    if (!/^[\w!#$%&'*+.^`|~-]{1,200}$/.test(name)) {
      return [{ path, message: 'is no name for a header', remedy: 'Use letters, digits and dashes' }];
    }
    if (ownHeaders.has(lower)) {
      return [{ path, message: 'is a header that cannot be set', remedy: 'Take it out' }];
    }
    const first = names.find((other) => other.toLowerCase() === lower);
    return first === name ? [] : [{ path, message: 'is given twice', remedy: 'Keep one of them' }];
  });
}
