/** The process as a command sees it: the only home of environment variables, exit and console. */
import { readdirSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';
import type { Host } from '../telemetry/host.ts';
import { type LineSink, streamSink } from './line-sink.ts';

export const exitCode = {
  ok: 0,
  failed: 1,
  warnings: 3,
  usage: 64,
  bug: 70,
  badConfiguration: 78,
} as const;

export type Io = {
  /** Of this machine, or of the container. */
  readonly nodeName: string;
  readonly host: Host;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is piped in; nothing of it is read before it is asked for. */
  readonly openInput: () => Readable;
  /** Writes at once and waits for the reader: what a command prints is never cut. */
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** Never waits for the reader: what a daemon prints. */
  readonly openSink: (stream: 'stdout' | 'stderr') => LineSink;
  /** The code that the process ends with once nothing keeps it alive. */
  readonly setExitCode: (code: number) => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
  /** Runs `handle` at each of these signals instead of what the system would do. Returns how to undo it. */
  readonly onSignal: (
    signals: readonly NodeJS.Signals[],
    handle: (signal: NodeJS.Signals) => void,
  ) => () => void;
  /** Runs `handle`, and no earlier one, when something was thrown that nobody caught. */
  readonly onCrash: (handle: (error: unknown) => void) => void;
  /** Whether people read it, or type it. */
  readonly isTerminal: (stream: 'stdin' | 'stdout' | 'stderr') => boolean;
  /** How wide the terminal is that shows what is printed; undefined where there is none, or it does not say. */
  readonly columnsCount: () => number | undefined;
};

/** @param version the program's own */
export function processIo(version: string): Io {
  return {
    nodeName: hostname(),
    host: {
      version,
      runtime: process.version,
      residentBytes: () => process.memoryUsage.rss(),
      cpuSeconds: () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1e6;
      },
      openFiles,
    },
    env: process.env,
    openInput: () => process.stdin,
    print: (text) => write(1, text),
    printError: (text) => write(2, text),
    openSink: (stream) => streamSink(process[stream]),
    setExitCode: (code) => {
      process.exitCode = code;
    },
    exit: (code) => process.exit(code),
    onSignal: (signals, handle) => {
      for (const signal of signals) process.on(signal, handle);
      return () => {
        for (const signal of signals) process.off(signal, handle);
      };
    },
    onCrash: (handle) => {
      for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
        process.removeAllListeners(event).on(event, handle);
      }
    },
    isTerminal: (stream) => isatty(['stdin', 'stdout', 'stderr'].indexOf(stream)),
    columnsCount: () => (isatty(1) && process.stdout.columns) || undefined,
  };
}

function openFiles(): number | undefined {
  try {
    // One of them is the folder itself, while it is read.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return undefined;
  }
}

/** A reader that left is no error; one that is slow is waited for. */
function write(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
  }
}
