/** Metrics of ours and those that came from elsewhere on one page, where both may have the same name. */
import type { Family, Sample, Snapshot } from '../exposition/family.ts';

const suffixes = {
  counter: [''],
  gauge: [''],
  untyped: [''],
  histogram: ['', '_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
} as const;

/**
 * A family whose name is taken joins the one that has it, if it is of the same type and no series would
 * come twice. Else it is left out: a page that says two things about one series is refused as a whole.
 *
 * What is called like a part of a histogram or summary is left out, not the whole that it would spoil.
 *
 * @param ours comes first and whole
 */
export function mergedFamilies(ours: Snapshot, others: readonly Family[]): Snapshot {
  /** Which family has each name that may stand before a sample. */
  const owners = new Map<string, Family>();
  const own = (family: Family) => {
    const names = namesOf(family);
    if (names.every((name) => !owners.has(name))) for (const name of names) owners.set(name, family);
  };
  ours.forEach(own);
  const hasParts = (family: Family) => namesOf(family).length > 1;
  others.filter(hasParts).forEach(own);
  others.filter((family) => !hasParts(family)).forEach(own);

  const merged: Family[] = [...ours];
  const places = new Map(ours.map((family, place) => [family, place]));
  for (const family of others) {
    const owner = owners.get(family.name);
    const place = owner && places.get(owner);
    const first = place === undefined ? undefined : merged[place];
    if (owner === family && !first) {
      places.set(family, merged.length);
      merged.push(family);
    } else if (first && place !== undefined && isOfOneKind(first, family)) {
      merged[place] = { ...first, samples: [...first.samples, ...family.samples] };
    }
  }
  return merged;
}

function namesOf({ name, type }: Family): readonly string[] {
  return suffixes[type].map((suffix) => name + suffix);
}

function isOfOneKind(owner: Family, other: Family): boolean {
  if (owner.name !== other.name || owner.type !== other.type) return false;
  const series = new Set(owner.samples.map(seriesOf));
  return other.samples.every((sample) => !series.has(seriesOf(sample)));
}

function seriesOf({ name, labels }: Sample): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}
