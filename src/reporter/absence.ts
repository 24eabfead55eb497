/** Turns a long silence about a target into the status that its `absent` setting asks for. */
import type { Clock } from '../model/clock.ts';
import type { Reading } from '../model/reading.ts';

export class Absence {
  readonly #clock: Clock;
  /** When a target was last heard of, or first asked about: monotonic. */
  readonly #heardMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The reading itself, or, where no data has lasted for `absent.after`, one with `absent.status`. */
  apply(reading: Reading): Reading {
    const { absent, key } = reading.target;
    const nowMs = this.#clock.monotonic();
    const heardMs = this.#heardMs.get(key);
    if (reading.status !== undefined || heardMs === undefined) {
      this.#heardMs.set(key, nowMs);
      return reading;
    }
    if (!absent || nowMs - heardMs < absent.afterMs) return reading;
    return {
      target: reading.target,
      status: absent.status,
      timeMs: this.#clock.now(),
      evidence: { matchedExpression: `no data: ${reading.reason}`, triggered: [] },
      insteadOf: reading,
    };
  }

  /** Forgets the targets that are gone. */
  keepOnly(targetKeys: ReadonlySet<string>): void {
    for (const key of this.#heardMs.keys()) {
      if (!targetKeys.has(key)) this.#heardMs.delete(key);
    }
  }
}
