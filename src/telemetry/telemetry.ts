/** Everything that the program tells about itself, made from what it is told about its work. */
import type { Routes } from '../http/routes.ts';
import type { Clock } from '../model/clock.ts';
import { Observations } from './observations.ts';
import { openProbes } from './probes.ts';
import type { Scene } from './scene.ts';
import type { Witness } from './witness.ts';

/** What only the process knows about itself. */
export type Host = {
  readonly version: string;
  /** Of Node, `v20.19.0`. */
  readonly runtime: string;
  readonly usage: () => {
    readonly residentBytes: number;
    readonly heapBytes: number;
    readonly cpuSeconds: number;
    /** Undefined where the system does not say. */
    readonly openFiles: number | undefined;
  };
};

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
};

export function openTelemetry({ clock }: TelemetryParts): Telemetry {
  const seen = new Observations(clock);
  const probes = openProbes(clock, () => seen.pollIntervalMs);
  return {
    witness: {
      asked: seen.asked,
      read: (reading) => {
        probes.beat();
        seen.read(reading);
      },
      attempted: seen.attempted,
      delivered: seen.delivered,
      cycleDone: (durationMs, readings) => {
        probes.beat();
        probes.cycleDone();
        seen.cycleDone(durationMs, readings);
      },
      cyclesSkipped: seen.cyclesSkipped,
    },
    routes: probes.routes,
    probes: probes.routes,
    configure: (scene) => seen.configure(scene),
    refuseReload: () => {
      seen.isConfigurationBroken = true;
    },
  };
}
