/** How full the window is, as instruments of ours. */
import type { Family } from '../../exposition/family.ts';
import type { Window } from './window.ts';

export function windowFamilies(window: Window): readonly Family[] {
  const family = (name: string, type: Family['type'], help: string, value: number): Family => ({
    name,
    type,
    help,
    samples: [{ name, labels: none, value }],
  });
  return [
    family('cloudmon_collector_window_metrics', 'gauge', 'Pushed metrics that count now.', window.count),
    family(
      'cloudmon_collector_window_evicted_total',
      'counter',
      'Pushed metrics that made room for newer ones before their time.',
      window.evicted,
    ),
  ];
}

const none: Readonly<Record<string, string>> = {};
