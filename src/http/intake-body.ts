/**
 * Reads what is brought into one buffer, within its limit and the budget of all.
 *
 * What comes in crumbs is copied together as it comes: a body of single bytes would else take two
 * hundred times its size.
 */
import type { IncomingMessage } from 'node:http';
import { limits } from '../model/limits.ts';
import type { BodyBudget, BodyRoom } from './body-budget.ts';

/** What is announced of it: undefined where it comes in chunks. */
type Measure = { readonly bytes: number | undefined; readonly bytesMax: number };

type Reader = {
  /** The body is all there; its room is the reader's until it calls `release`. */
  readonly whole: (body: IntakeBody) => void;
  /** Nothing more is read, and nothing is held. */
  readonly tooLarge: () => void;
  readonly noRoom: () => void;
  /** So many bytes have come of a body that is not small. */
  readonly come: (bytes: number) => void;
};

const none = Buffer.alloc(0);

export class IntakeBody {
  readonly #request: IncomingMessage;
  readonly #measure: Measure;
  readonly #budget: BodyBudget;
  #room: BodyRoom | undefined;
  /** What has come, with room behind it for more. */
  #held: Buffer = none;
  #bytes = 0;

  constructor(request: IncomingMessage, measure: Measure, budget: BodyBudget) {
    this.#request = request;
    this.#measure = measure;
    this.#budget = budget;
  }

  /**
   * Calls `whole`, `tooLarge` or `noRoom` once, and nothing where the body breaks off.
   *
   * @returns false where there is no room from the beginning
   */
  read(reader: Reader): boolean {
    const { bytes } = this.#measure;
    if (bytes !== undefined && !this.#hasRoom(bytes)) {
      reader.noRoom();
      return false;
    }
    const stop = (tell: () => void) => {
      this.#request.off('data', add).off('end', end);
      this.release();
      tell();
    };
    const add = (chunk: Buffer) => {
      if (this.#bytes + chunk.length > this.#measure.bytesMax) stop(reader.tooLarge);
      else if (!this.#add(chunk)) stop(reader.noRoom);
      else if (this.#bytes > limits.requestBytesMax) reader.come(this.#bytes);
    };
    const end = () => {
      this.#request.off('close', this.release);
      reader.whole(this);
    };
    this.#request.on('data', add).on('end', end);
    return true;
  }

  get content(): Buffer {
    return this.#held.length === this.#bytes ? this.#held : this.#held.subarray(0, this.#bytes);
  }

  /** May be called more than once. */
  readonly release = (): void => {
    this.#hold(none);
    this.#bytes = 0;
    this.#room?.release();
  };

  #hold(memory: Buffer): void {
    const before = this.#held;
    this.#held = memory;
    // A chunk is small, and the socket's.
    if (before.length > limits.requestBytesMax) this.#budget.giveBack(before);
  }

  /** False where there is no room for it. */
  #add(chunk: Buffer): boolean {
    const { bytes: announced, bytesMax } = this.#measure;
    const start = this.#bytes;
    const bytes = start + chunk.length;
    this.#budget.passed(chunk.length);
    this.#bytes = bytes;
    // What came at once is handed on as it is.
    if (start === 0) {
      this.#held = chunk;
      return this.#hasRoom(bytes);
    }
    if (this.#held.length < bytes) {
      const size = announced ?? Math.min(bytesMax, 2 ** Math.ceil(Math.log2(bytes)));
      if (!this.#hasRoom(size)) return false;
      const larger = this.#budget.memory(size);
      this.#held.copy(larger, 0, 0, start);
      this.#hold(larger);
    }
    chunk.copy(this.#held, start);
    return true;
  }

  #hasRoom(bytes: number): boolean {
    if (bytes <= limits.requestBytesMax) return true;
    if (this.#room) return this.#room.growTo(bytes);
    this.#room = this.#budget.open(bytes);
    if (this.#room) this.#request.once('close', this.release);
    return this.#room !== undefined;
  }
}
