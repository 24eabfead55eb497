/**
 * Keeps the heap small, however the program was started.
 *
 * Its young generation would grow to 32 MiB for what lives for milliseconds, and the optimising
 * compiler takes another 10 for code that mostly waits. Set before anything has grown, these do what they
 * do on the command line; docs/performance.md has the figures.
 */
import { setFlagsFromString } from 'node:v8';

/** Of a reporter, which waits most of the time. */
export function keepHeapSmall(): void {
  keepYoungSmall();
  for (const flag of ['--optimize-for-size', '--no-opt', '--no-maglev']) setFlagsFromString(flag);
}

/** Of a collector, which works. */
export function keepYoungSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** Of a reporter that turns out to have a collector beside it. */
export function letCodeBeOptimised(): void {
  for (const flag of ['--no-optimize-for-size', '--opt']) setFlagsFromString(flag);
}
