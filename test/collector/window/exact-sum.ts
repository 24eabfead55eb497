/** What sums are compared with. */

/** The sum as if nothing was ever rounded, then rounded once. Each is 0 or above 1e-40. */
export function exactSum(values: readonly number[]): number {
  return Number(values.reduce((sum, value) => sum + BigInt(value * 2 ** 200), 0n)) / 2 ** 200;
}
