/** Everything that the program tells about itself, made from what it is told about its work. */
import type { Route, Routes } from '../http/routes.ts';
import type { Clock } from '../model/clock.ts';
import { toAll } from '../model/hearing.ts';
import { collectorHealth, collectorHealthPage } from './collector-health.ts';
import type { CollectorParts } from './collector-parts.ts';
import { programHealthPage, reporterHealth, worstHealth } from './health.ts';
import type { Host } from './host.ts';
import { openInstruments } from './instruments.ts';
import { mergedFamilies } from './merged-families.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { Observations } from './observations.ts';
import { openPages } from './pages.ts';
import { openProbes } from './probes.ts';
import type { Scene } from './scene.ts';
import { type Witness, witnessed } from './witness.ts';

export type TelemetryParts = {
  readonly clock: Clock;
  readonly host: Host;
  /** Deliveries under way, by dashboard. */
  readonly inFlight: () => ReadonlyMap<string, number>;
  /** Whether a reporter runs in this process: without one there are no cycles to be late. */
  readonly reports: boolean;
  /** Of the collector in this process, where one runs. */
  readonly collector?: CollectorParts;
};

export type Telemetry = {
  readonly witness: Witness;
  readonly routes: Routes;
  /** The part of `routes` that orchestrators ask. */
  readonly probes: Routes;
  /** The same pages for where the collector listens; empty without one. */
  readonly serverRoutes: () => Routes;
  /** A configuration is in effect. */
  readonly configure: (scene: Scene) => void;
  /** A reload was refused. */
  readonly refuseReload: () => void;
  /** The program is about to end: it is not ready any more. */
  readonly drain: () => void;
};

export function openTelemetry({ clock, host, inFlight, reports, collector }: TelemetryParts): Telemetry {
  const seen = new Observations(clock);
  const probes = openProbes(
    clock,
    () => (reports ? seen.pollIntervalMs : undefined),
    () => seen.neverDecided,
  );
  const healths = {
    reporter: reports ? () => reporterHealth(seen) : undefined,
    collector: collector && (() => collectorHealth(collector.facts(), seen)),
  };
  const health = () => worstHealth([healths.reporter, healths.collector].flatMap((one) => one?.() ?? []));
  const families = collector?.families ?? (() => []);
  const instruments = openInstruments({ seen, health, host, inFlight, reports, families });
  const { snapshot, witness: work } = instruments;
  const pages = { seen, snapshot, version: host.version, reporter: healths.reporter, collector };

  const serverRoutes = ({ facts, printable }: CollectorParts): Routes =>
    new Map<string, Route>([
      ...openPages({ ...pages, isServer: true }),
      ...metricsRoutes({
        seen,
        snapshot: async () => mergedFamilies(await snapshot(), printable()),
        isTextOnly: true,
        // Printing takes about twice as long, and who has just pushed a sample looks for it here.
        restFactor: 25,
      }),
      ['/health', () => collectorHealthPage(facts(), seen)],
      ...probes.routes,
    ]);

  return {
    witness: toAll(witnessed, [probes.witness, seen, work]),
    routes: new Map<string, Route>([
      ...openPages({ ...pages, isServer: false }),
      // Printing takes about four times as long as the snapshot does.
      ...metricsRoutes({ seen, snapshot, isTextOnly: false, restFactor: 100 }),
      ['/health', () => programHealthPage(health(), seen, host.version)],
      ...probes.routes,
    ]),
    probes: probes.routes,
    serverRoutes: () => (collector ? serverRoutes(collector) : new Map()),
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
