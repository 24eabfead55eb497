/**
 * Who may bring something now, decided before anything of it is read.
 *
 * Each address has a bucket of one second's worth. Whoever is let in is charged for one at once, and for
 * the others when it is known how many there are, so a batch may empty the bucket and go into debt: it is
 * taken, and what follows waits. What is refused for what is in it is charged, too: it costs as much to
 * read. What breaks off before it is read stays charged for one.
 */
import type { Page } from '../../http/routes.ts';
import type { Clock } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import type { CollectorSettings } from '../settings.ts';
import { refusal } from './reply.ts';

export type Admission = {
  /** Charges this address for one, or says why nothing is taken from it now: 503 while draining, 429 above its rate. */
  readonly admit: (address: string) => Page | undefined;
  /** What was admitted were so many, 1 at least: what is above its rate has to be waited for. */
  readonly settle: (address: string, count: number) => void;
  /** From now on everybody is refused. */
  readonly drain: () => void;
};

/** @param settings as they are by now: a reload may have changed the rate */
export function openAdmission(settings: () => Pick<CollectorSettings, 'rate'>, clock: Clock): Admission {
  const buckets = new Buckets();
  let isDraining = false;
  return {
    admit: (address) => {
      if (isDraining) return refusal(503, 'the collector is about to stop', 1);
      const { rate } = settings();
      const bucket = buckets.at(address, rate, clock.monotonic());
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return undefined;
      }
      const seconds = Math.ceil((1 - bucket.tokens) / rate);
      return refusal(429, `more than ${rate} a second came from this address`, Math.max(1, seconds));
    },
    settle: (address, count) => {
      buckets.at(address, settings().rate, clock.monotonic()).tokens -= count - 1;
    },
    drain: () => {
      isDraining = true;
    },
  };
}

type Bucket = {
  readonly address: string;
  tokens: number;
  /** When it had them. */
  atMs: number;
  /** In the order in which they were touched. */
  older: Bucket | undefined;
  newer: Bucket | undefined;
};

/**
 * Of each address. A chain keeps their order: taking a key out of a Map and putting it back at its end
 * leaves a gap, and finding the first one behind the gaps takes the longer the more addresses come.
 */
class Buckets {
  readonly #byAddress = new Map<string, Bucket>();
  #oldest: Bucket | undefined;
  #newest: Bucket | undefined;

  /** As full as it is by now: nobody who is forgotten is worse off than who is new. */
  at(address: string, rate: number, nowMs: number): Bucket {
    const known = this.#byAddress.get(address);
    if (!known) return this.#open(address, rate, nowMs);
    known.tokens = Math.min(rate, known.tokens + ((nowMs - known.atMs) * rate) / 1000);
    known.atMs = nowMs;
    if (known !== this.#newest) {
      this.#unlink(known);
      this.#link(known);
    }
    return known;
  }

  #open(address: string, tokens: number, atMs: number): Bucket {
    if (this.#byAddress.size >= limits.ratedAddressesMax && this.#oldest) {
      this.#byAddress.delete(this.#oldest.address);
      this.#unlink(this.#oldest);
    }
    const bucket: Bucket = { address, tokens, atMs, older: undefined, newer: undefined };
    this.#byAddress.set(address, bucket);
    this.#link(bucket);
    return bucket;
  }

  #link(bucket: Bucket): void {
    bucket.older = this.#newest;
    bucket.newer = undefined;
    if (this.#newest) this.#newest.newer = bucket;
    else this.#oldest = bucket;
    this.#newest = bucket;
  }

  #unlink({ older, newer }: Bucket): void {
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
  }
}
