/** What a page shows as open, asked for once while something is told, and kept true to what is told. */

import type { HttpAnswer } from '../../http/ask.ts';
import { Failure } from '../../model/failure.ts';
import type { Mark, PageIncident } from './incident.ts';
import type { Page } from './page.ts';

export class Sight {
  readonly #page: Page;
  readonly #signal: AbortSignal;
  #open: readonly PageIncident[] | undefined;

  constructor(page: Page, signal: AbortSignal) {
    this.#page = page;
    this.#signal = signal;
  }

  async open(): Promise<readonly PageIncident[]> {
    this.#open ??= await this.#page.unresolved(this.#signal);
    return this.#open;
  }

  /** An incident of ours begins. */
  opened(incident: PageIncident): void {
    this.#open = this.#open && [...this.#open, incident];
  }

  /** What may have been done without an answer is looked at again before the next one is told. */
  async written(answer: Promise<HttpAnswer>): Promise<HttpAnswer> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof Failure && error.isAmbiguous) this.lost();
      throw error;
    }
  }

  /** Nobody knows what the page shows by now. */
  lost(): void {
    this.#open = undefined;
  }

  /** An incident of ours was changed, or ended. */
  changed(id: string, mark: Mark): void {
    const isOpen = mark.targets.some(({ status }) => status > 0);
    this.#open = this.#open?.flatMap((each) =>
      each.id === id ? (isOpen ? [{ ...each, mark }] : []) : [each],
    );
  }
}
