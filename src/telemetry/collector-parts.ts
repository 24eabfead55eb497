/** What the telemetry asks of a collector in the same process. */
import type { Family } from '../exposition/family.ts';
import type { CollectorFacts } from '../model/collector-facts.ts';

export type CollectorParts = {
  readonly facts: () => CollectorFacts;
  /** Its own instruments. */
  readonly families: () => readonly Family[];
  /** The newest sample of every series that it holds. */
  readonly printable: () => readonly Family[];
};
