/** Everything that the program tells about itself, made from what it is told about its work. */

import { wantsOpenMetrics } from '../exposition/accept.ts';
import type { Snapshot } from '../exposition/family.ts';
import { jsonMetrics } from '../exposition/metrics-json.ts';
import { openExposition } from '../exposition/text.ts';
import type { Page, Route, Routes } from '../http/routes.ts';
import type { Clock } from '../model/clock.ts';
import { healthOf, healthPage } from './health.ts';
import type { Host } from './host.ts';
import { openInstruments } from './instruments.ts';
import { Observations } from './observations.ts';
import { openPages } from './pages.ts';
import { openProbes } from './probes.ts';
import type { Scene } from './scene.ts';
import { asBytes, unhurried } from './unhurried.ts';
import { toAll, type Witness } from './witness.ts';

export type TelemetryParts = {
  readonly clock: Clock;
  readonly host: Host;
  /** Deliveries under way, by dashboard. */
  readonly inFlight: () => ReadonlyMap<string, number>;
};

export type Telemetry = {
  readonly witness: Witness;
  readonly routes: Routes;
  /** The part of `routes` that orchestrators ask. */
  readonly probes: Routes;
  /** A configuration is in effect. */
  readonly configure: (scene: Scene) => void;
  /** A reload was refused. */
  readonly refuseReload: () => void;
  /** The program is about to end: it is not ready any more. */
  readonly drain: () => void;
};

export function openTelemetry({ clock, host, inFlight }: TelemetryParts): Telemetry {
  const seen = new Observations(clock);
  const probes = openProbes(clock, () => seen.pollIntervalMs);
  const health = () => healthOf(seen);
  const instruments = openInstruments({ seen, health, host, inFlight });
  const { snapshot, witness: work } = instruments;
  return {
    witness: toAll([probes.witness, seen, work]),
    routes: new Map([
      ...openPages({ seen, health, snapshot, version: host.version }),
      ...metricsRoutes(seen, snapshot),
      ['/health', () => healthPage(seen, host.version)],
      ...probes.routes,
    ]),
    probes: probes.routes,
    configure: (scene) => {
      seen.configure(scene);
      instruments.configure(scene);
    },
    refuseReload: () => {
      seen.isConfigurationBroken = true;
    },
    drain: probes.drain,
  };
}

/**
 * All formats of one snapshot: one that were older than another would show counters that fall to who
 * asks for both.
 */
function metricsRoutes(seen: Observations, snapshot: () => Promise<Snapshot>): Routes {
  const { text, openMetrics } = openExposition();
  const json = (taken: Snapshot) => jsonMetrics({ nowMs: seen.clock.now(), uptimeMs: seen.uptimeMs }, taken);
  // Printing takes about four times as long as the snapshot does.
  const newest = unhurried(seen.clock, snapshot, 100);
  const printed = new WeakMap<Snapshot, Map<Print, Page>>();

  async function page(print: Print): Promise<Page> {
    const taken = await newest();
    const pages = printed.get(taken) ?? new Map<Print, Page>();
    printed.set(taken, pages);
    const known = pages.get(print) ?? asBytes(print(taken));
    pages.set(print, known);
    return known;
  }

  return new Map<string, Route>([
    ['/metrics', ({ accept }) => page(wantsOpenMetrics(accept) ? openMetrics : text)],
    ['/metrics/json', () => page(json)],
  ]);
}

type Print = (snapshot: Snapshot) => Page;
