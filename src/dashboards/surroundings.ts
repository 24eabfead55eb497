/** What a dashboard may use of its surroundings. */
import { createHash } from 'node:crypto';
import { type Budget, Budgets, type Rate } from '../http/rate.ts';
import type { Clock } from '../model/clock.ts';
import type { Secret } from '../model/secret.ts';

export type Surroundings = {
  readonly clock: Clock;
  /** Prints on stdout, for the kind `console`. */
  readonly print: (text: string) => void;
  /** `reporter.id`: marks what is ours. */
  readonly reporterId: string;
  /** From start to start of two cycles: what is kept of a dashboard is asked for anew at most so often. */
  readonly pollIntervalMs: number;
  /** The budget of this dashboard, shared with those that show the same credentials to the same host. */
  readonly rateOf: (
    settings: { readonly url: string; readonly rate?: Budget },
    credential: Secret | undefined,
  ) => Rate | undefined;
  /** Something that an operator should look at, and that fails nothing. Said once a minute at most. */
  readonly note: (text: string) => void;
};

/** What `rateOf` is made of; it outlives a reload. */
export function rateKeeper(clock: Clock): Surroundings['rateOf'] {
  const budgets = new Budgets(clock);
  return ({ url, rate }, credential) => {
    if (!rate) return undefined;
    const shown = credential ? `${new URL(url).origin} ${credential.reveal()}` : url;
    return budgets.of(createHash('sha256').update(shown).digest('base64'), rate);
  };
}
