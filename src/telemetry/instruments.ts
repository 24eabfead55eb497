/**
 * Everything that is measured, by name: docs/metrics.md explains each.
 *
 * Label values come from the configuration and from closed lists, never from a peer.
 */

import type { Snapshot } from '../exposition/family.ts';
import { InstrumentRegistry } from './instruments-registry.ts';
import { registerState, type StateParts } from './instruments-state.ts';
import { Work } from './instruments-work.ts';
import type { Scene } from './scene.ts';
import type { Witness } from './witness.ts';

export type Instruments = {
  readonly witness: Witness;
  readonly configure: (scene: Scene) => void;
  readonly snapshot: () => Promise<Snapshot>;
};

export function openInstruments(parts: StateParts): Instruments {
  const registry = new InstrumentRegistry();
  const work = new Work();
  work.register(registry);
  registerState(registry, parts);
  return {
    witness: work,
    configure: (scene) => work.configure(scene),
    snapshot: () => registry.snapshot(),
  };
}
