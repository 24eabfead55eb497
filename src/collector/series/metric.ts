/** What is known about all series of one name. */
import type { FamilyType, Labels } from '../../exposition/family.ts';
import { labelValue } from './labels.ts';

export type Metric = {
  readonly name: string;
  /** Under whose HELP and TYPE it is printed: `x` for `x_bucket`, `x_sum` and `x_count` of a histogram. */
  readonly family: string;
  /** Untyped where nobody said. */
  readonly type: FamilyType;
  readonly unit: string;
  /** Empty where nobody said what it means. */
  readonly help: string;
};

const parts: Readonly<Record<FamilyType, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['_sum', '_count', ''],
  untyped: [''],
};

/** The family of a sample, by the sample's name; undefined where no family of this type has such a sample. */
export function familyOf(name: string, type: FamilyType): string | undefined {
  const suffix = parts[type].find((part) => name.endsWith(part) && name !== part);
  return suffix === undefined ? undefined : name.slice(0, name.length - suffix.length);
}

/** Whether a family may have a sample of this name. */
export function isPartOf(family: string, type: FamilyType, name: string): boolean {
  return parts[type].some((part) => name === family + part);
}

/** The label whose value has to be a number, or nobody could read what is printed. */
export function boundLabel({ name, family, type }: Metric): 'le' | 'quantile' | undefined {
  if (type === 'histogram' && name === `${family}_bucket`) return 'le';
  return type === 'summary' && name === family ? 'quantile' : undefined;
}

export function hasBound(metric: Metric, labels: Labels): boolean {
  const label = boundLabel(metric);
  if (!label) return true;
  const bound = labelValue(labels, label);
  // A summary without quantiles has its sum and count alone, or what some exporters add.
  if (bound === '') return label === 'quantile';
  return /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf)$/i.test(bound);
}

/**
 * The type to print: untyped, of which nothing is expected, where a name is kept for another type (as
 * promtool's linter has it) or is not a counter's (as OpenMetrics has it).
 *
 * @param isOdd whether a sample has a label or a value that no counter and no gauge may have
 */
export function printedType(name: string, type: FamilyType, isOdd: boolean): FamilyType {
  if (type !== 'counter' && type !== 'gauge') return type;
  const isNamed = type === 'counter' ? name.endsWith('_total') : !/_(?:total|bucket|count|sum)$/.test(name);
  return isNamed && !isOdd ? type : 'untyped';
}

/** Every family has one: linters ask for it. */
export function printedHelp(name: string, help: string): string {
  return help || `Whoever brought ${name} did not say what it means.`;
}
