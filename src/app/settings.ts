/** The `log` section. */
import * as z from 'zod/mini';
import { section } from '../values/facts.ts';
import { word } from '../values/text.ts';

export type LogSettings = {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  readonly format: 'auto' | 'json' | 'pretty';
};

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export const logSchema = section(
  'What is logged, and how.',
  z.strictObject({
    level: z.prefault(word(logLevels, 'The least level that is logged.'), 'info'),
    format: z.prefault(
      word(['auto', 'json', 'pretty'], 'auto: for people on a terminal, one JSON object a line otherwise.'),
      'auto',
    ),
  }),
);
