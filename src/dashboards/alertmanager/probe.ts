/** Whether Alertmanager answers, and lets us in. It knows no components. */
import { overLine, type Probe } from '../probe.ts';
import { authorizer } from './access.ts';
import type { AlertmanagerSettings } from './settings.ts';

export const probeAlertmanager: Probe<AlertmanagerSettings> = async (settings, { clock }) => {
  const parts = { settings, secret: settings.bearerToken };
  await overLine(parts, clock, (line, signal) => line.ask('/api/v2/status', authorizer(settings), signal));
  return [];
};
