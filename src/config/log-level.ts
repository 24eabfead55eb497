/** `LOG_LEVEL` and `RUST_LOG`, which say the level where `MP_LOG__LEVEL` does not. */
import { logLevels } from '../app/settings.ts';
import type { Environment } from './environment.ts';
import { at, type LocatedMap, withEntry } from './located.ts';
import type { Problem } from './problem.ts';

const synonyms: Readonly<Record<string, string>> = { warning: 'warn', off: 'silent', critical: 'fatal' };

export function addLogLevel(layer: LocatedMap, env: Environment, problems: Problem[]): LocatedMap {
  if (at(layer, 'log', 'level')) return layer;
  for (const variable of ['LOG_LEVEL', 'RUST_LOG']) {
    const text = env[variable];
    if (!text) continue;
    const level = levelOf(text);
    if (level === undefined) {
      const remedy = `Use one of ${logLevels.join(', ')}`;
      const message = 'holds no level that is known, so it is ignored';
      problems.push({ level: 'warning', where: { env: variable }, key: 'log.level', message, remedy });
      continue;
    }
    const origin = { where: { env: variable }, key: 'log.level' };
    return withEntry(layer, ['log', 'level'], {
      type: 'scalar',
      origin,
      value: level,
      text: level,
      plain: false,
    });
  }
  return layer;
}

/** Rust's form is `level` or a list of `module=level`; the level without a module comes first. */
function levelOf(text: string): string | undefined {
  const parts = text
    .toLowerCase()
    .split(',', 100)
    .map((part) => part.trim());
  const levels = [
    ...parts.filter((part) => !part.includes('=')),
    ...parts.filter((part) => part.includes('=')).map((part) => part.slice(part.lastIndexOf('=') + 1)),
  ].map((word) => synonyms[word] ?? word);
  return levels.find((word) => (logLevels as readonly string[]).includes(word));
}
