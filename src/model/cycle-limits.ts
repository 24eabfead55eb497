/** The limits of a cycle and of what it hands over. */

export const cycleLimits = {
  /** How long a cycle decides before everything else has its turn, and targets that it looks at in between. */
  cycleSliceMs: 10,
  targetsAtOnce: 50,
  /** Deliveries under way at once to one dashboard. */
  deliveriesMax: 16,
} as const;
