/** What a host tells about itself, and how it is read. */
import { readFile, statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem, uptime } from 'node:os';

/** The same for every core; milliseconds since the start. */
type CpuTimes = { readonly idle: number } & Readonly<Record<string, number>>;

type Blocks = { readonly blocks: number; readonly bfree: number; readonly bavail: number };

export type NodeReads = {
  readonly cpus: () => readonly CpuTimes[];
  /** For where /proc/meminfo is not. */
  readonly memory: () => { readonly total: number; readonly free: number };
  readonly uptimeSeconds: () => number;
  /** Of `/`. */
  readonly fileSystem: () => Promise<Blocks>;
  /** The texts of /proc/meminfo and /proc/net/dev; undefined where the system has none. */
  readonly meminfo: () => Promise<string | undefined>;
  readonly netDev: () => Promise<string | undefined>;
};

export const thisNode: NodeReads = {
  cpus: () => cpus().map(({ times }) => times),
  memory: () => ({ total: totalmem(), free: freemem() }),
  uptimeSeconds: uptime,
  fileSystem: () => statfs('/'),
  meminfo: () => textOf('/proc/meminfo'),
  netDev: () => textOf('/proc/net/dev'),
};

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Time of all cores together. */
export function cpuTime(cores: readonly CpuTimes[]): { readonly busyMs: number; readonly totalMs: number } {
  let busyMs = 0;
  let totalMs = 0;
  for (const times of cores) {
    const coreMs = Object.values(times).reduce((sum, ms) => sum + ms, 0);
    totalMs += coreMs;
    busyMs += coreMs - times.idle;
  }
  return { busyMs, totalMs };
}

/** The share of memory in use, from 0 to 1; undefined where the text does not say. */
export function memoryShare(meminfo: string): number | undefined {
  const total = kibibytes(meminfo, /^MemTotal:\s+(\d+) kB$/m);
  const available = kibibytes(meminfo, /^MemAvailable:\s+(\d+) kB$/m);
  return total && available !== undefined ? 1 - available / total : undefined;
}

function kibibytes(meminfo: string, line: RegExp): number | undefined {
  const digits = line.exec(meminfo)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Bytes received plus sent by each interface since it is there, without loopback. */
export function interfaceBytes(netDev: string): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>();
  for (const line of netDev.split('\n')) {
    const colon = line.lastIndexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    const counters = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    const sum = (counters[0] ?? Number.NaN) + (counters[8] ?? Number.NaN);
    if (name !== '' && name !== 'lo' && Number.isFinite(sum)) bytes.set(name, sum);
  }
  return bytes;
}
