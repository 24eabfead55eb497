/**
 * Notices when the convertor as a whole is gone, so that 300 targets do not each wait for it.
 *
 * After three transport failures in a row, whichever target they concern, one probe
 * decides: when it is answered the other targets are asked as always, else they have no
 * data in this cycle.
 */
import type { Clock } from '../model/clock.ts';
import type { Failure } from '../model/failure.ts';
import type { Target } from '../model/target.ts';

const failuresMax = 3;

/** Its multiples spread evenly between 0 and 1. */
const goldenRatio = 0.618;

export class Breaker {
  readonly #clock: Clock;
  #failuresInRow = 0;
  #probes = 0;
  /** When a target's newest poll failed on the way: monotonic. */
  readonly #failedMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#failuresInRow >= failuresMax;
  }

  /** @param failure what the poll ended with; undefined when it was answered */
  record(target: Target, failure: Failure | undefined): void {
    if (failure?.isTransport) {
      this.#failuresInRow++;
      this.#failedMs.set(target.key, this.#clock.monotonic());
    } else {
      this.#failuresInRow = 0;
      this.#failedMs.delete(target.key);
    }
  }

  /**
   * Targets in the order in which to ask: those that failed go last, the most recent failure
   * at the end, so a few services that hang cannot starve the others behind them. While a
   * probe decides, it starts at another place each time: a block that hangs is left behind.
   */
  order(targets: readonly Target[]): readonly Target[] {
    if (this.#failedMs.size === 0) return targets;
    const failedMs = ({ key }: Target) => this.#failedMs.get(key);
    const failed = targets.filter((target) => failedMs(target) !== undefined);
    const others = targets.filter((target) => failedMs(target) === undefined);
    if (this.isOpen) this.#probes++;
    const start = Math.floor(((this.#probes * goldenRatio) % 1) * others.length);
    failed.sort((a, b) => (failedMs(a) ?? 0) - (failedMs(b) ?? 0));
    return [...others.slice(start), ...others.slice(0, start), ...failed];
  }
}
