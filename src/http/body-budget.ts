/**
 * The bytes of large bodies that a listener holds at once, over all its connections.
 *
 * Small ones need no room here: there are no more of them than connections, and they are taken however
 * many large ones are under way.
 */
import { limits } from '../model/limits.ts';

export class BodyBudget {
  #heldBytes = 0;
  /** Memory of bodies that were taken, for those to come: else much of it would wait to be collected. */
  readonly #spares: Buffer[] = [];
  readonly #relieve: () => void;
  #passedBytes = 0;

  /** @param relieve called when so many bytes have passed that collecting their memory is worth it */
  constructor(relieve: () => void) {
    this.#relieve = relieve;
  }

  /** Undefined where there is no room for it. */
  open(bytes: number): BodyRoom | undefined {
    const room = new BodyRoom((moreBytes) => this.#claim(moreBytes));
    return room.growTo(bytes) ? room : undefined;
  }

  /** So many bytes have come, whether anybody wanted them or not: each took memory beside the heap. */
  passed(bytes: number): void {
    this.#passedBytes += bytes;
    if (this.#passedBytes < limits.bodiesPassedBytes) return;
    this.#passedBytes = 0;
    this.#relieve();
  }

  /** At least so large; what it holds is nobody's. */
  memory(bytes: number): Buffer {
    const at = this.#spares.findIndex(({ length }) => length >= bytes && length <= 4 * bytes);
    const [spare] = at < 0 ? [] : this.#spares.splice(at, 1);
    return spare ?? Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(bytes)));
  }

  /** Nobody looks at it any more. */
  giveBack(memory: Buffer): void {
    const sparesBytes = this.#spares.reduce((sum, { length }) => sum + length, memory.length);
    if (sparesBytes <= limits.spareBodiesBytesMax) this.#spares.push(memory);
  }

  #claim(moreBytes: number): boolean {
    if (this.#heldBytes + moreBytes > limits.bodiesBytesMax) return false;
    this.#heldBytes += moreBytes;
    return true;
  }
}

/** What one body has of it. */
export class BodyRoom {
  readonly #claim: (moreBytes: number) => boolean;
  #bytes = 0;

  constructor(claim: (moreBytes: number) => boolean) {
    this.#claim = claim;
  }

  /** False where there is no room for so many. */
  growTo(bytes: number): boolean {
    if (bytes <= this.#bytes) return true;
    if (!this.#claim(bytes - this.#bytes)) return false;
    this.#bytes = bytes;
    return true;
  }

  /** May be called more than once. */
  release(): void {
    this.#claim(-this.#bytes);
    this.#bytes = 0;
  }
}
