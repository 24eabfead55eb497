/** Who may bring something now, decided before anything of it is read. */
import type { Page } from '../../http/routes.ts';

export type Admission = {
  /** Why nothing is taken from this address now: 503 while draining, 429 above its rate. */
  readonly refuse: (address: string) => Page | undefined;
  /** So many were taken from it: what is above its rate has to be waited for. */
  readonly charge: (address: string, count: number) => void;
  /** From now on everybody is refused. */
  readonly drain: () => void;
};
