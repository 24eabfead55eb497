/** Texts: names, words from a closed list, patterns, paths. */
import type * as z from 'zod/mini';
import { value, Wrong } from './facts.ts';

const nameCharactersMax = 200;

/** A name that people gave: 1 to 200 characters, none of them a control character. */
export function name(description: string): z.ZodMiniType<string, unknown> {
  const json = { type: ['string', 'number', 'boolean'], minLength: 1, maxLength: nameCharactersMax };
  return value({ description, takes: 'text', json }, decodeName);
}

export function decodeName(written: unknown): string | Wrong {
  if (typeof written !== 'string') return new Wrong('must be text');
  if (written === '') return new Wrong('is empty', `Write 1 to ${nameCharactersMax} characters`);
  if (written.length > nameCharactersMax * 2 || [...written].length > nameCharactersMax) {
    return new Wrong(`is longer than ${nameCharactersMax} characters`, 'Use a shorter name');
  }
  if (/\p{Cs}/u.test(written)) return new Wrong('contains half a character', 'Write \\u escapes in pairs');
  if (hasControlCharacter(written))
    return new Wrong('contains a control character', 'Write one line of text');
  return written;
}

/** A text that may not be empty, at most `charactersMax` long. */
export function text(charactersMax: number, description: string): z.ZodMiniType<string, unknown> {
  const json = { type: ['string', 'number', 'boolean'], minLength: 1, maxLength: charactersMax };
  return value({ description, takes: 'text', json }, (written) => {
    if (typeof written !== 'string') return new Wrong('must be text');
    if (written === '') return new Wrong('is empty', `Write 1 to ${charactersMax} characters`);
    return written.length > charactersMax ? new Wrong(`is longer than ${charactersMax} characters`) : written;
  });
}

/** One of a few words. */
export function word<const Word extends string>(
  words: readonly Word[],
  description: string,
): z.ZodMiniType<Word, unknown> {
  return value({ description, takes: 'text', json: { enum: words } }, (written) => {
    const known = words.find((each) => each === written);
    return known ?? new Wrong(`must be one of ${words.join(', ')}`);
  });
}

/** The path of a URL: begins with a slash, or is one of `words`. */
export function urlPath(words: readonly string[], description: string): z.ZodMiniType<string, unknown> {
  const json = { type: 'string', pattern: `^/[^?#\\s]*$${words.map((each) => `|^${each}$`).join('')}` };
  return value({ description, takes: 'text', json }, (written) => {
    if (typeof written === 'string' && (words.includes(written) || /^\/[^?#\s\\]*$/.test(written))) {
      return hasControlCharacter(written) ? new Wrong('contains a control character') : written;
    }
    const or = words.map((each) => `, or ${each}`).join('');
    return new Wrong(`must be a path without a query${or}`, 'Begin it with /');
  });
}

/** Names with texts, such as attributes. A name may be anything, `__proto__` too. */
export function textMap(
  what: string,
  description: string,
): z.ZodMiniType<Readonly<Record<string, string>>, unknown> {
  const json = {
    type: 'object',
    additionalProperties: { type: ['string', 'number', 'boolean'] },
    propertyNames: { minLength: 1, maxLength: nameCharactersMax },
  };
  return value({ description, takes: 'map', json }, (written) => {
    if (typeof written !== 'object' || written === null || Array.isArray(written)) {
      return new Wrong('must be a section of names and texts');
    }
    for (const [key, each] of Object.entries(written)) {
      if (decodeName(key) instanceof Wrong)
        return new Wrong('has a name that is empty, too long or not one line');
      if (typeof each !== 'string') return new Wrong(`must have a text for each ${what}`);
      if (each.length > nameCharactersMax)
        return new Wrong(`has a text longer than ${nameCharactersMax} characters`);
    }
    return Object.fromEntries(Object.entries(written));
  });
}

/** True for C0, DEL and C1. */
function hasControlCharacter(written: string): boolean {
  return /\p{Cc}/u.test(written);
}

/** A host name or an IP address to listen on. */
export function hostName(description: string): z.ZodMiniType<string, unknown> {
  const json = { type: 'string', pattern: '^[A-Za-z0-9._:%-]{1,253}$' };
  return value({ description, takes: 'text', json }, (written) =>
    typeof written === 'string' && /^[A-Za-z0-9._:%-]{1,253}$/.test(written)
      ? written
      : new Wrong('must be a host name or an IP address'),
  );
}
