/** How a collector is, in words of its own and in those of the documented `GET /health`. */
import type { Page } from '../http/routes.ts';
import type { CollectorFacts } from '../model/collector-facts.ts';
import { configReasons, type Health, healthPage } from './health.ts';
import type { Observations } from './observations.ts';

export function collectorHealth({ health }: CollectorFacts, seen: Observations): Health {
  const broken = configReasons(seen);
  const isDegraded = health.status === 'healthy' && broken.length > 0;
  return {
    status: isDegraded ? 'degraded' : health.status,
    reasons: [...health.reasons, ...broken],
  };
}

export function collectorHealthPage(facts: CollectorFacts, seen: Observations): Page {
  return healthPage(collectorHealth(facts, seen), {
    service: 'reporter',
    metric_count: facts.metrics,
    history_duration: facts.historyText,
  });
}
