/**
 * The targets that are under maintenance, which no dashboard is told about.
 *
 * What was open when it began stays as it is; once it is over, levels are compared as always.
 */
import type { Windows } from '../maintenance/windows.ts';
import type { Target } from '../model/target.ts';
import type { Journal } from './journal.ts';
import type { Notices } from './notices.ts';

export class UnderMaintenance {
  readonly #keys = new Set<string>();

  has(target: Target): boolean {
    return this.#keys.has(target.key);
  }

  /** Looks whether it has begun for some of them, or is over, and writes down what is new; returns whom it has begun for. */
  look(
    targets: readonly Target[],
    { around }: Windows,
    nowMs: number,
    journal: Pick<Journal, 'maintenanceBegan' | 'maintenanceOver'>,
    notices: Pick<Notices, 'held'>,
  ): readonly Target[] {
    const begun: Target[] = [];
    for (const target of targets) {
      const window = around(target, nowMs);
      notices.held(target, window);
      if (window && !this.has(target)) {
        this.#keys.add(target.key);
        begun.push(target);
        journal.maintenanceBegan(target, window);
      } else if (!window && this.#keys.delete(target.key)) {
        journal.maintenanceOver(target);
      }
    }
    return begun;
  }

  /** Forgets the targets that are gone. */
  keepOnly(targetKeys: ReadonlySet<string>): void {
    for (const key of this.#keys) {
      if (!targetKeys.has(key)) this.#keys.delete(key);
    }
  }
}
