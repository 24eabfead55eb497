/** Labels that are kept, and labels that are left out: what `by`, `without`, `on` and `ignoring` mean. */
import type { Labels } from '../../exposition/family.ts';
import { keyPart, sortedNames } from '../series/labels.ts';
import type { Identity } from './row.ts';
import type { Grouping } from './syntax.ts';

export type Sieve = {
  /** What is left of it; the metric's name only where it is asked for. */
  readonly rest: (identity: Identity) => Identity;
  /** The same for all of which the same is left. */
  readonly keyOf: (identity: Identity) => string;
};

export function sieveOf({ isOnly, labels: names }: Grouping): Sieve {
  const listed: ReadonlySet<string> = new Set(names);
  const keepsName = isOnly && listed.has('__name__');
  const kept = (labels: Labels) => sortedNames(labels).filter((name) => listed.has(name) === isOnly);
  return {
    rest: ({ name, labels }) => ({
      name: keepsName ? name : '',
      labels: Object.fromEntries(kept(labels).map((label) => [label, labels[label] as string])),
    }),
    keyOf: ({ name, labels }) => {
      let key = keepsName ? `${name}\0` : '\0';
      for (const label of kept(labels)) key += keyPart(label, labels[label] as string);
      return key;
    },
  };
}
