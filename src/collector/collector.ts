/** The collector: what is pushed and what sources say, kept for a while and summed up. */
import type { Family } from '../exposition/family.ts';
import type { Intakes, Routes } from '../http/routes.ts';
import type { Chance } from '../model/chance.ts';
import type { Clock } from '../model/clock.ts';
import type { CollectorJournal } from './journal.ts';
import type { CollectorSettings } from './settings.ts';

export type CollectorContext = {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly journal: CollectorJournal;
  /** Of this machine, or of the container. */
  readonly nodeName: string;
};

export type Collector = {
  readonly routes: Routes;
  readonly intakes: Intakes;
  readonly families: () => readonly Family[];
  readonly printable: () => readonly Family[];
  // biome-ignore lint/suspicious/noExplicitAny: replaced by the real thing in the next commit
  readonly facts: () => any;
  readonly start: () => void;
  readonly reload: (settings: CollectorSettings) => void;
  readonly drain: () => void;
  readonly stop: () => Promise<void>;
};

export function openCollector(_settings: CollectorSettings, _context: CollectorContext): Collector {
  throw new Error('not yet');
}
