/** The data source that is in use: after a reload another one may have its place. */
import type { Clock, Pause } from '../../model/clock.ts';
import type { SeriesStore } from '../series/store.ts';
import type { Datasource } from './datasource.ts';
import { embeddedDatasource } from './embedded.ts';
import { openGraphite } from './graphite.ts';
import type { KnownQueries } from './known-queries.ts';
import { openPrometheusDatasource } from './prometheus.ts';
import type { DatasourceSettings } from './settings.ts';

export type DatasourceParts = {
  readonly store: SeriesStore;
  /** Between two evaluations of a query. */
  readonly stepMs: number;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly queries: KnownQueries;
  /** Tells whether two settings are the same, secrets included, without showing them. */
  readonly fingerprint: (settings: object) => string;
};

export type CurrentDatasource = {
  readonly current: () => Datasource;
  /** The one before answers what it was asked, and ends then, unless nothing changed. */
  readonly reload: (settings: DatasourceSettings) => void;
  readonly stop: () => void;
};

export function openCurrentDatasource(
  started: DatasourceSettings,
  { fingerprint, ...parts }: DatasourceParts,
): CurrentDatasource {
  let mark = fingerprint(started);
  let current = open(started, parts);
  /** With what cancels its end. */
  const former = new Map<Datasource, () => void>();

  function end(datasource: Datasource): void {
    former.get(datasource)?.();
    former.delete(datasource);
    datasource.stop();
  }

  return {
    current: () => current,
    reload: (settings) => {
      const next = fingerprint(settings);
      if (next === mark) return;
      mark = next;
      const before = current;
      const cancel = parts.clock.after(before.timeoutMs, () => end(before));
      former.set(before, cancel);
      current = open(settings, parts);
    },
    stop: () => {
      for (const datasource of [...former.keys(), current]) end(datasource);
    },
  };
}

function open(settings: DatasourceSettings, parts: Omit<DatasourceParts, 'fingerprint'>): Datasource {
  return settings.type === 'embedded'
    ? embeddedDatasource(parts)
    : openRemoteDatasource(settings, parts.stepMs, parts.clock, parts.pause);
}

export function openRemoteDatasource(
  settings: Exclude<DatasourceSettings, { readonly type: 'embedded' }>,
  stepMs: number,
  clock: Clock,
  pause?: Pause,
): Datasource {
  return settings.type === 'graphite'
    ? openGraphite(settings, clock, pause)
    : openPrometheusDatasource(settings, stepMs, clock, pause);
}
