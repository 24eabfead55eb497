/** What a page tells its readers: texts from templates, and the words for how bad it is. */
import type { Action } from '../../model/incident.ts';
import type { AlarmStatus, Status } from '../../model/status.ts';
import { cut, messageFor, titleFor } from '../texts.ts';
import type { ComponentWord, StatuspageSettings } from './settings.ts';

/** Statuspage refuses longer ones. */
const bodyCharactersMax = 25_000;

const impacts: Readonly<Record<ComponentWord, string>> = {
  degraded_performance: 'minor',
  partial_outage: 'major',
  major_outage: 'critical',
};

const well = 'operational';

/** A component's word for a status. */
export function componentWord(status: Status, { severity }: StatuspageSettings): ComponentWord | typeof well {
  return status === 0 ? well : severity[status];
}

/** Mildest first. */
const words: readonly string[] = [
  well,
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
];

export function isMilder(word: string, than: string): boolean {
  return words.indexOf(word) < words.indexOf(than);
}

/** Nothing is worse. */
export function isWorst(word: string): boolean {
  return word === words.at(-1);
}

/** Whether the word for some status is this one. */
export function isWordOfOurs(word: string, { severity }: StatuspageSettings): boolean {
  const ours: readonly string[] = Object.values(severity);
  return ours.includes(word);
}

/** The impact of an incident whose worst target has this status. */
export function impactOf(status: AlarmStatus, { severity }: StatuspageSettings): string {
  return impacts[severity[status]];
}

/** One title for all that begins at the same time. */
export function titleOf(first: Action, all: readonly Action[], settings: StatuspageSettings): string {
  const { target } = first.reading;
  const named = (name: 'component' | 'service' | 'environment') => {
    const names = [...new Set(all.map(({ reading }) => reading.target[name]))];
    const more = names.length > namesMax ? ` and ${names.length - namesMax} more` : '';
    return `${names.slice(0, namesMax).join(', ')}${more}`;
  };
  const together = {
    ...target,
    component: named('component'),
    service: named('service'),
    environment: named('environment'),
  };
  return titleFor({ ...first, reading: { ...first.reading, target: together } }, settings);
}

const namesMax = 5;

/** One line for each target, no line twice. */
export function textFor(actions: readonly Action[], settings: StatuspageSettings): string {
  const lines = new Set(actions.map((action) => messageFor(action, settings)));
  return cut([...lines].join('\n'), bodyCharactersMax);
}
