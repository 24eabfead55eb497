/**
 * Keeps the heap of a reporter small, however it was started.
 *
 * Its young generation would grow to 32 MiB for polls that live for milliseconds, and the
 * optimising compiler takes another 10 for code that mostly waits. Set before anything has
 * grown, these do what they do on the command line; docs/performance.md has the figures.
 */
import { setFlagsFromString } from 'node:v8';

export function keepHeapSmall(): void {
  setFlags('--semi-space-growth-factor=1', '--optimize-for-size', '--no-opt', '--no-maglev');
}

/** For a collector, which works where a reporter waits. */
export function letCodeBeOptimised(): void {
  setFlags('--no-optimize-for-size', '--opt');
}

function setFlags(...flags: readonly string[]): void {
  for (const flag of flags) setFlagsFromString(flag);
}
