/** What is wrong with what came: the first are told, the rest is a number. */
import type { Page } from '../../http/routes.ts';
import { limits } from '../../model/limits.ts';
import { type Complaint, complained, complaintsTold } from './reply.ts';

export class Complaints {
  readonly #told: Complaint[] = [];
  #count = 0;

  add(index: number, field: string, message: string): void {
    if (!this.isFull) this.#told.push({ index, field, message });
    this.#count++;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether nobody reads another one: no trouble need be taken over its words. */
  get isFull(): boolean {
    return this.#told.length >= complaintsTold;
  }

  /** Whether it is not worth to look for others. */
  get isEnough(): boolean {
    return this.#count >= limits.complaintsMax;
  }

  get first(): Complaint | undefined {
    return this.#told[0];
  }

  page(): Page {
    return complained(this.#told, this.#count);
  }
}
