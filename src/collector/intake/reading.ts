/**
 * Reads all that one request brought, in steps short enough for others to have their turn between them.
 *
 * It is read on behind a wrong element: whoever sends a batch learns of what is wrong with it at once.
 * What is taken is kept by the taker, who drops it where `refusal` says why.
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
  take(fields: Fields, index: number, complaints: Complaints): void;
  /** Of who can do without parsing: where the element ends that begins there, or below 0. A line has no newline. */
  read?(start: number, isLine: boolean): number;
  /** It does end there, and nothing was wrong with any before it. */
  keep?(start: number): void;
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
      if (this.complaints.isEnough) return false;
      if (elements.at >= until) return true;
    }
    const { trouble, index } = elements;
    if (trouble !== undefined) this.complaints.add(Math.max(index, 0), 'body', trouble);
    return false;
  }

  /** How many elements were read. */
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

  get isRefused(): boolean {
    return this.complaints.count > 0 || this.#elements?.isTooLarge === true;
  }

  /** Once it is read: why nothing of it may be stored. */
  get refusal(): Page | undefined {
    if (this.#elements?.isTooLarge) {
      return refusal(413, `the object is larger than ${limits.elementBytesMax} bytes`);
    }
    return this.isRefused ? this.complaints.page() : undefined;
  }

  #took(elements: Elements): boolean {
    const end = this.#taker.read?.(elements.start, elements.form === 'lines') ?? -1;
    if (end < 0 || !elements.endsAt(end)) return false;
    if (this.complaints.count === 0) this.#taker.keep?.(elements.start);
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
