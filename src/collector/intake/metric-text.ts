/** What the texts of a metric may be. */

/** Characters of each, as people count them. */
export const textsMax = {
  service: 200,
  environment: 200,
  instance: 200,
  method: 32,
  path: 2_048,
  source_ip: 64,
} as const;

export type TextField = keyof typeof textsMax;

const plain = /^[\x20-\x7e]+$/;
const halfCharacter = /\p{Cs}/u;
const controlCharacter = /\p{Cc}/u;
const lineSeparator = /[\p{Zl}\p{Zp}]/u;

/** What is wrong with it. */
export function textTrouble(text: string, charactersMax: number): string | undefined {
  if (text === '') return 'is empty';
  if (text.length > charactersMax * 2 || (text.length > charactersMax && [...text].length > charactersMax)) {
    return `is longer than ${charactersMax} characters`;
  }
  if (!plain.test(text)) {
    if (halfCharacter.test(text)) return 'contains half a character';
    if (controlCharacter.test(text)) return 'contains a control character';
    if (lineSeparator.test(text)) return 'contains a line separator';
  }
  // Where somebody keeps them as names of an object's fields, it is no field.
  return text === '__proto__' ? 'must not be __proto__' : undefined;
}
