/** The pages for people, and the same as data. */
import type { Routes } from '../http/routes.ts';
import type { Health } from './health.ts';
import type { Observations } from './observations.ts';
import type { Snapshot } from './snapshot.ts';

export type PageParts = {
  readonly seen: Observations;
  readonly health: () => Health;
  readonly snapshot: () => Promise<Snapshot>;
  readonly version: string;
};

export function openPages(_parts: PageParts): Routes {
  return new Map();
}
