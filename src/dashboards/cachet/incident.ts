/** An incident of Cachet, as far as we read it, and the mark on it that tells what is ours. */
import { rfc3339 } from '../../model/clock.ts';
import type { Action } from '../../model/incident.ts';
import type { Target } from '../../model/target.ts';
import { isSaid, type Said } from '../said.ts';

export type CachetIncident = {
  readonly id: string;
  readonly name: string;
  /** 0 unknown, 1 investigating, 2 identified, 3 watching, 4 fixed. */
  readonly status: number;
  /** What was said about it, the first message before its updates, oldest first. */
  readonly messages: readonly string[];
  readonly componentId: string | undefined;
  /** The status of that component, where the incident tells it. */
  readonly componentStatus: number | undefined;
  /** Whatever else it has is not ours to change. */
  readonly visible: number;
  readonly stickied: boolean;
  /** Undefined where somebody else opened it, or where Cachet does not tell. */
  readonly mark: Mark | undefined;
};

/** Who opened it, for which target, and when its trouble began. */
export type Mark = { readonly reporter: string; readonly target: string; readonly since: string };

export const investigating = 1;
export const fixed = 4;
export const operational = 1;

const keys = { reporter: 'cloudmon_reporter', target: 'cloudmon_target', since: 'cloudmon_since' } as const;

/** The metadata of an incident of ours. */
export function metaOf({ reading: { target }, incident }: Action, reporterId: string): Said {
  return {
    [keys.reporter]: markText(reporterId),
    [keys.target]: targetText(target),
    [keys.since]: rfc3339(incident.sinceMs),
  };
}

/** @param meta by name */
export function markOf(meta: Said): Mark | undefined {
  const { [keys.reporter]: reporter, [keys.target]: target, [keys.since]: since } = meta;
  if (typeof reporter !== 'string' || typeof target !== 'string') return undefined;
  return { reporter, target, since: typeof since === 'string' ? since : '' };
}

/** The filter of version 3 for everything of ours. */
export function markFilter(reporterId: string): string {
  return `filter[meta][${keys.reporter}]=${encodeURIComponent(markText(reporterId))}`;
}

export function isOurs({ mark }: CachetIncident, reporterId: string): boolean {
  return mark?.reporter === markText(reporterId);
}

export function isAboutTarget({ mark }: CachetIncident, target: Target): boolean {
  return mark?.target === targetText(target);
}

/** Metadata by name: version 2 tells them in rows. */
export function metaByName(said: unknown): Said {
  if (isSaid(said)) return said;
  const rows = Array.isArray(said) ? said.filter(isSaid) : [];
  return Object.fromEntries(rows.map(({ key, value }) => [String(key), value]));
}

/** How the mark names it. */
export function targetText({ service, environment }: Target): string {
  return `${markText(service)}/${markText(environment)}`;
}

/** Cachet takes a comma in a filter for the end of a value. */
function markText(text: string): string {
  return encodeURIComponent(text);
}
