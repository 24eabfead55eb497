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
 * @param ours comes first and whole
 */
export function mergedFamilies(ours: Snapshot, others: readonly Family[]): Snapshot {
  const merged: Family[] = [...ours];
  /** Which family has each name that may stand before a sample. */
  const owners = new Map<string, number>();
  const own = (family: Family, place: number) => {
    for (const name of namesOf(family)) owners.set(name, place);
  };
  ours.forEach(own);
  for (const family of others) {
    const place = owners.get(family.name);
    const owner = place === undefined ? undefined : merged[place];
    if (namesOf(family).every((name) => !owners.has(name))) {
      own(family, merged.length);
      merged.push(family);
    } else if (owner && place !== undefined && isOfOneKind(owner, family)) {
      merged[place] = { ...owner, samples: [...owner.samples, ...family.samples] };
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
