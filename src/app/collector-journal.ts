/**
 * Writes what the collector does into the log: docs/operating.md explains every line.
 *
 * Seed 000's two lines keep their words, and have their parts as fields.
 */
import type { Cap, CollectorJournal } from '../collector/journal.ts';
import type { Clock } from '../model/clock.ts';
import type { Failure } from '../model/failure.ts';
import type { Log } from './log.ts';
import { Repeats } from './repeats.ts';

export function collectorJournal(log: Log, clock: Clock): CollectorJournal {
  const repeats = new Repeats(clock);
  const noFlags = ({ reason, message, httpStatus }: Failure) => {
    const count = repeats.count('datasource', reason);
    if (count > 0)
      log.warn({ reason, http_status: httpStatus, count }, `No flags from datasource: ${message}`);
  };
  return {
    hearsIngested: () => log.isLevelEnabled('debug'),
    ingested: (metric) => {
      const { service, source_ip = '-', method = '-', path = '-', status_code = '-', latency_ms } = metric;
      const latency = latency_ms === undefined ? '-' : `${latency_ms}ms`;
      log.debug(
        metric,
        `[INGEST] ${service} from ${source_ip} - ${method} ${path} (status: ${status_code}, latency: ${latency})`,
      );
    },
    cleaned: (removed, retained) =>
      log.info({ removed, retained }, `[CLEANUP] Removed ${removed} old metrics, retained ${retained}`),
    capped: (cap) => {
      const count = repeats.count('limits', cap);
      if (count > 0) capLines(log, cap, count)[cap]();
    },
    // One bad query among good ones fails and recovers all the time.
    datasourceFailed: noFlags,
    questionFailed: noFlags,
    datasourceRecovered: () => {
      const count = repeats.count('datasource', 'recovered');
      if (count > 0) log.info({ count }, 'Datasource answers again');
    },
    sourceFailed: (source, { reason, message, httpStatus }) => {
      const count = repeats.count(`source ${source}`, reason);
      if (count === 0) return;
      log.warn({ source, reason, http_status: httpStatus, count }, `No samples from source: ${message}`);
    },
    sourceLacks: (source, { reason, message }) => {
      const count = repeats.count(`source ${source}`, reason);
      if (count > 0) log.warn({ source, reason, count }, `Source brings less than it should: ${message}`);
    },
    sourceRecovered: (source) => {
      repeats.forget(`source ${source}`);
      log.info({ source }, 'Source answers again');
    },
  };
}

/** What follows from a limit that was reached. */
function capLines(log: Log, limit: Cap, count: number): Readonly<Record<Cap, () => void>> {
  return {
    max_metrics: () =>
      log.warn({ limit, count }, 'The window is full: each new metric pushes out the oldest'),
    max_names: () => log.warn({ limit, count }, 'Too many distinct names: new ones count as "other"'),
    max_series: () => log.warn({ limit, count }, 'Too many series: new ones are not recorded'),
    max_points: () => log.warn({ limit, count }, 'Too many points: series lose their oldest sooner'),
    deployments: () =>
      log.warn({ limit, count }, 'Too many services and environments at once: some are not summed up'),
  };
}
