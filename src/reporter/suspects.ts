/**
 * Whom an attempt tells last: what a dashboard cannot take of one target must not keep it from hearing of the
 * others.
 */
import type { Telling } from '../model/dashboard.ts';
import type { Failure } from '../model/failure.ts';

export class Suspects {
  readonly #keys = new Set<string>();

  /** Those that ended earlier attempts come after the rest. Where nobody else is left, all begin anew. */
  groups(tellings: readonly Telling[]): readonly (readonly Telling[])[] {
    const isSuspect = (telling: Telling) => this.#keys.has(keyOf(telling));
    const trusted = tellings.filter((telling) => !isSuspect(telling));
    if (trusted.length > 0) return [trusted, tellings.filter(isSuspect)];
    this.#keys.clear();
    return [tellings];
  }

  /** Telling it failed, and may work a little later. What says that the dashboard is away is nobody's fault. */
  failed(telling: Telling, { reason, isAmbiguous }: Failure): void {
    if (isAmbiguous || reason === 'failed' || reason === 'timeout') this.#keys.add(keyOf(telling));
  }

  /** It was told, or is not to be told any more. */
  over(telling: Telling): void {
    this.#keys.delete(keyOf(telling));
  }
}

function keyOf({ action }: Telling): string {
  return action.reading.target.key;
}
