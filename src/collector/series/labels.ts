/** The labels of a series: what tells it apart from all others of its name. */
import type { Labels } from '../../exposition/family.ts';
import { limits } from '../../model/limits.ts';
import { isLabelName } from './name.ts';

/** Labels with their key: whoever knows it already has saved the work. */
export type Keyed = { readonly key: string; readonly labels: Labels };

export function keyed(labels: Labels): Keyed {
  return { key: labelKey(labels), labels };
}

/**
 * One text for the same labels in any order; an empty value is no label.
 *
 * Lengths stand before texts, so that no odd label is read as two.
 */
export function labelKey(labels: Labels): string {
  let key = '';
  for (const name of sortedNames(labels)) key += keyPart(name, labels[name] as string);
  return key;
}

export function keyPart(name: string, value: string): string {
  return value === '' ? '' : `${name.length}:${name}${value.length}:${value}`;
}

/** A copy that holds on to nothing else; undefined where they cannot be stored. */
export function storedLabels(labels: Labels): Labels | undefined {
  const names = sortedNames(labels).filter((name) => labels[name] !== '');
  if (names.length > limits.labelsMax) return undefined;
  const stored: Record<string, string> = {};
  for (const name of names) {
    const value = labels[name] as string;
    if (!isLabelName(name) || labelValueTrouble(value) !== undefined) return undefined;
    stored[name] = ownText(value);
  }
  return stored;
}

/** Why it cannot be the value of a label, to follow its name. */
export function labelValueTrouble(value: string): string | undefined {
  if (value.length > limits.labelCharactersMax) {
    return `is longer than ${limits.labelCharactersMax} characters`;
  }
  // Two halves of different characters would be printed as the same sign.
  if (/\p{Surrogate}/u.test(value)) return 'holds half a character';
  return value.includes('\0') ? 'holds the character 0' : undefined;
}

/** Nothing where there is none. */
export function labelValue(labels: Labels, name: string): string {
  // Names such as `constructor` are everybody's.
  return Object.hasOwn(labels, name) ? (labels[name] as string) : '';
}

/** A part of a page keeps the whole page in memory; its copy does not. */
export function ownText(text: string): string {
  return Buffer.from(text).toString();
}

export function sortedNames(labels: Labels): readonly string[] {
  const names = Object.keys(labels);
  for (let index = 1; index < names.length; index++) {
    if ((names[index - 1] as string) > (names[index] as string)) return names.sort();
  }
  return names;
}
