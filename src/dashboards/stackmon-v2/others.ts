/** Other targets that are the same component of the dashboard, which is as bad as the worst of them. */
import type { Beside, Telling, Told } from '../../model/dashboard.ts';
import { Failure } from '../../model/failure.ts';
import type { Target } from '../../model/target.ts';
import type { Settle } from '../one-by-one.ts';
import { impactOf, type Located, type Other, type OthersOf } from './desk.ts';
import type { StackmonV2Settings } from './settings.ts';

/**
 * @param numberOf undefined where the dashboard has no such component
 * @param counts which of those that are being told are still there
 */
export function othersOf(
  told: readonly Told[],
  located: readonly Located[],
  numberOf: (target: Target) => number | undefined,
  settings: Pick<StackmonV2Settings, 'severity'>,
  counts: (telling: Telling) => boolean = ({ action }) => action.type !== 'close',
): OthersOf {
  const onComponent = new Map<number, Other[]>();
  const add = (component: number, other: Other) => {
    const same = onComponent.get(component) ?? [];
    same.push(other);
    onComponent.set(component, same);
  };
  for (const { telling, component } of located) {
    const { action, reference } = telling;
    if (!counts(telling)) continue;
    const isNew = telling.told === undefined;
    const { target } = action.reading;
    add(component, { target, impact: impactOf(telling, { settings }), reference, isNew });
  }
  const isTelling = new Set(located.map(({ telling }) => telling.action.reading.target.key));
  for (const { target, status, reference } of told) {
    const component = isTelling.has(target.key) ? undefined : numberOf(target);
    if (component === undefined) continue;
    add(component, { target, impact: settings.severity[status], reference, isNew: false });
  }
  return ({ telling: { action }, component }) =>
    (onComponent.get(component) ?? []).filter(({ target }) => target.key !== action.reading.target.key);
}

/** Where an event is left, or another one found, the others of its component are there, too. */
export function withOthers(
  settle: Settle,
  located: readonly Located[],
  others: OthersOf,
  { moved }: Pick<Beside, 'moved'>,
): Settle {
  const byTelling = new Map(located.map((each) => [each.telling, each]));
  return (telling, result) => {
    settle(telling, result);
    const each = byTelling.get(telling);
    if (!each || result instanceof Failure || result.reference === undefined) return;
    for (const { target } of others(each)) moved(target, result.reference);
  };
}
