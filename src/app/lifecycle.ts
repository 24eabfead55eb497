/** Stops what was started, last first, and names what would not stop. */
import type { Log } from './log.ts';

export class Lifecycle {
  readonly #steps: { readonly name: string; readonly stop: () => Promise<void> }[] = [];

  onStop(name: string, stop: () => Promise<void>): void {
    this.#steps.push({ name, stop });
  }

  /** One step's failure does not keep the others from stopping. */
  async stop(log: Log): Promise<void> {
    for (const { name, stop } of this.#steps.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        log.error({ step: name, error: String(error) }, 'Could not stop cleanly');
      }
    }
  }
}
