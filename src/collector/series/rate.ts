/** How fast a counter rises. */
import type { Segment } from './ring.ts';

/**
 * A second; undefined where there are fewer than two points.
 *
 * A counter that falls was reset: it has risen by all that it shows by now. Nothing is added for the
 * time before the first point and behind the last one.
 */
export function rateOf(segments: readonly Segment[]): number | undefined {
  let firstMs = Number.NaN;
  let lastMs = Number.NaN;
  let last = Number.NaN;
  let increase = 0;
  for (const { times, values } of segments) {
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as number;
      if (Number.isNaN(value)) continue;
      lastMs = times[index] as number;
      if (Number.isNaN(firstMs)) firstMs = lastMs;
      else increase += value < last ? value : value - last;
      last = value;
    }
  }
  // Also where both are NaN.
  return lastMs > firstMs ? (increase * 1000) / (lastMs - firstMs) : undefined;
}
