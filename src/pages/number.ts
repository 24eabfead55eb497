/** Counts and sizes, for people. Not by `Intl`, which takes 8 MiB. */

/** `12,345`. */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 target`, `2 targets`: the number is never alone at the end of a line. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)}\u00a0${count === 1 ? one : many}`;
}

/** `once`, `2 times`. */
export function timesOf(count: number): string {
  return count === 1 ? 'once' : countOf(count, 'time');
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
