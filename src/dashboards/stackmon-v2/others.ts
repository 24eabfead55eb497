/** Other targets that are the same component of the dashboard, which is as bad as the worst of them. */
import type { Told } from '../../model/dashboard.ts';
import { impactOf, type Located } from './desk.ts';
import type { StackmonV2Settings } from './settings.ts';

/** What is told of it, and is not over. */
export type Other = {
  readonly service: string;
  readonly impact: number;
  /** Of the event that it was told in. */
  readonly reference: string | undefined;
};

export type OthersOf = (located: Located) => readonly Other[];

/** @param numberOf undefined where the dashboard has no such component */
export function othersOf(
  told: readonly Told[],
  located: readonly Located[],
  numberOf: (target: Told['target']) => number | undefined,
  settings: Pick<StackmonV2Settings, 'severity'>,
): OthersOf {
  const telling = new Map(located.map((each) => [each.telling.action.reading.target.key, each.telling]));
  const onComponent = new Map<number, (Other & { readonly key: string })[]>();
  for (const { target, status, reference } of told) {
    const now = telling.get(target.key);
    const component = numberOf(target);
    if (component === undefined || now?.action.type === 'close') continue;
    const impact = now ? impactOf(now, { settings }) : settings.severity[status];
    const same = onComponent.get(component) ?? [];
    same.push({ key: target.key, service: target.service, impact, reference });
    onComponent.set(component, same);
  }
  return ({ telling: { action }, component }) =>
    (onComponent.get(component) ?? []).filter(({ key }) => key !== action.reading.target.key);
}
