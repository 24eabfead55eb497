/** What the state says of dashboards as a whole: what others opened there, and whose kind is not known. */
import type { Unowned } from '../model/dashboard.ts';
import type { Undecided } from '../reporter/notices.ts';
import { pairOf } from '../reporter/place.ts';

export type UnownedIncidents = { readonly dashboard: string; readonly incidents: readonly Unowned[] };

export type UndecidedDashboard = { readonly dashboard: string; readonly why: string };

/** What was found on dashboards and is not ours. */
export function unownedIncidents(kept: ReadonlyMap<string, unknown>): readonly UnownedIncidents[] {
  return [...kept].flatMap(([key, value]) => {
    const [what, dashboard] = pairOf(key);
    const isFound = what === 'unowned' && typeof dashboard === 'string' && Array.isArray(value);
    if (!isFound) return [];
    const incidents = value.filter(isUnowned);
    return incidents.length > 0 ? [{ dashboard, incidents }] : [];
  });
}

/** The dashboards that are told nothing, because it is not known yet which kind they are. */
export function undecidedDashboards(kept: ReadonlyMap<string, unknown>): readonly UndecidedDashboard[] {
  return [...kept].flatMap(([key, value]) => {
    const [what, dashboard] = pairOf(key);
    const { why } = (value ?? {}) as Partial<Undecided>;
    const isFound = what === 'undecided' && typeof dashboard === 'string' && typeof why === 'string';
    return isFound ? [{ dashboard, why }] : [];
  });
}

function isUnowned(value: Partial<Unowned> | null): value is Unowned {
  return typeof value?.reference === 'string' && typeof value.title === 'string';
}
