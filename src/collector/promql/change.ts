/** How much a series changed within a time, continued to its ends as Prometheus does. */
import type { Window } from './points.ts';

export function rateOf(window: Window): number {
  const raised = raise(window);
  return raised * (continuation(window, raised, true) / ((window.toMs - window.fromMs) / 1_000));
}

export function increaseOf(window: Window): number {
  const raised = raise(window);
  return raised * continuation(window, raised, true);
}

export function deltaOf(window: Window): number {
  const change = changeOf(window);
  return change * continuation(window, change, false);
}

function changeOf({ points: { values }, first, end }: Window): number {
  return (values[end - 1] as number) - (values[first] as number);
}

/** What a counter had each time before it began anew counts, too. */
function raise(window: Window): number {
  const { resets, values } = window.points;
  while ((resets[window.reset] ?? Number.POSITIVE_INFINITY) <= window.first) window.reset++;
  let sum = changeOf(window);
  for (let index = window.reset; (resets[index] ?? window.end) < window.end; index++) {
    sum += values[(resets[index] as number) - 1] as number;
  }
  return sum;
}

/** How many times the time between the first and the last point the change goes on for. */
function continuation(
  { points, first, end, fromMs, toMs }: Window,
  change: number,
  isCounter: boolean,
): number {
  const firstMs = points.times[first] as number;
  const lastMs = points.times[end - 1] as number;
  const firstValue = points.values[first] as number;
  const sampled = (lastMs - firstMs) / 1_000;
  const average = sampled / (end - first - 1);
  const toEnd = (toMs - lastMs) / 1_000;
  let toStart = (firstMs - fromMs) / 1_000;
  // A counter is never below 0: it is not continued to before it was there.
  if (isCounter && change > 0 && firstValue >= 0) {
    const toZero = sampled * (firstValue / change);
    if (toZero < toStart) toStart = toZero;
  }
  const near = average * 1.1;
  let covered = sampled;
  covered += toStart < near ? toStart : average / 2;
  covered += toEnd < near ? toEnd : average / 2;
  return covered / sampled;
}
