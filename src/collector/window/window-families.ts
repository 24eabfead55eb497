/** How full the window is, as instruments of ours. */
import { type Family, oneSample } from '../../exposition/family.ts';
import type { Window } from './window.ts';

export function windowFamilies(window: Window): readonly Family[] {
  return [
    oneSample('gauge', 'cloudmon_collector_window_metrics', 'Pushed metrics that count now.', window.count),
    oneSample(
      'counter',
      'cloudmon_collector_window_evicted_total',
      'Pushed metrics that made room for newer ones before their time.',
      window.evicted,
    ),
  ];
}
