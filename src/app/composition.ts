/** Builds what one configuration asks for out of what outlives it. */
import type { Config } from '../config/config.ts';
import { type Convertor, openConvertor } from '../convertor/client.ts';
import { rateKeeper, type Surroundings } from '../dashboards/surroundings.ts';
import { joinedWindows } from '../maintenance/announced.ts';
import { openMaintenance, type Windows } from '../maintenance/windows.ts';
import type { Clock } from '../model/clock.ts';
import { Absence } from '../reporter/absence.ts';
import { Breaker } from '../reporter/breaker.ts';
import type { CycleParts } from '../reporter/cycle.ts';
import { Ledger } from '../reporter/ledger.ts';
import { UnderMaintenance } from '../reporter/under-maintenance.ts';
import type { Addressee } from './addressee.ts';
import { fingerprint } from './fingerprint.ts';
import type { Keeping } from './keeping.ts';
import { openAddressee } from './open-addressee.ts';
import type { World } from './world.ts';

/** What outlives a reload. */
export type Memory = {
  readonly ledger: Ledger;
  readonly absence: Absence;
  readonly underMaintenance: UnderMaintenance;
  readonly rateOf: Surroundings['rateOf'];
  readonly settleIntents: CycleParts['settleIntents'];
  /** Those that a reload gave up and that have not ended yet, the newest by dashboard name. */
  readonly leaving: Map<string, Addressee>;
};

/** Something that goes on over a reload where its settings are the same. */
type Kept<T> = { readonly value: T; readonly mark: string };

export type Composition = {
  readonly config: Config;
  readonly convertor: Kept<{ readonly client: Convertor; readonly breaker: Breaker }>;
  /** By dashboard name. */
  readonly addressees: ReadonlyMap<string, Kept<Addressee>>;
  readonly maintenance: Promise<Windows>;
  readonly cycle: CycleParts;
};

export function newMemory(clock: Clock, { shelf, kept, settleIntents }: Keeping): Memory {
  return {
    ledger: new Ledger(shelf, kept),
    absence: new Absence(clock),
    underMaintenance: new UnderMaintenance(),
    rateOf: rateKeeper(clock),
    settleIntents,
    leaving: new Map(),
  };
}

/**
 * @param current what is composed last, when it is asked for
 * @param previous its convertor and its dashboards go on where nothing about them changed
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
  const { id: reporterId, pollIntervalMs } = config.reporter;
  const { ledger, rateOf } = memory;
  const addressees = new Map(
    config.dashboards.map((settings) => {
      const { name } = settings;
      const before = previous?.addressees.get(name);
      const kept = keep(before, { settings, maxDataAgeMs, reporterId, pollIntervalMs }, () => {
        const note = (text: string) => journal.noted(name, text);
        const surroundings = { clock, print, reporterId, pollIntervalMs, rateOf, note };
        return openAddressee(
          settings,
          surroundings,
          { ledger, journal, clock, chance, maxDataAgeMs },
          before?.value ?? memory.leaving.get(name),
        );
      });
      return [name, kept];
    }),
  );
  return {
    config,
    convertor,
    addressees,
    maintenance: openMaintenance(config.maintenance),
    cycle: {
      ...memory,
      breaker: convertor.value.breaker,
      settings: config.reporter,
      readHealth: async (target) => {
        const reading = await convertor.value.client.read(target);
        convertor.value.client.maintenances.look();
        return reading;
      },
      dashboards: () => addresseesOf(current()).map(({ reach }) => reach),
      maintenance: () => maintenanceOf(current()),
      journal,
      clock,
    },
  };
}

/** What is configured and what the convertor announces, which may hold up the first cycle for half its time. */
async function maintenanceOf({ config, maintenance, convertor }: Composition): Promise<Windows> {
  const announced = convertor.value.client.maintenances.windows(config.reporter.pollIntervalMs / 2);
  return joinedWindows(await Promise.all([maintenance, announced]));
}

/** Whoever is told by that name again waits until it has ended. */
export function giveUp(name: string, addressee: Addressee, { leaving }: Memory): void {
  leaving.set(name, addressee);
  void addressee.over().then(() => {
    if (leaving.get(name) === addressee) leaving.delete(name);
  });
}

export function addresseesOf(composition: Composition): readonly Addressee[] {
  return [...composition.addressees.values()].map(({ value }) => value);
}

function keep<T>(before: Kept<T> | undefined, settings: object, open: () => T): Kept<T> {
  const mark = fingerprint(settings);
  return before?.mark === mark ? before : { value: open(), mark };
}
