/** The kind `console`: prints each change as one line, for trying things out. */
import { rfc3339 } from '../../model/clock.ts';
import type { Dashboard } from '../../model/dashboard.ts';
import type { Action } from '../../model/incident.ts';
import type { ConsoleSettings } from './settings.ts';

type Print = (text: string) => void;

export function openConsole(settings: ConsoleSettings, { print }: { readonly print: Print }): Dashboard {
  return {
    name: settings.name,
    kind: settings.kind,
    closes: true,
    preview: (action) => ({ target: 'stdout', body: lineOf(action, settings) }),
    tell: async (action) => {
      print(`${lineOf(action, settings)}\n`);
      return 'sent';
    },
    renewSecrets: async () => false,
    stop: () => undefined,
  };
}

/** `2026-01-20T12:00:00Z  OUTAGE     API (api, production)` */
function lineOf(action: Action, settings: ConsoleSettings): string {
  const { target, timeMs } = action.reading;
  const word = action.type === 'close' ? 'recovered' : settings.severity[action.status];
  const place = `${target.component} (${target.service}, ${target.environment})`;
  return `${rfc3339(timeMs)}  ${word.toUpperCase().padEnd(10)} ${place}`;
}
