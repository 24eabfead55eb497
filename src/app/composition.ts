/** Builds what one configuration asks for out of what outlives it. */
import type { Config } from '../config/config.ts';
import { type Convertor, type ConvertorJournal, openConvertor } from '../convertor/client.ts';
import type { Inside } from '../convertor/inside.ts';
import { openDashboard } from '../dashboards/kinds.ts';
import { rateKeeper, type Surroundings } from '../dashboards/surroundings.ts';
import { openMaintenance, type Windows } from '../maintenance/windows.ts';
import type { Chance } from '../model/chance.ts';
import type { Clock } from '../model/clock.ts';
import { Absence } from '../reporter/absence.ts';
import { Breaker } from '../reporter/breaker.ts';
import type { CycleParts } from '../reporter/cycle.ts';
import { Deliveries } from '../reporter/deliveries.ts';
import type { Journal } from '../reporter/journal.ts';
import { Ledger } from '../reporter/ledger.ts';
import { UnderMaintenance } from '../reporter/under-maintenance.ts';
import type { Host } from '../telemetry/host.ts';
import { fingerprint } from './fingerprint.ts';

export type Diary = Journal & ConvertorJournal;

/** What every configuration is given. */
export type World = {
  /** Of this machine, or of the container. */
  readonly nodeName: string;
  readonly host: Host;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Collects what lived shortly, if that is worth it by now. */
  readonly relieve: () => void;
  readonly journal: Diary;
  /** The convertor in this process, where there is one. */
  readonly inside?: Inside;
  /** Where the kind `console` prints. */
  readonly print: (text: string) => void;
};

/** What outlives a reload. */
export type Memory = {
  readonly ledger: Ledger;
  readonly absence: Absence;
  readonly underMaintenance: UnderMaintenance;
  readonly rateOf: Surroundings['rateOf'];
};

/** Something that goes on over a reload where its settings are the same. */
type Kept<T> = { readonly value: T; readonly mark: string };

export type Composition = {
  readonly config: Config;
  readonly convertor: Kept<{ readonly client: Convertor; readonly breaker: Breaker }>;
  /** By dashboard name. */
  readonly deliveries: ReadonlyMap<string, Kept<Deliveries>>;
  readonly maintenance: Promise<Windows>;
  readonly cycle: CycleParts;
};

export function newMemory(clock: Clock): Memory {
  return {
    ledger: new Ledger({ put: () => undefined }),
    absence: new Absence(clock),
    underMaintenance: new UnderMaintenance(),
    rateOf: rateKeeper(clock),
  };
}

/**
 * @param current what is composed last, when it is asked for
 * @param previous its convertor and its deliveries go on where nothing about them changed
 */
export function compose(
  config: Config,
  memory: Memory,
  world: World,
  current: () => Composition,
  previous?: Composition,
): Composition {
  const { clock, chance, journal, inside, print } = world;
  const { maxDataAgeMs } = config.convertor;

  const convertor = keep(previous?.convertor, config.convertor, () => ({
    client: openConvertor(config.convertor, clock, journal, inside),
    breaker: new Breaker(clock),
  }));
  const deliveries = new Map(
    config.dashboards.map((settings) => {
      const before = previous?.deliveries.get(settings.name);
      const { id, pollIntervalMs } = config.reporter;
      const kept = keep(before, { settings, maxDataAgeMs, id, pollIntervalMs }, () => {
        const dashboard = openDashboard(settings, {
          clock,
          print,
          reporterId: id,
          pollIntervalMs,
          rateOf: memory.rateOf,
          note: (text) => journal.noted(settings.name, text),
        });
        const { ledger } = memory;
        const parts = { dashboard, policy: settings, ledger, journal, clock, chance, maxDataAgeMs };
        return new Deliveries(parts, before?.value);
      });
      return [settings.name, kept];
    }),
  );
  return {
    config,
    convertor,
    deliveries,
    maintenance: openMaintenance(config.maintenance),
    cycle: {
      ...memory,
      settleIntents: async () => undefined,
      breaker: convertor.value.breaker,
      settings: config.reporter,
      readHealth: convertor.value.client.read,
      dashboards: () => dashboardsOf(current()),
      maintenance: () => current().maintenance,
      journal,
      clock,
    },
  };
}

export function dashboardsOf(composition: Composition): readonly Deliveries[] {
  return [...composition.deliveries.values()].map(({ value }) => value);
}

function keep<T>(before: Kept<T> | undefined, settings: object, open: () => T): Kept<T> {
  const mark = fingerprint(settings);
  return before?.mark === mark ? before : { value: open(), mark };
}
