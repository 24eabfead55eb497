/**
 * The deliveries to one dashboard, as soon as it is known how it is told.
 *
 * Most call `use` at once. A dashboard whose kind is still being found out calls it when that is known, or
 * never: no cycle waits for it.
 */
import type { Deliveries } from './deliveries.ts';

export type Reachable = (use: (deliveries: Deliveries) => void) => void;
