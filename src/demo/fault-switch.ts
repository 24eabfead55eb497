/** Makes a whole peer fail for a while, whatever it is asked about. */
import type { Reply } from './reply.ts';

export type FaultLimit = {
  /** So many requests are answered well before. Default: none. */
  readonly after?: number;
  /** Default: until it is set again. */
  readonly times?: number;
  /** Only requests about this service. Default: all. */
  readonly service?: string;
};

export class FaultSwitch<F extends string> {
  #set: { readonly fault: F | Reply; readonly limit: FaultLimit; spared: number; left: number } | undefined;

  set(fault: F | Reply | undefined, limit: FaultLimit = {}): void {
    const { after: spared = 0, times: left = Number.POSITIVE_INFINITY } = limit;
    this.#set = fault === undefined ? undefined : { fault, limit, spared, left };
  }

  /** What the next request about `service` gets instead of an answer; counts it. */
  take(service: string): F | Reply | undefined {
    const set = this.#set;
    if (!set || set.left <= 0 || (set.limit.service ?? service) !== service) return undefined;
    if (set.spared-- > 0) return undefined;
    set.left--;
    return set.fault;
  }
}
