/** A level: what the pages say about a service, or about several. */
import { type Status, statusWord } from '../model/status.ts';

/** `undefined` is no data. */
export type Level = Status | undefined;

/** The names of the colours in style.ts. */
export type Tone = 'ok' | 'degraded' | 'outage' | 'none';

export const tones: readonly Tone[] = ['ok', 'degraded', 'outage', 'none'];

/** Of a service in an environment. */
export type Standing = {
  readonly level: Level;
  /** Whether it was ever asked about. */
  readonly isRead: boolean;
};

export function levelWord(level: Level): string {
  if (level === undefined) return 'no data';
  return level === 0 ? 'operational' : statusWord(level);
}

export function toneOf(level: Level): Tone {
  if (level === undefined) return 'none';
  if (level === 0) return 'ok';
  return level === 1 ? 'degraded' : 'outage';
}

/** No data is a gap, never an outage: it counts only where nothing is known at all. */
export function worstOf(standings: readonly Standing[]): Level {
  let worst: Level;
  for (const { level } of standings) {
    if (level !== undefined && (worst === undefined || level > worst)) worst = level;
  }
  return worst;
}

/** One line for all of them: the worst decides. */
export function headline(standings: readonly Standing[]): string {
  const worst = worstOf(standings);
  if (worst === undefined) {
    return standings.some(({ isRead }) => isRead) ? 'No data' : 'Waiting for the first readings';
  }
  // What is not known is not called operational.
  if (worst === 0 && standings.some(({ level }) => level === undefined)) return 'No known problem';
  return ['All systems operational', 'Degraded service', 'Outage', 'Critical outage'][worst] ?? '';
}

/** Of the readings with data, those that are no outage: degraded counts as up. Undefined where none has data. */
export function upShareOf(levels: readonly Level[]): number | undefined {
  let known = 0;
  let up = 0;
  for (const level of levels) {
    if (level === undefined) continue;
    known++;
    if (level < 2) up++;
  }
  return known === 0 ? undefined : up / known;
}

/** The rule behind the number, for people. */
export const upShareRule =
  'Percent: readings that were no outage, of those with data; degraded counts as up.';

/** `98.0 %`; 100 and 0 only where it is all or nothing. */
export function percent(share: number | undefined): string {
  if (share === undefined) return '–';
  const rounded = Math.round(share * 1000) / 10;
  const honest = share < 1 && rounded === 100 ? 99.9 : rounded;
  return `${(share > 0 && honest === 0 ? 0.1 : honest).toFixed(1)} %`;
}
