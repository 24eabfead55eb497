/** Processes that the benchmarks start, and what the kernel says about them. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const { PATH } = process.env;

/** Nothing of this process's environment reaches a measured one: no proxy, no options of node. */
const env = { PATH };

/** Milliseconds that all processes of the machine count alike. */
export function nowMs() {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** `node` with these arguments. Its output is read at once, as a service manager would. */
export function startProcess(args) {
  const startedMs = nowMs();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed.stdout = (printed.stdout + text).slice(-20_000);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    printed.stderr = (printed.stderr + text).slice(-20_000);
  });
  return { startedMs, printed, ...handle(child, 'SIGTERM') };
}

/** A fake peer: it says its URL when it listens, and answers what it has counted whenever it is asked. */
export async function startPeer(path, options) {
  const child = fork(path, [JSON.stringify(options)], {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const peer = handle(child, 'SIGKILL');
  const [{ url }] = await Promise.race([once(child, 'message'), peer.ended.then(() => died(path))]);
  const tally = async () => {
    child.send('tally');
    const [counted] = await once(child, 'message');
    return counted;
  };
  return {
    ...peer,
    url,
    tally,
    /** What it has counted once `isEnough` of it. */
    until: async (isEnough, limitMs = 90_000) => {
      for (const deadlineMs = nowMs() + limitMs; nowMs() < deadlineMs; await sleep(20)) {
        const counted = await tally();
        if (isEnough(counted)) return counted;
      }
      throw new Error(`not enough after ${limitMs} ms: ${JSON.stringify(await tally()).slice(0, 300)}`);
    },
  };
}

function died(path) {
  throw new Error(`${path} ended before it listened`);
}

function handle(child, signal) {
  const ended = once(child, 'exit').then(([code]) => code);
  return {
    pid: child.pid,
    ended,
    stop: async () => {
      if (child.exitCode !== null) return child.exitCode;
      child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), 6_000);
      const code = await ended;
      clearTimeout(late);
      return code;
    },
  };
}

/** User and system time of a process so far; the kernel counts in hundredths of a second. */
export function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident memory in MiB, now and at its highest. */
export function memoryMib(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { now: mib('VmRSS'), peak: mib('VmHWM') };
}

export function openFiles(pid) {
  return readdirSync(`/proc/${pid}/fd`).length;
}
