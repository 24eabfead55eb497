/** What the collector knows about the whole. */
import { limits } from '../../model/limits.ts';
import { systemMetrics } from './documented.ts';
import { keyed, labelValue } from './labels.ts';
import type { RecordSample } from './recorded.ts';
import type { SeriesStore } from './store.ts';

const noLabels = keyed({});

export function recordSystem(
  store: SeriesStore,
  record: RecordSample,
  deployments: number,
  timeMs: number,
): void {
  record(systemMetrics.nodes, noLabels, nodesSince(store, timeMs - limits.staleMs), timeMs);
  record(systemMetrics.activeDeployments, noLabels, deployments, timeMs);
}

/** Distinct `node_id`s. */
function nodesSince(store: SeriesStore, sinceMs: number): number {
  const nodes = new Set<string>();
  for (const { name } of store.metrics()) {
    if (!name.startsWith('node_')) continue;
    for (const { labels, latest } of store.select(name)) {
      const node = labelValue(labels, 'node_id');
      if (node !== '' && latest && latest.timeMs >= sinceMs) nodes.add(node);
    }
  }
  return nodes.size;
}
