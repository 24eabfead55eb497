/**
 * Texts with places for what happened: `{{component}} is in {{word}}`.
 *
 * Only these places exist, so no template can show a flag, an expression or a secret.
 */
import type * as z from 'zod/mini';
import { rfc3339 } from '../model/clock.ts';
import type { Action } from '../model/incident.ts';
import { type AlarmStatus, statusWord } from '../model/status.ts';
import { value, Wrong } from '../values/facts.ts';

/** What each place stands for. `status` is 0 and `word` is recovered once it is over. */
const places: Readonly<Record<string, (action: Action, words: Words) => string>> = {
  service: ({ reading }) => reading.target.service,
  environment: ({ reading }) => reading.target.environment,
  component: ({ reading }) => reading.target.component,
  status: ({ type, status }) => String(type === 'close' ? 0 : status),
  word: wordOf,
  timestamp: ({ timeMs }) => rfc3339(timeMs),
  since: ({ incident }) => rfc3339(incident.sinceMs),
};

/** A template, checked. */
export type Template = { readonly text: string };

export function template(charactersMax: number, description: string): z.ZodMiniType<Template, unknown> {
  const json = { type: ['string', 'number', 'boolean'], minLength: 1, maxLength: charactersMax };
  return value({ description, takes: 'text', json }, (written) => {
    if (typeof written !== 'string') return new Wrong('must be text');
    if (written === '') return new Wrong('is empty', `Write 1 to ${charactersMax} characters`);
    if (written.length > charactersMax) return new Wrong(`is longer than ${charactersMax} characters`);
    const unknown = [...written.matchAll(place)].find(
      ([, name = '']) => !Object.hasOwn(places, name.trim()),
    )?.[1];
    const known = Object.keys(places).map((name) => `{{${name}}}`);
    if (unknown === undefined) {
      const isOpen = written.replace(place, ' ').includes('{{');
      return isOpen
        ? new Wrong('has {{ without }} after a name', `Use ${known.join(' ')}`)
        : { text: written };
    }
    return new Wrong(`has no place {{${unknown.trim().slice(0, 40)}}}`, `Use ${known.join(' ')}`);
  });
}

/**
 * @param protect what each value goes through, such as for JSON
 * @param words what the dashboard calls each status
 */
export function render(
  { text }: Template,
  action: Action,
  protect: (text: string) => string = (text) => text,
  words: Words = statusWords,
): string {
  return text.replace(place, (_, name: string) => protect(places[name.trim()]?.(action, words) ?? ''));
}

function wordOf({ type, status }: Action, words: Words = statusWords): string {
  return type === 'close' ? 'recovered' : words[status];
}

type Words = Readonly<Record<AlarmStatus, string>>;

/** What a status is called everywhere. */
export const statusWords = { 1: statusWord(1), 2: statusWord(2), 3: statusWord(3) } as const;

const place = /\{\{([^{}]*)\}\}/g;
