/** The kind `console`: prints each change as one line, for trying things out. */
import { rfc3339 } from '../../model/clock.ts';
import type { SeparateDashboard } from '../../model/dashboard.ts';
import type { Action } from '../../model/incident.ts';
import type { Surroundings } from '../surroundings.ts';
import type { ConsoleSettings } from './settings.ts';

export function openConsole(
  settings: ConsoleSettings,
  { print }: Pick<Surroundings, 'print'>,
): SeparateDashboard {
  return {
    name: settings.name,
    kind: settings.kind,
    tellsTogether: false,
    abilities: { closes: true, lowers: true, attachesEvidence: false, forgets: false },
    preview: (action) => [{ target: 'stdout', body: lineOf(action, settings) }],
    tell: async ({ action }) => {
      print(`${lineOf(action, settings)}\n`);
      return { outcome: 'sent' };
    },
    renewSecrets: async () => false,
    stop: () => undefined,
  };
}

/** `2026-01-20T12:00:00Z  OUTAGE     API (api, production)` */
function lineOf(action: Action, settings: ConsoleSettings): string {
  const { reading, timeMs } = action;
  const { target } = reading;
  const word = action.type === 'close' ? 'recovered' : settings.severity[action.status];
  const place = `${target.component} (${target.service}, ${target.environment})`;
  return `${rfc3339(timeMs)}  ${word.toUpperCase().padEnd(10)} ${place}`;
}
