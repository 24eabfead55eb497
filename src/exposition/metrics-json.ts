/** The snapshot as JSON, for whoever has no Prometheus. What JSON has no number for is text, as in Prometheus. */
import { json, type Page } from '../http/routes.ts';
import { rfc3339 } from '../model/clock.ts';
import type { FamilyType, Snapshot } from './family.ts';
import { printNumber } from './text.ts';

export type Moment = { readonly nowMs: number; readonly uptimeMs: number };

export function jsonMetrics({ nowMs, uptimeMs }: Moment, snapshot: Snapshot): Page {
  return json(200, {
    timestamp: rfc3339(nowMs),
    uptime_seconds: uptimeMs / 1000,
    metrics: snapshot.map(({ name, type, help, samples }) => ({
      name,
      type,
      help,
      // Of a histogram or summary one could not tell its buckets from its sum.
      samples: samples.map(({ name: part, labels, value }) => ({
        ...(hasParts(type) && { name: part }),
        labels,
        value: Number.isFinite(value) ? value : printNumber(value),
      })),
    })),
  });
}

function hasParts(type: FamilyType): boolean {
  return type === 'histogram' || type === 'summary';
}
