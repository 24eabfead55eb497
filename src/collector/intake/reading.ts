/**
 * Reads all that one request brought, in steps short enough for others to have their turn between them.
 *
 * Every element is looked at, also behind a wrong one: whoever sends a batch learns of all that is
 * wrong with it at once. What is taken is kept by the taker, who drops it where `refusal` says why.
 */
import type { Page } from '../../http/routes.ts';
import { limits } from '../../model/limits.ts';
import { Complaints } from './complaints.ts';
import { bodyTrouble, formOf } from './content.ts';
import { Elements } from './elements.ts';
import { refusal } from './reply.ts';

export type Fields = Readonly<Record<string, unknown>>;

export type Taker = {
  /** An object that came as element `index`: to be complained of, or to be kept. */
  readonly take: (fields: Fields, index: number, complaints: Complaints) => void;
  /** Whoever knows a shorter way. */
  readonly bytes?: {
    /** Where the element that begins there ends; below 0 where it has to be parsed. */
    readonly read: (body: Buffer, start: number) => number;
    /** It did end there, and nothing was wrong with any before it. */
    readonly keep: (start: number) => void;
  };
};

/** About 0.1 ms; ten times that where much is wrong. */
const stepBytes = 8_192;

export class Reading {
  readonly complaints = new Complaints();
  readonly #body: Buffer;
  readonly #taker: Taker;
  /** Absent where nothing of it can be read. */
  readonly #elements: Elements | undefined;

  constructor(contentType: string, body: Buffer, taker: Taker) {
    this.#body = body;
    this.#taker = taker;
    const trouble = bodyTrouble(contentType, body);
    if (trouble === undefined) this.#elements = new Elements(body, formOf(contentType, body));
    else this.complaints.add(0, 'body', trouble);
  }

  /** Reads on for a while: whether there is more. */
  step(): boolean {
    const elements = this.#elements;
    if (!elements) return false;
    const until = elements.at + stepBytes;
    while (elements.next()) {
      if (!this.#took(elements)) this.#parse(elements);
      if (elements.at >= until) return true;
    }
    const { trouble, index } = elements;
    if (trouble !== undefined) this.complaints.add(Math.max(index, 0), 'body', trouble);
    return false;
  }

  /** How many elements there were. */
  get count(): number {
    return this.#elements ? this.#elements.index + 1 : 0;
  }

  get isBatch(): boolean {
    return this.#elements !== undefined && this.#elements.form !== 'one';
  }

  /** What it has cost, in elements: also one that nobody could use, and much text in few of them. */
  get charge(): number {
    return Math.max(1, this.count, Math.floor(this.#body.length / limits.ratedBytes));
  }

  /** Once it is read: why nothing of it may be stored. */
  get refusal(): Page | undefined {
    if (this.#elements?.isTooLarge) {
      return refusal(413, `the object is larger than ${limits.elementBytesMax} bytes`);
    }
    return this.complaints.count > 0 ? this.complaints.page() : undefined;
  }

  #took(elements: Elements): boolean {
    const { bytes } = this.#taker;
    if (!bytes) return false;
    const end = bytes.read(elements.body, elements.start);
    if (end < 0 || !elements.endsAt(end)) return false;
    if (this.complaints.count === 0) bytes.keep(elements.start);
    return true;
  }

  #parse(elements: Elements): void {
    const { index } = elements;
    const complain = (message: string) => this.complaints.add(index, 'body', message);
    const value = elements.parse(complain);
    if (value === undefined) return;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      this.#taker.take(value as Fields, index, this.complaints);
      return;
    }
    const isArrayInLine = elements.form === 'lines' && Array.isArray(value);
    complain(elements.phrase(isArrayInLine ? 'is an array: send application/json' : 'is not an object'));
  }
}

/** @param pause see `pace` */
export async function readAll(reading: Reading, pause: () => Promise<void> | undefined): Promise<void> {
  while (reading.step()) await pause();
}
