/** The keys of the kind `console`: prints what happens, for trying things out. */
import * as z from 'zod/mini';
import { connectionWarnings } from '../../http/settings.ts';
import type { AlarmStatus } from '../../model/status.ts';
import { section } from '../../values/facts.ts';
import { name } from '../../values/text.ts';
import { baseUrl } from '../../values/url.ts';
import { type DashboardSettings, dashboardKeys, dashboardSettings } from '../settings.ts';
import { perStatus, statusSection } from '../status-keys.ts';

export type ConsoleSettings = DashboardSettings & {
  readonly kind: 'console';
  /** The word printed for each status. */
  readonly severity: Readonly<Record<AlarmStatus, string>>;
};

const defaultSeverity: ConsoleSettings['severity'] = { 1: 'degraded', 2: 'outage', 3: 'critical' };

export const consoleSchema = z.pipe(
  section(
    'Prints what happens, for trying things out.',
    z.strictObject({
      kind: z.literal('console'),
      url: z.exactOptional(baseUrl('Not used: nothing is sent.')),
      severity: statusSection(
        'The word that is printed for each status.',
        () => name('A word.'),
        defaultSeverity,
      ),
      ...dashboardKeys('on_change'),
    }),
    ['kind'],
  ),
  z.transform(
    (keys, context): Omit<ConsoleSettings, 'name'> => ({
      ...dashboardSettings(keys),
      kind: keys.kind,
      url: keys.url ?? '',
      severity: perStatus(keys.severity, defaultSeverity, 'severity', context),
    }),
  ),
);

export const consoleWarnings = connectionWarnings;
