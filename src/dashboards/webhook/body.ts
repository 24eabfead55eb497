/**
 * The bodies that an operator writes.
 *
 * What stands in for a place is escaped for JSON, and whether the whole is JSON whatever the names are
 * called is tried when the configuration is loaded.
 */
import * as z from 'zod/mini';
import type { Action } from '../../model/incident.ts';
import type { AlarmStatus } from '../../model/status.ts';
import { render, type Template, template } from '../template.ts';

const bodyCharactersMax = 8_192;

/** @param isClosing it is sent with status 0 */
export function bodyTemplate(description: string, isClosing: boolean): z.ZodMiniType<Template, unknown> {
  return z.pipe(
    template(bodyCharactersMax, description),
    z.transform((written: Template, context): Template => {
      if (!looksLikeJson(written) || trials(isClosing).every((each) => isJson(rendered(written, each)))) {
        return written;
      }
      const message = 'is not JSON once its places are filled';
      const params = { remedy: 'Put every place in quotes: "{{service}}"; only {{status}} may do without' };
      context.issues.push({ code: 'custom', input: undefined, message, params });
      return z.NEVER;
    }),
  );
}

/** @param words what each status is called */
export function rendered(
  template: Template,
  action: Action,
  words?: Readonly<Record<AlarmStatus, string>>,
): string {
  return render(template, action, escaped, words);
}

/** Begins like an object, or a list of objects, lists or texts; `[{{environment}}]` does not. */
export function looksLikeJson({ text }: Template): boolean {
  return /^\s*(?:\{(?!\{)|\[\s*(?:\{(?!\{)|["[\]]))/.test(text);
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const hostileNames = ['api', '7', '"', '\\', '\\"', '"},{"a":"', '\u2028\u0000\n', '}}{{service}}', 'u0041'];

/** What it may have to say: every status, and names that were made to break it. */
function trials(isClosing: boolean): readonly Action[] {
  const statuses: readonly AlarmStatus[] = isClosing ? [1] : [1, 2, 3];
  return hostileNames.flatMap((name) => statuses.map((status) => trial(name, status, isClosing)));
}

function trial(name: string, status: AlarmStatus, isClosing: boolean): Action {
  const target = {
    key: name,
    service: name,
    environment: name,
    component: name,
    attributes: {},
    ids: {},
    flags: [],
  };
  return {
    type: isClosing ? 'close' : 'open',
    incident: { id: name, dashboard: name, members: [target], sinceMs: 0 },
    status,
    timeMs: 0,
    reading: { target, status, timeMs: 0, evidence: { triggered: [] } },
    idempotencyKey: name,
  };
}
