/**
 * Keeps the heap small, however the program was started.
 *
 * Its young generation would grow to 32 MiB for what lives for milliseconds, and the optimising
 * compiler takes another 10 for code that mostly waits. Set before anything has grown, these do what they
 * do on the command line; docs/performance.md has the figures.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Of a reporter, which waits most of the time. */
export function keepHeapSmall(): void {
  keepGarbageSmall();
  for (const flag of ['--no-opt', '--no-maglev']) setFlagsFromString(flag);
}

/** Of a collector, which works: it collects sooner. */
export function keepGarbageSmall(): void {
  for (const flag of ['--semi-space-growth-factor=1', '--optimize-for-size']) setFlagsFromString(flag);
}

/** Of a reporter that turns out to have a collector beside it. */
export function letCodeBeOptimised(): void {
  setFlagsFromString('--opt');
}

/** So much more memory beside the heap is worth a look at the young generation. */
const worthBytes = 2_097_152;

/**
 * For who takes large bodies: each is memory beside the heap, which V8 collects when it has become 64 MiB
 * more. A look at the young generation alone takes about a millisecond, and finds most of it.
 *
 * @returns to be called now and then; looks only where there is enough to be found
 */
export function openRelief(): () => void {
  let collect: ((options: { readonly type: 'minor' }) => void) | undefined;
  let keptBytes = 0;
  return () => {
    const { external_memory: bytes } = getHeapStatistics();
    keptBytes = Math.min(keptBytes, bytes);
    if (bytes - keptBytes < worthBytes) return;
    collect ??= collector();
    collect({ type: 'minor' });
    keptBytes = getHeapStatistics().external_memory;
  };
}

/** V8's own, which is shown only to a context that is made while its flag is set. */
function collector(): (options: { readonly type: 'minor' }) => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return collect;
}
