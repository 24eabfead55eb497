/** The keys of the kind `console`: prints what happens, for trying things out. */
import type { AlarmStatus } from '../../model/status.ts';
import type { DashboardSettings } from '../settings.ts';

export type ConsoleSettings = DashboardSettings & {
  readonly kind: 'console';
  /** The word printed for each status. */
  readonly severity: Readonly<Record<AlarmStatus, string>>;
};
