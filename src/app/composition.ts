/** Builds what one configuration asks for out of what outlives it. */
import type { Config } from '../config/config.ts';
import { type Convertor, openConvertor } from '../convertor/client.ts';
import { openDashboard } from '../dashboards/kinds.ts';
import type { Chance } from '../model/chance.ts';
import type { Clock } from '../model/clock.ts';
import { Absence } from '../reporter/absence.ts';
import { Breaker } from '../reporter/breaker.ts';
import type { CycleParts } from '../reporter/cycle.ts';
import { Deliveries } from '../reporter/deliveries.ts';
import type { Journal } from '../reporter/journal.ts';
import { Ledger } from '../reporter/ledger.ts';
import { fingerprint } from './fingerprint.ts';

/** What every configuration is given. */
export type World = {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly journal: Journal;
  /** Where the kind `console` prints. */
  readonly print: (text: string) => void;
};

/** What outlives a reload. */
export type Memory = {
  readonly ledger: Ledger;
  readonly absence: Absence;
};

export type Composition = {
  readonly config: Config;
  readonly convertor: Convertor;
  readonly cycle: CycleParts;
  /** By dashboard name: what is under way, and the settings that it was built from. */
  readonly deliveries: ReadonlyMap<string, { readonly deliveries: Deliveries; readonly settings: string }>;
};

export function newMemory(clock: Clock): Memory {
  return { ledger: new Ledger(), absence: new Absence(clock) };
}

/** @param previous its deliveries to a dashboard go on where nothing about that dashboard changed */
export function compose(config: Config, memory: Memory, world: World, previous?: Composition): Composition {
  const { clock, chance, journal, print } = world;
  const { maxDataAgeMs } = config.convertor;
  const convertor = openConvertor(config.convertor, clock);
  const deliveries = new Map(
    config.dashboards.map((settings) => {
      const mark = fingerprint({ settings, maxDataAgeMs });
      const before = previous?.deliveries.get(settings.name);
      if (before?.settings === mark) return [settings.name, before];
      const dashboard = openDashboard(settings, { clock, print });
      const parts = {
        dashboard,
        policy: settings,
        ledger: memory.ledger,
        journal,
        clock,
        chance,
        maxDataAgeMs,
      };
      return [settings.name, { deliveries: new Deliveries(parts), settings: mark }];
    }),
  );
  return {
    config,
    convertor,
    deliveries,
    cycle: {
      ...memory,
      breaker: new Breaker(clock),
      settings: config.reporter,
      readHealth: convertor.read,
      dashboards: [...deliveries.values()].map((entry) => entry.deliveries),
      journal,
      clock,
    },
  };
}
