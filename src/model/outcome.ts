/** How a delivery ended. */
import type { Answer } from './dashboard.ts';

/** `superseded`: a newer reading took its place before it was answered. */
export type Outcome = Answer['outcome'] | 'rejected' | 'failed' | 'superseded';

export const outcomes = [
  'sent',
  'known',
  'suppressed',
  'rejected',
  'failed',
  'superseded',
] as const satisfies readonly Outcome[];
