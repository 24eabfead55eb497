/** How the collector is doing, and why: limits that it reached, sources and a data source that fail. */
import type { Clock } from '../model/clock.ts';
import type { CollectorHealth, SourceFacts } from '../model/collector-facts.ts';
import type { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import type { Cap, CollectorJournal } from './journal.ts';

type Reason = CollectorHealth['reasons'][number];

export type Condition = {
  /** Hears what the collector tells the log. */
  readonly journal: CollectorJournal;
  readonly drain: () => void;
  /** The data source may be another one, or none: nothing is known of it. */
  readonly reload: () => void;
  readonly health: (sources: readonly SourceFacts[]) => CollectorHealth;
};

const details: Readonly<Record<Cap, string>> = {
  max_metrics: 'the window is full: the oldest metrics go before their time',
  max_names: 'there are too many distinct names: new ones count as "other"',
  max_series: 'there are too many series: new ones are not recorded',
  max_points: 'there are too many points: series lose their oldest sooner',
  deployments: 'too many services and environments came at once: some were not summed up',
};

export function openCondition(clock: Clock, journal: CollectorJournal): Condition {
  const cappedMs = new Map<Cap, number>();
  let datasource: Failure | undefined;
  let isDraining = false;

  const limitReasons = (): Reason[] => {
    const sinceMs = clock.monotonic() - limits.cappedMs;
    const lately = [...cappedMs].filter(([, atMs]) => atMs >= sinceMs);
    return lately.map(([cap]) => ({ reason: 'limit_reached', detail: details[cap] }));
  };

  return {
    journal: {
      ...journal,
      capped: (cap) => {
        cappedMs.set(cap, clock.monotonic());
        journal.capped(cap);
      },
      datasourceFailed: (failure) => {
        datasource = failure;
        journal.datasourceFailed(failure);
      },
      datasourceRecovered: () => {
        datasource = undefined;
        journal.datasourceRecovered();
      },
    },
    drain: () => {
      isDraining = true;
    },
    reload: () => {
      datasource = undefined;
    },
    health: (sources) => {
      const reasons = [
        ...limitReasons(),
        ...datasourceReasons(datasource),
        ...sources.flatMap(sourceReasons),
      ];
      if (isDraining) {
        const stopping = { reason: 'draining', detail: 'the collector is about to stop' };
        return { status: 'unhealthy', reasons: [stopping, ...reasons] };
      }
      return { status: reasons.length > 0 ? 'degraded' : 'healthy', reasons };
    },
  };
}

function datasourceReasons(failure: Failure | undefined): Reason[] {
  if (!failure) return [];
  const detail = `the data source answers no flags (${failure.reason})`;
  return [{ reason: 'datasource_failing', detail }];
}

function sourceReasons({ name, state, reason }: SourceFacts): Reason[] {
  const isFailing = state === 'failing' || state === 'paused';
  const detail = `source ${name} brings nothing (${reason ?? 'unknown'})`;
  return isFailing ? [{ reason: 'source_failing', detail }] : [];
}
