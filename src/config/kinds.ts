/** The kinds of dashboard whose settings are known: a new kind is a folder and a line here. */
import type * as z from 'zod/mini';
import { type ConsoleSettings, consoleSchema, consoleWarnings } from '../dashboards/console/settings.ts';
import {
  type IncidentsSettings,
  incidentsSchema,
  incidentsWarnings,
} from '../dashboards/incidents/settings.ts';
import type { SettingsWarning } from '../http/settings.ts';
import { decodeSection, locate } from './decode.ts';
import type { Located } from './located.ts';
import type { Problem } from './problem.ts';

export type KindSettings = IncidentsSettings | ConsoleSettings;

type Kind = {
  readonly schema: z.ZodMiniType;
  readonly decode: (section: Located, context: Context) => KindSettings | undefined;
};

type Context = { readonly name: string; readonly problems: Problem[]; readonly nowMs: number };

export const kinds: ReadonlyMap<string, Kind> = new Map([
  ['incidents', kind<IncidentsSettings>(incidentsSchema, incidentsWarnings)],
  ['console', kind<ConsoleSettings>(consoleSchema, consoleWarnings)],
]);

/** What a section without `kind` is. */
export const defaultKind = 'incidents';

function kind<Settings extends KindSettings>(
  schema: z.ZodMiniType<Omit<Settings, 'name'>>,
  warnings: (settings: Omit<Settings, 'name'>, nowMs: number) => readonly SettingsWarning[],
): Kind {
  return {
    schema,
    decode: (section, { name, problems, nowMs }) => {
      const settings = decodeSection(schema, section, problems);
      if (!settings) return undefined;
      addWarnings(section, warnings(settings, nowMs), problems);
      return { ...settings, name } as unknown as KindSettings;
    },
  };
}

export function addWarnings(
  section: Located,
  warnings: readonly SettingsWarning[],
  problems: Problem[],
): void {
  for (const { path, message, remedy } of warnings) {
    const { where, key } = locate(section, path) ?? section.origin;
    problems.push({ level: 'warning', where, key, message, ...(remedy !== undefined && { remedy }) });
  }
}
