/**
 * Asks a dashboard now and then which incidents are open there: ours that the ledger does not know of are
 * taken over, those of others are told to the operator and left alone.
 *
 * Our state may have been lost, so this is done before anything else, and again if it fails.
 */
import type { SharedDashboard } from '../model/dashboard.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import type { Target } from '../model/target.ts';
import { isAbout } from '../values/glob.ts';
import type { DeliveryParts } from './delivery.ts';

export class Lookout {
  readonly #parts: DeliveryParts;
  readonly #dashboard: SharedDashboard | undefined;
  #dueMs = Number.NEGATIVE_INFINITY;
  /** For which targets it has been looked. */
  #seen: readonly Target[] | undefined;
  #wanted: readonly Target[] | undefined;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    const { dashboard, policy } = parts;
    this.#dashboard = dashboard.tellsTogether && policy.mode === 'send' ? dashboard : undefined;
  }

  /** Whether the dashboard may show an incident of ours that the ledger does not know of. */
  get mayBeSurprised(): boolean {
    return this.#dashboard !== undefined && this.#parts.policy.adopt !== 'none' && !this.#hasSeen;
  }

  /** @param targets others than before are looked for at once */
  isDue(targets: readonly Target[]): boolean {
    if (!this.#dashboard) return false;
    this.#wanted = targets;
    return !this.#hasSeen || this.#parts.clock.monotonic() >= this.#dueMs;
  }

  /** Where it fails, it stays due. */
  async look(targets: readonly Target[], stop: AbortSignal): Promise<void> {
    const { policy, ledger, journal, clock } = this.#parts;
    if (!this.#dashboard) return;
    try {
      const told = targets.filter((target) => isAbout(policy.match, target));
      const { ours, unowned } = await this.#dashboard.find(told, stop, ledger.known(policy));
      if (policy.adopt !== 'none') for (const found of ours) ledger.adopt(policy, found, clock.now());
      ledger.notices.unowned(policy.name, unowned);
      journal.found(policy.name, unowned);
      this.#seen = targets;
      this.#dueMs = clock.monotonic() + limits.lookMs;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!stop.aborted) journal.noted(policy.name, `what is open there is not known: ${error.message}`);
    }
  }

  get #hasSeen(): boolean {
    return this.#seen !== undefined && this.#seen === this.#wanted;
  }
}
