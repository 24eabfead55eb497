/** Seed 002's `/stats`: how full the rings are, and which metrics there are. */
import { json, type Page } from '../../http/routes.ts';
import type { SeriesStore } from './store.ts';

export function statsPage(store: SeriesStore): Page {
  const points = new Map<string, number>();
  const names: string[] = [];
  for (const { name } of store.metrics()) {
    names.push(name);
    let count = 0;
    for (const series of store.select(name)) count += series.count;
    if (count > 0) points.set(name, count);
  }
  return json(200, {
    buffer_stats: Object.fromEntries(points),
    registered_metrics: names,
    total_metrics: names.length,
  });
}
