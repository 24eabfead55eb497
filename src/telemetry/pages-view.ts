/** What a page is drawn from. */
import type { CollectorFacts } from '../model/collector-facts.ts';
import type { Health } from './health.ts';
import type { Observations } from './observations.ts';

export type View = {
  readonly seen: Observations;
  readonly version: string;
  /** How the reporter in this process is; undefined without one. */
  readonly reporter: Health | undefined;
  /** The collector in this process; undefined without one. */
  readonly collector: CollectorView | undefined;
  /** Shown where the collector listens: its API is one link away. */
  readonly isServer: boolean;
};

export type CollectorView = { readonly facts: CollectorFacts; readonly health: Health };
