/** The log: pino with our line format, and the guard that every line passes. */
import { type Logger, pino } from 'pino';
import type { Clock } from '../model/clock.ts';
import type { LineGuard } from './line-guard.ts';
import { prettyLine } from './pretty.ts';
import type { LogSettings } from './settings.ts';

export type Log = Logger;

export type LogOutput = {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
};

/** @param guard asked anew for every line, because a reload may bring new secrets */
export function openLog(settings: LogSettings, output: LogOutput, clock: Clock, guard: () => LineGuard): Log {
  const isPretty = settings.format === 'auto' ? output.isTerminal : settings.format === 'pretty';
  return pino(
    {
      level: settings.level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    {
      write: (line: string) => {
        const safe = guard()(line);
        output.write(isPretty ? prettyLine(safe) : safe);
      },
    },
  );
}
