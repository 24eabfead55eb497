/** The quantile of values as Prometheus has it: between two of them where it lies there, NaN below all. */

/** @param sorted ascending, NaN last, as typed arrays sort */
export function quantileOf(share: number, sorted: Float64Array): number {
  const { length } = sorted;
  if (length === 0 || Number.isNaN(share)) return Number.NaN;
  if (share < 0) return Number.NEGATIVE_INFINITY;
  if (share > 1) return Number.POSITIVE_INFINITY;
  let missing = 0;
  while (missing < length && Number.isNaN(sorted[length - 1 - missing])) missing++;
  const at = (rank: number) => (rank < missing ? Number.NaN : (sorted[rank - missing] as number));
  const rank = share * (length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return at(lower) * (1 - weight) + at(upper) * weight;
}
