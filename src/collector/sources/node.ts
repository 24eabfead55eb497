/** This host: how busy its processors, memory, disk and network are. */
import type { Family } from '../../exposition/family.ts';
import { type Clock, sleep } from '../../model/clock.ts';
import { Failure } from '../../model/failure.ts';
import type { Feed } from './feed.ts';
import { cpuTime, interfaceBytes, memoryShare, type NodeReads } from './node-reads.ts';

const metrics = {
  node_cpu_usage: 'How busy all cores were since the last collect, in percent.',
  node_memory_usage: 'Memory in use, in percent.',
  node_disk_usage: 'The root file system in use, in percent, as df tells.',
  node_network_io: 'Bytes received and sent a second since the last collect, without loopback.',
  system_uptime: 'Seconds since the host started.',
} as const;

type Metric = keyof typeof metrics;

/** A metric, and how it is read; undefined where the host does not tell. */
type Part = readonly [Metric, what: string, read: () => Promise<number | undefined>];

export function openNode(timeoutMs: number, reads: NodeReads, clock: Clock): Feed {
  const stopping = new AbortController();
  const fileSystem = oneAtATime(reads.fileSystem);
  const parts: readonly Part[] = [
    ['node_cpu_usage', 'the processors', cpuMeter(reads)],
    ['node_memory_usage', 'the memory', () => memoryUsage(reads)],
    ['node_disk_usage', 'the file system of /', async () => diskUsage(await fileSystem())],
    ['node_network_io', 'the network', networkMeter(reads, clock)],
    ['system_uptime', 'the uptime', async () => reads.uptimeSeconds()],
  ];
  return {
    ask: async () => {
      const deadline = openDeadline(timeoutMs, clock, stopping.signal);
      const results = await Promise.all(parts.map((part) => readPart(part, deadline.reached)));
      deadline.cancel();
      if (stopping.signal.aborted) throw new Failure('source', 'stopped', 'stopped before an answer came');
      const families: Family[] = [];
      const failures: Failure[] = [];
      for (const result of results) {
        if (result instanceof Failure) failures.push(result);
        else if (result) families.push(result);
      }
      const [flaw] = failures;
      if (flaw && families.length === 0) throw flaw;
      return { families, ...(flaw && { flaw }) };
    },
    stop: () => stopping.abort(),
  };
}

function openDeadline(timeoutMs: number, clock: Clock, stopping: AbortSignal) {
  const cancelling = new AbortController();
  const cancel = () => cancelling.abort();
  stopping.addEventListener('abort', cancel, { once: true });
  return {
    reached: sleep(clock, timeoutMs, cancelling.signal),
    cancel: () => {
      stopping.removeEventListener('abort', cancel);
      cancel();
    },
  };
}

/** A part that fails, or hangs, takes nothing from the others. */
async function readPart(
  [metric, what, read]: Part,
  deadline: Promise<void>,
): Promise<Family | Failure | undefined> {
  const failed = (error: unknown) => {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return new Failure('source', 'failed', `${what} cannot be read (${code})`);
  };
  const late = deadline.then(() => new Failure('source', 'timeout', `${what} did not answer in time`));
  const value = await Promise.race([read().catch(failed), late]);
  if (value instanceof Failure) return value;
  // A meter that was read for the first time, or a host that does not tell.
  if (value === undefined || !Number.isFinite(value)) return undefined;
  const samples = [{ name: metric, labels: {}, value }];
  return { name: metric, type: 'gauge', help: metrics[metric], samples };
}

/** A file system that hangs holds one thread of Node's pool for good: the next ask waits for the same one. */
function oneAtATime<T>(read: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= read().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

/** Nothing at first: a mean since the host started says nothing about now. */
function cpuMeter(reads: NodeReads): () => Promise<number | undefined> {
  let before: ReturnType<typeof cpuTime> | undefined;
  return async () => {
    const now = cpuTime(reads.cpus());
    const busyMs = now.busyMs - (before?.busyMs ?? now.busyMs);
    const totalMs = now.totalMs - (before?.totalMs ?? now.totalMs);
    before = now;
    // A core that was switched off took its time with it.
    return totalMs > 0 ? 100 * Math.min(1, Math.max(0, busyMs / totalMs)) : undefined;
  };
}

async function memoryUsage(reads: NodeReads): Promise<number> {
  const { total, free } = reads.memory();
  const meminfo = await reads.meminfo();
  return 100 * ((meminfo === undefined ? undefined : memoryShare(meminfo)) ?? 1 - free / total);
}

/** What is reserved for root is neither used nor free. */
function diskUsage({ blocks, bfree, bavail }: Awaited<ReturnType<NodeReads['fileSystem']>>): number {
  const used = blocks - bfree;
  return (100 * used) / (used + bavail);
}

function networkMeter(reads: NodeReads, clock: Clock): () => Promise<number | undefined> {
  let before: { readonly bytes: ReadonlyMap<string, number>; readonly atMs: number } | undefined;
  return async () => {
    const netDev = await reads.netDev();
    if (netDev === undefined) return undefined;
    const last = before;
    const now = { bytes: interfaceBytes(netDev), atMs: clock.monotonic() };
    before = now;
    if (!last || now.atMs <= last.atMs) return undefined;
    let sum = 0;
    for (const [name, bytes] of now.bytes) {
      // An interface that is new has counted before anybody looked; one that was made anew began at 0.
      const since = last.bytes.get(name) ?? bytes;
      sum += bytes < since ? bytes : bytes - since;
    }
    return (1_000 * sum) / (now.atMs - last.atMs);
  };
}
