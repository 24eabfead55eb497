/**
 * The bytes of large bodies that a listener holds at once, over all its connections.
 *
 * Small ones need no room here: there are no more of them than connections, and they are taken however
 * many large ones are under way.
 */
import { limits } from '../model/limits.ts';

export class BodyBudget {
  #heldBytes = 0;

  /** Undefined where there is no room for it. */
  open(bytes: number): BodyRoom | undefined {
    const room = new BodyRoom((moreBytes) => this.#claim(moreBytes));
    return room.growTo(bytes) ? room : undefined;
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
