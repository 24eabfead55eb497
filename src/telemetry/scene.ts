/** What a configuration puts before the telemetry. */
import type { Target } from '../model/target.ts';

export type DashboardFacts = {
  readonly name: string;
  readonly kind: string;
  readonly mode: 'send' | 'record' | 'paused';
};

export type Scene = {
  readonly pollIntervalMs: number;
  readonly targets: readonly Target[];
  readonly dashboards: readonly DashboardFacts[];
};
