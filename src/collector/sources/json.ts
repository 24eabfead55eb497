/** Takes single fields out of an endpoint that answers JSON. */
import { type Family, oneSample } from '../../exposition/family.ts';
import { parseJsonAnswer } from '../../http/json-answer.ts';
import type { Clock } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import type { SourceSettings } from '../settings.ts';
import { type Feed, type Gathered, garbled } from './feed.ts';
import { fieldAt, type JsonPath, parseJsonPath } from './json-path.ts';
import { openRemote } from './remote.ts';

type JsonSettings = Extract<SourceSettings, { readonly type: 'json' }>;

/** Of fields that are missing so many are named. */
const namedMax = 5;

type Field = { readonly written: string; readonly path: JsonPath; readonly metric: string };

export function openJson(settings: JsonSettings, clock: Clock): Feed {
  const headers = { accept: 'application/json' };
  const remote = openRemote(settings, headers, limits.sourceJsonBytesMax, clock);
  const fields = Object.entries(settings.map).map(([written, metric]) => ({
    written,
    path: parseJsonPath(written),
    metric,
  }));
  return {
    ask: async () => gather(parseJsonAnswer('source', (await remote.get()).body), fields),
    stop: remote.stop,
  };
}

function gather(answer: unknown, fields: readonly Field[]): Gathered {
  const families = new Map<string, Family>();
  const missing: string[] = [];
  for (const field of fields) {
    const value = numberAt(answer, field);
    if (value === undefined) missing.push(field.written);
    else families.set(field.metric, familyOf(field, value));
  }
  if (missing.length === 0) return { families: [...families.values()] };
  const others = missing.length > namedMax ? ` and ${missing.length - namedMax} others` : '';
  const flaw = garbled(`the answer has no ${missing.slice(0, namedMax).join(', ')}${others}`);
  // Something else than what was mapped has answered.
  if (missing.length === fields.length) throw flaw;
  return { families: [...families.values()], flaw };
}

/** Null is no value; anything but a number, true and false is garbage, numbers in quotes too. */
function numberAt(answer: unknown, { written, path }: Field): number | undefined {
  const value = fieldAt(answer, path) ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'number') throw garbled(`${written} is ${kindOf(value)}, not a number`);
  if (!Number.isFinite(value)) throw garbled(`${written} is out of range`);
  return value;
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'a text';
  return Array.isArray(value) ? 'a list' : 'an object';
}

function familyOf({ written, metric }: Field, value: number): Family {
  const type = metric.endsWith('_total') ? 'counter' : 'gauge';
  return oneSample(type, metric, `The field ${written}.`, value);
}
