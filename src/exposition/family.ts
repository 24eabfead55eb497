/** Metrics with their values at one moment: the printers of all formats start from it. */

export type Labels = Readonly<Record<string, string>>;

export type Sample = {
  /** The family's name; of a histogram or summary perhaps with `_bucket`, `_sum` or `_count`. */
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
};

export type FamilyType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';

export type Family = {
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
  readonly samples: readonly Sample[];
};

export type Snapshot = readonly Family[];

/** The labels of who needs none, the same object for ever: printers remember its text. */
export const noLabels: Labels = Object.freeze({});

/** A family of one sample. */
export function oneSample(
  type: FamilyType,
  name: string,
  help: string,
  value: number,
  labels = noLabels,
): Family {
  return { name, type, help, samples: [{ name, labels, value }] };
}
