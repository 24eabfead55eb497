/** What this process has in memory, where it does not matter when somebody collects it. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export const mebibyte = 1_048_576;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What cannot be collected. The memory of buffers is freed elsewhere and later, so only their objects count. */
export function heldBytes(): number {
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external - arrayBuffers;
}

/** The most that it ever had. What was let go of and not collected yet is in it. */
export function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1_024;
}
