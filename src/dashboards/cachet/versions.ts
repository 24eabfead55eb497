/** The versions of Cachet that are spoken. */
import type { Line } from '../line.ts';
import type { Surroundings } from '../surroundings.ts';
import type { CachetPage } from './page.ts';
import type { CachetSettings } from './settings.ts';
import { openVersion2 } from './version-2.ts';
import { openVersion3 } from './version-3.ts';

export function openPage(
  line: Line,
  settings: CachetSettings,
  surroundings: Pick<Surroundings, 'reporterId' | 'note'>,
): CachetPage {
  const open = settings.version === 2 ? openVersion2 : openVersion3;
  return open(line, settings, surroundings);
}
