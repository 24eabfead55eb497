/** The log level: flag, then MP_LOG__LEVEL, LOG_LEVEL, RUST_LOG, then the file. */
import type { LogSettings } from '../app/settings.ts';
import type { Io } from './io.ts';

type Level = LogSettings['level'];

export const levels: readonly Level[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** @param configured the level of the configuration, which has MP_LOG__LEVEL in it already */
export function logLevel(flag: Level | undefined, env: Io['env'], configured: Level): Level {
  if (flag) return flag;
  if (variable(env, 'MP_LOG__LEVEL')) return configured;
  return levelIn(env['LOG_LEVEL']) ?? levelIn(env['RUST_LOG']) ?? configured;
}

/** RUST_LOG may hold filters, `warn,cloudmon=debug`: the level that stands alone counts. */
function levelIn(text: string | undefined): Level | undefined {
  const words = (text ?? '').toLowerCase().split(',');
  const aliases: Readonly<Record<string, Level>> = { warning: 'warn', off: 'silent' };
  for (const word of words.map((raw) => raw.trim())) {
    const level = aliases[word] ?? levels.find((name) => name === word);
    if (level) return level;
  }
  return undefined;
}

function variable(env: Io['env'], name: string): string | undefined {
  const found = Object.keys(env).find((key) => key.toUpperCase() === name);
  return found && env[found];
}
