/**
 * The convertor in a collector: queries over its series, and the health of services, whose flags another
 * data source may answer.
 */
import type { Family } from '../exposition/family.ts';
import type { Intakes, Route, Routes } from '../http/routes.ts';
import type { Windows } from '../maintenance/windows.ts';
import { type Clock, pace } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import { openCurrentDatasource } from './datasources/current.ts';
import { KnownQueries } from './datasources/known-queries.ts';
import { openHealth } from './health/health.ts';
import type { CollectorJournal } from './journal.ts';
import { openQueryApi } from './query-api/query-api.ts';
import type { SeriesStore } from './series/store.ts';
import type { CollectorSettings } from './settings.ts';

export type ConvertorParts = {
  /** As they are by now. */
  readonly settings: () => CollectorSettings;
  readonly store: SeriesStore;
  readonly clock: Clock;
  readonly journal: CollectorJournal;
  readonly fingerprint: (settings: object) => string;
  readonly maintenance: () => Promise<Windows>;
};

export type CollectorConvertor = {
  readonly routes: Routes;
  /** What the reporter of the same process asks. */
  readonly inside: Routes;
  readonly intakes: Intakes;
  readonly families: () => readonly Family[];
  /** The settings have changed. */
  readonly reload: () => void;
  readonly stop: () => void;
};

export function openConvertor({
  settings,
  store,
  fingerprint,
  ...parts
}: ConvertorParts): CollectorConvertor {
  const { collectIntervalMs: stepMs } = settings();
  const queries = openQueryApi({ store, clock: parts.clock });
  const wanted = () => settings().health?.datasource ?? { type: 'embedded' };
  const pause = pace(parts.clock, limits.healthSliceMs);
  const known = new KnownQueries();
  const shared = { store, stepMs, clock: parts.clock, pause, queries: known, fingerprint };
  const datasource = openCurrentDatasource(wanted(), shared);
  const datasourceInside = openCurrentDatasource(wanted(), shared);
  const health = openHealth({
    ...parts,
    rules: () => settings().health,
    datasource: datasource.current,
    datasourceInside: datasourceInside.current,
    stepMs,
    pause,
  });
  return {
    routes: new Map<string, Route>([...queries.routes, ...health.routes]),
    inside: health.inside,
    intakes: queries.intakes,
    families: () => [...queries.families(), ...health.families()],
    reload: () => {
      known.renew();
      datasource.reload(wanted());
      datasourceInside.reload(wanted());
    },
    stop: () => {
      datasource.stop();
      datasourceInside.stop();
      queries.stop();
    },
  };
}
