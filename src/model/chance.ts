/** The only home of randomness: a number from 0 up to, not including, 1. */

export type Chance = () => number;

export const systemChance: Chance = Math.random;
