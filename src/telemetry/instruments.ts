/**
 * Everything that is measured, by name: docs/metrics.md explains each.
 *
 * Label values come from the configuration and from closed lists, never from a peer.
 */

import type { Family, Snapshot } from '../exposition/family.ts';
import { InstrumentRegistry } from './instruments-registry.ts';
import { registerProgram, registerState, type StateParts } from './instruments-state.ts';
import { Work } from './instruments-work.ts';
import type { Scene } from './scene.ts';
import type { Witness } from './witness.ts';

export type Instruments = {
  readonly witness: Partial<Witness>;
  readonly configure: (scene: Scene) => void;
  readonly snapshot: () => Promise<Snapshot>;
};

export type InstrumentParts = StateParts & {
  /** Without a reporter nothing is exposed that speaks of polls and dashboards. */
  readonly reports: boolean;
  /** Instruments that come ready-made. */
  readonly families: () => readonly Family[];
};

export function openInstruments({ reports, families, ...parts }: InstrumentParts): Instruments {
  const registry = new InstrumentRegistry();
  const work = new Work();
  if (reports) {
    work.register(registry);
    registerState(registry, parts);
  }
  registerProgram(registry, parts);
  return {
    witness: work,
    configure: (scene) => work.configure(scene),
    snapshot: async () => [...(await registry.snapshot()), ...families()],
  };
}
