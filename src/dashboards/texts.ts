/** The texts of an incident on a page for the public: its title, one for each status, one for the end. */
import * as z from 'zod/mini';
import type { Action } from '../model/incident.ts';
import type { AlarmStatus } from '../model/status.ts';
import { section } from '../values/facts.ts';
import { matchesGlob } from '../values/glob.ts';
import { perStatus, statusKeys } from './status-keys.ts';
import { render, type Template, template } from './template.ts';

export type Texts = {
  readonly title: Template;
  /** The text for each status. */
  readonly message: Readonly<Record<AlarmStatus, Template>>;
  readonly recovered: Template;
};

/** Statuspage and Cachet refuse longer ones. */
const titleCharactersMax = 255;
const messageCharactersMax = 5_000;

const defaultTitle = 'Problem with {{component}}';
const defaultMessage = {
  1: '{{component}} is degraded.',
  2: '{{component}} has an outage.',
  3: '{{component}} has a critical outage.',
};
const defaultRecovered = '{{component}} has recovered.';

/** The keys `title` and `message`, for the section of a kind. */
export function textKeys() {
  return {
    title: z.prefault(template(titleCharactersMax, 'The name of an incident, with places.'), defaultTitle),
    message: z.prefault(
      section(
        'The text for each status, and for the end.',
        z.strictObject({
          ...statusKeys(() => template(messageCharactersMax, 'A text with places.'), defaultMessage),
          recovered: z.prefault(template(messageCharactersMax, 'The text for the end.'), defaultRecovered),
        }),
      ),
      {},
    ),
  };
}

type TextKeys = z.output<z.ZodMiniObject<ReturnType<typeof textKeys>>>;

/** The same keys, decoded. */
export function decodeTexts({ title, message }: TextKeys, context: Parameters<typeof perStatus>[3]): Texts {
  const defaults = templates(defaultMessage);
  return { title, message: perStatus(message, defaults, 'message', context), recovered: message.recovered };
}

export function titleFor(action: Action, { title }: Texts): string {
  return cut(render(title, action), titleCharactersMax);
}

export function messageFor(action: Action, { message, recovered }: Texts): string {
  return render(action.type === 'close' ? recovered : message[action.status], action);
}

/** Whether a text may be what was said at an end, whenever that was. */
export function isRecovery(said: string | undefined, { recovered }: Texts): boolean {
  return said !== undefined && matchesGlob(recovered.text.replaceAll(/\{\{[^{}]*\}\}/g, '*'), said);
}

export function cut(text: string, charactersMax: number): string {
  return text.length > charactersMax ? `${text.slice(0, charactersMax - 1)}…` : text;
}

function templates(texts: Readonly<Record<AlarmStatus, string>>): Texts['message'] {
  return { 1: { text: texts[1] }, 2: { text: texts[2] }, 3: { text: texts[3] } };
}
