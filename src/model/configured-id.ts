/** The id that the configuration gives a target's component on one dashboard. */
import type { Target } from './target.ts';

/** Undefined where it says nothing: a dashboard may be called as something that every object has. */
export function configuredId({ ids }: Target, dashboard: string): string | undefined {
  return Object.hasOwn(ids, dashboard) ? ids[dashboard] : undefined;
}
