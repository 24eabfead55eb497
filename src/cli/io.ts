/** The process as a command sees it: the only home of environment variables, exit and console. */
import { writeSync } from 'node:fs';

export const exitCode = {
  ok: 0,
  failed: 1,
  warnings: 3,
  usage: 64,
  bug: 70,
  badConfiguration: 78,
} as const;

export type Io = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** The code that the process ends with once nothing keeps it alive. */
  readonly setExitCode: (code: number) => void;
  /** Whether people read stdout. */
  readonly terminal: boolean;
};

export const processIo: Io = {
  env: process.env,
  print: (text) => write(1, text),
  printError: (text) => write(2, text),
  setExitCode: (code) => {
    process.exitCode = code;
  },
  terminal: process.stdout.isTTY === true,
};

/** Written at once, so that nothing is lost when the process ends; a reader that left is no error. */
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
