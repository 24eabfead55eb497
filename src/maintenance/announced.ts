/** Maintenance that somebody else announces, for one service each, everywhere or in one region. */
import { limits } from '../model/limits.ts';
import type { Span } from './recurrence.ts';
import type { MaintenanceWindow, Subject, Windows } from './windows.ts';

export type Announcement = MaintenanceWindow & {
  readonly service: string;
  /** Name of an environment, or a target's attribute `region`. Absent: everywhere. */
  readonly region?: string;
};

export function announcedWindows(list: readonly Announcement[]): Windows {
  const byService = grouped(list, ({ service }) => service);
  const byBeginning = [...list].sort((one, two) => one.fromMs - two.fromMs);
  return {
    around: (target, nowMs) => {
      const open = (byService.get(target.service) ?? []).filter(
        (each) => isAround(each, nowMs) && isAt(each, target),
      );
      const last = open.reduce<Announcement | undefined>(
        (latest, each) => (latest && latest.toMs >= each.toMs ? latest : each),
        undefined,
      );
      return last && windowOf(last);
    },
    between: async (targets, fromMs, toMs, pause) => {
      const targetsOf = grouped(targets, ({ service }) => service);
      const found: (MaintenanceWindow & { readonly target: (typeof targets)[number] })[] = [];
      for (const each of byBeginning) {
        if (found.length >= limits.maintenanceWindowsMax) break;
        if (each.fromMs >= toMs || each.toMs <= fromMs) continue;
        const mine = (targetsOf.get(each.service) ?? []).filter((target) => isAt(each, target));
        found.push(...mine.map((target) => ({ target, ...windowOf(each) })));
        await pause();
      }
      return found.slice(0, limits.maintenanceWindowsMax);
    },
  };
}

/** What any of them says. */
export function joinedWindows(all: readonly Windows[]): Windows {
  return {
    around: (target, nowMs) =>
      all.flatMap(({ around }) => around(target, nowMs) ?? []).sort((one, two) => two.toMs - one.toMs)[0],
    between: async (targets, fromMs, toMs, pause) => {
      const found = await Promise.all(all.map(({ between }) => between(targets, fromMs, toMs, pause)));
      return found
        .flat()
        .sort((one, two) => one.fromMs - two.fromMs)
        .slice(0, limits.maintenanceWindowsMax);
    },
  };
}

function isAround({ fromMs, toMs }: Span, nowMs: number): boolean {
  return fromMs <= nowMs && nowMs < toMs;
}

function isAt({ region }: Announcement, { environment, attributes }: Subject): boolean {
  return region === undefined || region === environment || region === attributes?.['region'];
}

function windowOf({ fromMs, toMs, reason }: Announcement): MaintenanceWindow {
  return { fromMs, toMs, ...(reason !== undefined && { reason }) };
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
