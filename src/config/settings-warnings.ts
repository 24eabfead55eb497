/** Turns what a feature finds worth a word in its settings into problems with their place. */
import type { SettingsWarning } from '../http/settings.ts';
import { locate } from './decode.ts';
import type { Located } from './located.ts';
import type { Problem } from './problem.ts';

export function addWarnings(
  section: Located,
  warnings: readonly SettingsWarning[],
  problems: Problem[],
  level: Problem['level'] = 'warning',
): void {
  for (const { path, message, remedy } of warnings) {
    const { where, key } = locate(section, path) ?? section.origin;
    problems.push({ level, where, key, message, ...(remedy !== undefined && { remedy }) });
  }
}
