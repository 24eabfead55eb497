/** Decodes the `maintenance` section entry by entry, so that the mistakes of all are told at once. */
import {
  type Maintenance,
  maintenanceEntry,
  maintenanceErrors,
  maintenanceSchema,
  maintenanceWarnings,
} from '../maintenance/settings.ts';
import type { Pause } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import { decodeSection } from './decode.ts';
import { child, isNull, type LocatedMap } from './located.ts';
import type { Problem } from './problem.ts';
import { addWarnings } from './settings-warnings.ts';

/** Undefined where an entry is wrong; then `problems` has grown. */
export async function decodeMaintenance(
  tree: LocatedMap,
  { nowMs, pause }: { readonly nowMs: number; readonly pause: Pause },
  problems: Problem[],
): Promise<readonly Maintenance[] | undefined> {
  const section = child(tree, 'maintenance');
  if (section === undefined || isNull(section)) return [];
  if (section.type !== 'list') return decodeSection(maintenanceSchema, section, problems);
  const { maintenanceMax } = limits;
  if (section.items.length > maintenanceMax) {
    const message = `has ${section.items.length} entries, more than ${maintenanceMax}`;
    problems.push({ level: 'error', ...section.origin, message, remedy: 'Use * and cron to need fewer' });
    return undefined;
  }
  const decoded: Maintenance[] = [];
  for (const item of section.items) {
    const entry = decodeSection(maintenanceEntry, item, problems);
    if (!entry) continue;
    addWarnings(item, maintenanceWarnings(entry, nowMs), problems);
    const errors = await maintenanceErrors(entry);
    addWarnings(item, errors, problems, 'error');
    if (errors.length === 0) decoded.push(entry);
    await pause();
  }
  return decoded.length === section.items.length ? decoded : undefined;
}
