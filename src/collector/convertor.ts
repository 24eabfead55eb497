/**
 * The convertor in a collector: queries over its series, and the health of services, whose flags another
 * data source may answer.
 */
import type { Family } from '../exposition/family.ts';
import type { Intakes, Route, Routes } from '../http/routes.ts';
import type { Windows } from '../maintenance/windows.ts';
import type { Clock } from '../model/clock.ts';
import { openCurrentDatasource } from './datasources/current.ts';
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
  const datasource = openCurrentDatasource(wanted(), { store, stepMs, clock: parts.clock, fingerprint });
  const health = openHealth({
    ...parts,
    rules: () => settings().health,
    datasource: datasource.current,
    stepMs,
  });
  return {
    routes: new Map<string, Route>([...queries.routes, ...health.routes]),
    intakes: queries.intakes,
    families: () => [...queries.families(), ...health.families()],
    reload: () => datasource.reload(wanted()),
    stop: () => {
      datasource.stop();
      queries.stop();
    },
  };
}
