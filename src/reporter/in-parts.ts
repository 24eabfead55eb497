/** Cuts what a cycle has to look at into parts, between which everything else may have its turn. */
import { limits } from '../model/limits.ts';

export function* inParts<T>(all: readonly T[]): Generator<readonly T[]> {
  const size = limits.targetsAtOnce;
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}
