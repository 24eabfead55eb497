/** Makes a whole peer fail for a while, whatever it is asked about. */
import type { Reply } from './reply.ts';

export type FaultLimit = {
  /** Default: until it is set again. */
  readonly times?: number;
  /** Only requests about this service. Default: all. */
  readonly service?: string;
};

export class FaultSwitch<F extends string> {
  #set: { readonly fault: F | Reply; readonly limit: FaultLimit; left: number } | undefined;

  set(fault: F | Reply | undefined, limit: FaultLimit = {}): void {
    this.#set =
      fault === undefined ? undefined : { fault, limit, left: limit.times ?? Number.POSITIVE_INFINITY };
  }

  /** What the next request about `service` gets instead of an answer; counts it. */
  take(service: string): F | Reply | undefined {
    const set = this.#set;
    if (!set || set.left <= 0 || (set.limit.service ?? service) !== service) return undefined;
    set.left--;
    return set.fault;
  }
}
