/** The snapshot as JSON, for whoever has no Prometheus. */
import { json, type Page } from '../http/routes.ts';
import { rfc3339 } from '../model/clock.ts';
import type { Observations } from './observations.ts';
import type { Snapshot } from './snapshot.ts';

export function jsonMetrics({ clock, uptimeMs }: Observations, snapshot: Snapshot): Page {
  return json(200, {
    timestamp: rfc3339(clock.now()),
    uptime_seconds: uptimeMs / 1000,
    metrics: snapshot.map(({ name, type, help, samples }) => ({
      name,
      type,
      help,
      // Of a histogram one could not tell its buckets from its sum.
      samples: type === 'histogram' ? samples : samples.map(({ labels, value }) => ({ labels, value })),
    })),
  });
}
