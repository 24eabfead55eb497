/**
 * The reporter's memory: how every target stands at every dashboard.
 *
 * A dashboard in mode `record` has a page of its own, so that what was only recorded is
 * never taken for told when it is switched back to `send`. What a crash must not take away is put
 * on a shelf.
 */
import type { Answer, Found } from '../model/dashboard.ts';
import type { Action } from '../model/incident.ts';
import type { Policy } from '../model/policy.ts';
import { ended, newStanding, type Standing, type Trouble } from './standing.ts';
import { restored, type Saved, saved } from './standing-record.ts';

/** Where a standing is kept over a restart: `value` undefined means that there is nothing to keep. */
export type Shelf = { readonly put: (key: string, value: Saved | undefined) => void };

type Page = Map<string, Standing>;

export class Ledger {
  readonly #pages = new Map<string, Page>();
  readonly #shelf: Shelf;
  /** What the shelf holds, by its key, as text. */
  readonly #shelved = new Map<string, string>();

  /** @param kept what the shelf held when the program started */
  constructor(shelf: Shelf, kept: ReadonlyMap<string, Saved> = new Map()) {
    this.#shelf = shelf;
    for (const [key, value] of kept) {
      const { page, target } = placeOf(key);
      this.#page(page).set(target, restored(value));
    }
  }

  get(policy: Policy, targetKey: string): Standing {
    return this.#page(pageName(policy)).get(targetKey) ?? newStanding;
  }

  set(policy: Policy, targetKey: string, standing: Standing): void {
    this.#set(pageName(policy), targetKey, standing, policy.send === 'every_poll');
  }

  /** The action is handed over: from now on the dashboard may know of it. */
  intend(policy: Policy, action: Action): void {
    const { idempotencyKey: key, type, status } = action;
    this.#update(policy, action, (standing) => ({ ...standing, intended: { key, type, status } }));
  }

  /** The dashboard has taken the action. */
  acknowledge(policy: Policy, action: Action, atMs: number, answer?: Answer): void {
    this.#update(policy, action, (standing) =>
      action.type === 'close'
        ? ended(standing)
        : {
            ...standing,
            told: { status: action.status, atMs },
            reference: answer?.reference ?? standing.reference,
            intended: without(standing.intended, action),
            doubtedKey: undefined,
            trouble: undefined,
          },
    );
  }

  /** Nobody knows whether the dashboard has taken the action: it is told again. */
  doubt(policy: Policy, action: Action): void {
    const doubtedKey = action.idempotencyKey;
    this.#update(policy, action, (standing) => ({ ...standing, doubtedKey }));
  }

  /** The delivery ended without an acknowledgement. */
  giveUp(policy: Policy, action: Action, trouble: Trouble | undefined): void {
    this.#update(policy, action, (standing) => ({
      ...standing,
      intended: without(standing.intended, action),
      trouble: trouble && standing.trouble?.reason === trouble.reason ? standing.trouble : trouble,
    }));
  }

  /** Whether an earlier delivery of the very same message ended in doubt. */
  isDoubted(policy: Policy, { incident, idempotencyKey }: Action): boolean {
    return incident.members.some((member) => {
      return this.get(policy, member.key).doubtedKey === idempotencyKey;
    });
  }

  /** The dashboard shows an incident of ours: where nothing is known of the target, it is taken over. */
  adopt(policy: Policy, { target, status, reference, sinceMs }: Found, nowMs: number): boolean {
    const standing = this.get(policy, target.key);
    if (standing.told) return false;
    const incident = standing.incident ?? {
      id: `found ${reference} ${target.key}`,
      dashboard: policy.name,
      members: [target],
      sinceMs,
    };
    this.set(policy, target.key, { ...standing, incident, reference, told: { status, atMs: nowMs } });
    return true;
  }

  /** What is read of the target from now on is counted anew, for every dashboard. */
  endStreaks(targetKey: string): void {
    for (const page of this.#pages.values()) {
      const standing = page.get(targetKey);
      if (standing) page.set(targetKey, { ...standing, above: undefined, below: undefined });
    }
  }

  /**
   * Forgets targets and dashboards that are gone, but for their open incidents: these are left as they
   * are, for the day when they are back. Returns those.
   */
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
        if (standing.told) left.push(standing);
        else this.#set(name, key, undefined, false);
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

  #set(page: string, target: string, standing: Standing | undefined, isEveryPoll: boolean): void {
    if (standing) this.#page(page).set(target, standing);
    else this.#page(page).delete(target);
    const key = JSON.stringify([page, target]);
    const found = standing && saved(standing, isEveryPoll);
    if (found?.mark === this.#shelved.get(key)) return;
    if (found) this.#shelved.set(key, found.mark);
    else this.#shelved.delete(key);
    this.#shelf.put(key, found?.value);
  }

  #page(name: string): Page {
    const page = this.#pages.get(name) ?? new Map<string, Standing>();
    this.#pages.set(name, page);
    return page;
  }
}

function without(intended: Standing['intended'], { idempotencyKey }: Action): Standing['intended'] {
  return intended?.key === idempotencyKey ? undefined : intended;
}

function pageName(policy: Policy): string {
  return JSON.stringify([policy.name, policy.mode === 'record']);
}

function placeOf(key: string): { readonly page: string; readonly target: string } {
  const [page, target] = JSON.parse(key) as [string, string];
  return { page, target };
}
