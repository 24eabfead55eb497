/** Starts the process that keeps state, alone or below another program, and reads what it says. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../process/program.ts';
import type { Said } from './state-child.ts';

type Line = readonly [said: Said, ...more: unknown[]];

export type StateProcess = {
  readonly lines: readonly Line[];
  /** What follows `said` in each line that begins so. */
  readonly said: (said: Said) => unknown[][];
  /** Once it has said so many of these. */
  readonly until: (said: Said, count: number) => Promise<void>;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly kill: () => Promise<void>;
  readonly ended: Promise<void>;
};

/** The child as one file. */
export async function builtChild(): Promise<string> {
  const outfile = join(temporaryFolder(), 'child.mjs');
  await build({
    entryPoints: ['test/real/state-child.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    logLevel: 'warning',
  });
  return outfile;
}

/** @param below a program with its arguments that starts it, such as strace */
export function startState(
  child: string,
  args: readonly unknown[],
  below: readonly string[] = [],
): StateProcess {
  const [program = process.execPath, ...before] = [...below, process.execPath, child];
  const started = spawn(program, [...before, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, so that what is below ends with it.
    detached: true,
  });
  return listenTo(started);
}

function listenTo(started: ChildProcess): StateProcess {
  const lines: Line[] = [];
  let heard: () => void = () => undefined;
  const exit = once(started, 'close');
  if (started.stdout) {
    createInterface(started.stdout).on('line', (line) => {
      lines.push(JSON.parse(line));
      heard();
    });
  }
  const said = (what: Said) => lines.filter(([first]) => first === what).map(([, ...more]) => more);
  const signal = (name: NodeJS.Signals) => {
    const isAlive = started.exitCode === null && started.signalCode === null;
    if (isAlive && started.pid) process.kill(-started.pid, name);
  };
  const kill = async () => {
    signal('SIGKILL');
    await exit;
  };
  onTestFinished(kill);
  return {
    lines,
    said,
    until: (what, count) =>
      new Promise((resolve, reject) => {
        heard = () => said(what).length >= count && resolve();
        heard();
        void exit.then(() => reject(new Error(`it ended before: ${JSON.stringify(lines)}`)));
      }),
    signal,
    kill,
    ended: exit.then(() => undefined),
  };
}
