/**
 * The reporter's memory: how every target stands at every dashboard.
 *
 * A dashboard in mode `record` has a page of its own, so that what was only recorded is
 * never taken for told when it is switched back to `send`.
 */
import type { Action } from '../model/incident.ts';
import type { Policy } from '../model/policy.ts';
import { newStanding, type Standing } from './standing.ts';

type Page = Map<string, Standing>;

export class Ledger {
  readonly #pages = new Map<string, Page>();

  get(policy: Policy, targetKey: string): Standing {
    return this.#page(policy).get(targetKey) ?? newStanding;
  }

  set(policy: Policy, targetKey: string, standing: Standing): void {
    this.#page(policy).set(targetKey, standing);
  }

  /** The dashboard has taken the action. */
  acknowledge(policy: Policy, action: Action, atMs: number): void {
    this.#update(policy, action, (standing) =>
      action.type === 'close'
        ? { ...standing, incident: undefined, told: undefined, doubtedKey: undefined }
        : { ...standing, told: { status: action.status, atMs }, doubtedKey: undefined },
    );
  }

  /** What is read of the target from now on is counted anew, for every dashboard. */
  endStreaks(targetKey: string): void {
    for (const page of this.#pages.values()) {
      const standing = page.get(targetKey);
      if (standing) page.set(targetKey, { ...standing, above: undefined, below: undefined });
    }
  }

  /** Nobody knows whether the dashboard has taken the action: it is told again. */
  doubt(policy: Policy, action: Action): void {
    const doubtedKey = action.idempotencyKey;
    this.#update(policy, action, (standing) => ({ ...standing, doubtedKey }));
  }

  /** Whether an earlier delivery of the very same message ended in doubt. */
  isDoubted(policy: Policy, { incident, idempotencyKey }: Action): boolean {
    return incident.members.some((member) => {
      return this.get(policy, member.key).doubtedKey === idempotencyKey;
    });
  }

  /** Forgets targets and dashboards that are gone. Returns the open incidents that are left as they are. */
  keepOnly(policies: readonly Policy[], targetKeys: ReadonlySet<string>): Standing[] {
    const left: Standing[] = [];
    const names = new Set(
      policies.flatMap((policy) => [
        pageName({ ...policy, mode: 'send' }),
        pageName({ ...policy, mode: 'record' }),
      ]),
    );
    for (const [name, page] of this.#pages) {
      for (const [key, standing] of page) {
        if (names.has(name) && targetKeys.has(key)) continue;
        page.delete(key);
        if (standing.told) left.push(standing);
      }
      if (page.size === 0) this.#pages.delete(name);
    }
    return left;
  }

  #update(policy: Policy, action: Action, change: (standing: Standing) => Standing): void {
    for (const member of action.incident.members) {
      const standing = this.get(policy, member.key);
      if (standing.incident?.id === action.incident.id) this.set(policy, member.key, change(standing));
    }
  }

  #page(policy: Policy): Page {
    const name = pageName(policy);
    const page = this.#pages.get(name) ?? new Map<string, Standing>();
    this.#pages.set(name, page);
    return page;
  }
}

function pageName(policy: Policy): string {
  return JSON.stringify([policy.name, policy.mode === 'record']);
}
