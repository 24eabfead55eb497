/** Who is ill, in one line. */
import { type Html, html } from './html.ts';
import { levelWord, type Standing, worstOf } from './level.ts';
import { countOf } from './number.ts';

const nameLengthMax = 60;

export type NamedStanding = Standing & { readonly name: string };

/** Worst first, then who has no data; the healthy are only counted. */
export function summaryOf(standings: readonly NamedStanding[], namesMax: number): Html {
  if (worstOf(standings) === undefined && !standings.some(({ isRead }) => isRead)) {
    return html`The reporter is starting.`;
  }
  const ill = standings.filter(({ level }) => level !== undefined && level > 0);
  const silent = standings.filter(({ level, isRead }) => level === undefined && isRead);
  const all = [...ill.sort((a, b) => (b.level ?? 0) - (a.level ?? 0)), ...silent];
  if (all.length === 0)
    return html`${standings.length} of ${countOf(standings.length, 'service')} operational.`;
  const names = all
    .slice(0, namesMax)
    .map(({ name, level }, i) => html`${i > 0 ? ' · ' : ''}<bdi>${cut(name)}</bdi>: ${levelWord(level)}`);
  const others = all.length - names.length;
  return html`${names}${others > 0 ? ` · and ${countOf(others, 'other')}` : ''}`;
}

/** One line has room for several names, and the whole of each stands elsewhere. */
function cut(name: string): string {
  return name.length <= nameLengthMax ? name : `${[...name.slice(0, nameLengthMax)].slice(0, -1).join('')}…`;
}
