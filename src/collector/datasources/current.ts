/** The data source that is in use: after a reload another one may have its place. */
import type { Clock } from '../../model/clock.ts';
import type { SeriesStore } from '../series/store.ts';
import type { Datasource } from './datasource.ts';
import { embeddedDatasource } from './embedded.ts';
import { openGraphite } from './graphite.ts';
import { openPrometheusDatasource } from './prometheus.ts';
import type { DatasourceSettings } from './settings.ts';

export type DatasourceParts = {
  readonly store: SeriesStore;
  /** Between two evaluations of a query. */
  readonly stepMs: number;
  readonly clock: Clock;
  /** Tells whether two settings are the same, secrets included, without showing them. */
  readonly fingerprint: (settings: object) => string;
};

export type CurrentDatasource = {
  readonly current: () => Datasource;
  /** The one before ends, and with it what was asked of it, unless nothing changed. */
  readonly reload: (settings: DatasourceSettings) => void;
  readonly stop: () => void;
};

export function openCurrentDatasource(
  started: DatasourceSettings,
  { fingerprint, ...parts }: DatasourceParts,
): CurrentDatasource {
  let mark = fingerprint(started);
  let current = open(started, parts);
  return {
    current: () => current,
    reload: (settings) => {
      const next = fingerprint(settings);
      if (next === mark) return;
      mark = next;
      current.stop();
      current = open(settings, parts);
    },
    stop: () => current.stop(),
  };
}

function open(settings: DatasourceSettings, parts: Omit<DatasourceParts, 'fingerprint'>): Datasource {
  return settings.type === 'embedded'
    ? embeddedDatasource(parts)
    : openRemoteDatasource(settings, parts.stepMs, parts.clock);
}

export function openRemoteDatasource(
  settings: Exclude<DatasourceSettings, { readonly type: 'embedded' }>,
  stepMs: number,
  clock: Clock,
): Datasource {
  return settings.type === 'graphite'
    ? openGraphite(settings, clock)
    : openPrometheusDatasource(settings, stepMs, clock);
}
