/** What the state says of dashboards as a whole: what others opened there, and whose kind is not known. */
import type { Unowned } from '../model/dashboard.ts';
import type { Undecided } from '../reporter/notices.ts';
import { pairOf, placeOf } from '../reporter/place.ts';
import { readSaved } from '../reporter/saved.ts';

export type UnownedIncidents = { readonly dashboard: string; readonly incidents: readonly Unowned[] };

export type UndecidedDashboard = { readonly dashboard: string; readonly why: string };

/** What was found on dashboards and is not ours; what was left there as it is is none of these. */
export function unownedIncidents(kept: ReadonlyMap<string, unknown>): readonly UnownedIncidents[] {
  const ours = ourReferences(kept);
  return [...kept].flatMap(([key, value]) => {
    const [what, dashboard] = pairOf(key);
    const isFound = what === 'unowned' && typeof dashboard === 'string' && Array.isArray(value);
    if (!isFound) return [];
    const incidents = value.filter(
      (each) => isUnowned(each) && !ours.has(JSON.stringify([dashboard, each.reference])),
    );
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

/** Of everything that we opened, wherever it stands: a pair of a dashboard and its own id, as JSON. */
function ourReferences(kept: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  return new Set(
    [...kept].flatMap(([key, value]) => {
      const place = placeOf(key);
      const reference = place && !place.isRecord ? readSaved(value)?.reference : undefined;
      return place && reference !== undefined ? [JSON.stringify([place.dashboard, reference])] : [];
    }),
  );
}

function isUnowned(value: Partial<Unowned> | null): value is Unowned {
  return typeof value?.reference === 'string' && typeof value.title === 'string';
}
