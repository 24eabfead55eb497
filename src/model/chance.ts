/** The only home of randomness. */

/** A number from 0 up to, not including, 1. */
export type Chance = () => number;

export const systemChance: Chance = Math.random;

/** For keys: nobody can guess them. */
export function secretBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
