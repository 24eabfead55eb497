/** The kinds of dashboard: a new one is a folder and a line here. */
import type { Clock } from '../model/clock.ts';
import type { Dashboard } from '../model/dashboard.ts';
import { openConsole, type Print } from './console/console.ts';
import type { ConsoleSettings } from './console/settings.ts';
import { openIncidents } from './incidents/incidents.ts';
import type { IncidentsSettings } from './incidents/settings.ts';

export type KindSettings = IncidentsSettings | ConsoleSettings;

export function openDashboard(settings: KindSettings, clock: Clock, print: Print): Dashboard {
  switch (settings.kind) {
    case 'incidents':
      return openIncidents(settings, clock);
    case 'console':
      return openConsole(settings, print);
  }
}
