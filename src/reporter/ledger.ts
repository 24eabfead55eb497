/**
 * The reporter's memory: how every target stands at every dashboard.
 *
 * A dashboard in mode `record` has a page of its own, so that what was only recorded is
 * never taken for told when it is switched back to `send`. What a crash must not take away is put
 * on a shelf.
 */
import type { Answer, Found, Known, Told } from '../model/dashboard.ts';
import type { Action } from '../model/incident.ts';
import { limits } from '../model/limits.ts';
import type { Policy } from '../model/policy.ts';
import type { Target } from '../model/target.ts';
import { isNotice, Notices } from './notices.ts';
import { namesOf, pageName, placeKey, placeOf } from './place.ts';
import { readSaved } from './saved.ts';
import type { Shelf } from './shelf.ts';
import {
  doubting,
  ended,
  type Intended,
  isKnown,
  newStanding,
  type Standing,
  type Trouble,
} from './standing.ts';
import { isAlike, restored, saved } from './standing-record.ts';
import { whoIsTold } from './who-is-told.ts';

/** `shelved`: what the shelf holds; undefined where it holds nothing. */
type Kept = { readonly standing: Standing; readonly shelved: Standing | undefined };

/** By target. */
type Page = { readonly name: string; readonly places: Map<string, Kept> };

export class Ledger {
  readonly notices: Notices;
  readonly #pages = new Map<string, Page>();
  /** What a cycle asks about each target has no time to make names. */
  readonly #pageOfPolicy = new WeakMap<Policy, Page>();
  readonly #shelf: Shelf;

  /** @param kept what the shelf held when the program started; what makes no sense leaves it */
  constructor(shelf: Shelf, kept: ReadonlyMap<string, unknown> = new Map()) {
    this.#shelf = shelf;
    this.notices = new Notices(shelf, kept.keys());
    for (const [key, value] of kept) {
      if (isNotice(key)) continue;
      const place = placeOf(key);
      const found = readSaved(value);
      if (place && found) {
        const standing = restored(found);
        this.#page(place.page).places.set(place.targetKey, { standing, shelved: standing });
      } else {
        shelf.put(key, undefined);
      }
    }
  }

  get(policy: Policy, targetKey: string): Standing {
    return this.#pageOf(policy).places.get(targetKey)?.standing ?? newStanding;
  }

  /** What the dashboard has acknowledged of them; not of those that it is not told about any more. */
  told(policy: Policy, targets: readonly Target[]): readonly Told[] {
    return targets.flatMap((target) => {
      const { told, reference, leftMs } = this.get(policy, target.key);
      return told && leftMs === undefined ? [{ target, status: told.status, reference }] : [];
    });
  }

  /** What says that an incident there is ours. */
  known(policy: Policy): Known {
    const standings = Array.from(this.#pageOf(policy).places.values(), ({ standing }) => standing);
    const references = new Set(standings.flatMap(({ reference }) => reference ?? []));
    return { references, isDoubted: standings.some(({ doubts }) => doubts.length > 0) };
  }

  /** The dashboard shows it in another incident by now. */
  moved(policy: Policy, { key }: Target, reference: string): void {
    const standing = this.get(policy, key);
    if (standing.told && standing.reference !== reference) this.set(policy, key, { ...standing, reference });
  }

  set(policy: Policy, targetKey: string, standing: Standing): void {
    this.#set(this.#pageOf(policy), targetKey, standing, policy);
  }

  /** The action is handed over: from now on the dashboard may know of it. */
  intend(policy: Policy, action: Action): void {
    this.#update(policy, action, (standing) => ({
      ...standing,
      intended: [...without(standing.intended, action), intendedOf(action)],
    }));
  }

  /** Of what was handed over about the target, only this is still to be sent, or under way. */
  retain(policy: Policy, targetKey: string, live: readonly Action[]): void {
    const standing = this.get(policy, targetKey);
    const keys = new Set(live.map(({ idempotencyKey }) => idempotencyKey));
    const intended = standing.intended.filter(({ key }) => keys.has(key));
    if (intended.length < standing.intended.length) this.set(policy, targetKey, { ...standing, intended });
  }

  /**
   * The dashboard has taken the action. Where it rightly opened nothing, as in maintenance, or closes nothing
   * yet, it is told again.
   */
  acknowledge(policy: Policy, action: Action, atMs: number, answer?: Answer): void {
    const isShown = answer?.outcome !== 'suppressed';
    const isEnd = action.type === 'close';
    this.#update(policy, action, (standing) =>
      isEnd && isShown
        ? ended(standing)
        : {
            ...standing,
            told: isShown ? { status: action.status, atMs } : standing.told,
            reference: answer?.reference ?? standing.reference,
            intended: without(standing.intended, action),
            // What is left as it is shows what they say, perhaps.
            doubts: isShown || (!isEnd && !standing.told) ? [] : standing.doubts,
            trouble: undefined,
            suppressed: isShown ? undefined : answer.note,
          },
    );
  }

  /** Nobody knows whether the dashboard has taken the action: it is told again. */
  doubt(policy: Policy, action: Action): void {
    this.#update(policy, action, (standing) => doubting(standing, intendedOf(action)));
  }

  /** The delivery ended without an acknowledgement. */
  giveUp(policy: Policy, action: Action, trouble: Trouble | undefined): void {
    this.#update(policy, action, (standing) => ({
      ...standing,
      intended: without(standing.intended, action),
      trouble:
        standing.trouble?.reason === trouble?.reason ? standing.trouble : (trouble ?? standing.trouble),
    }));
  }

  /**
   * The dashboard shows an incident of ours: where nothing is known of the target, it is taken over.
   * Returns whether it was.
   */
  adopt(policy: Policy, { target, status, reference, sinceMs }: Found, nowMs: number): boolean {
    const standing = this.get(policy, target.key);
    if (standing.told) return false;
    const incident = standing.incident ?? {
      id: `found ${reference} ${target.key}`,
      dashboard: policy.name,
      members: [target],
      sinceMs,
    };
    const told = { status, atMs: nowMs };
    this.set(policy, target.key, { ...standing, incident, reference, told, doubts: [] });
    return true;
  }

  /** What is read of the target from now on is counted anew, for every dashboard. */
  endStreaks(targetKey: string): void {
    for (const page of this.#pages.values()) {
      const { standing } = page.places.get(targetKey) ?? {};
      if (standing) this.#set(page, targetKey, { ...standing, above: undefined, below: undefined });
    }
  }

  /**
   * Forgets what no dashboard is told about any more, but for what is open there: that is left as it is,
   * for the day when it is back. Returns what is left from now on.
   */
  keepOnly(policies: readonly Policy[], targets: readonly Target[], nowMs: number): Standing[] {
    const untold = this.#untold(policies, targets).map((place) => {
      const { leftMs = nowMs } = place.standing;
      const isOpen = isKnown(place.standing) && !namesOf(place.page.name)?.isRecord;
      return { ...place, leftMs, isOpen: isOpen && nowMs - leftMs <= limits.leftMs };
    });
    const open = untold.filter(({ isOpen }) => isOpen).sort((one, two) => two.leftMs - one.leftMs);
    const kept = new Set(open.slice(0, limits.leftMax));
    for (const place of untold) {
      const { page, key, standing, leftMs } = place;
      this.#set(page, key, kept.has(place) ? { ...standing, leftMs } : undefined);
    }
    this.notices.keepOnly(
      policies.map(({ name }) => name),
      targets.map(({ key }) => key),
    );
    return open.map(({ standing }) => standing).filter(({ leftMs }) => leftMs === undefined);
  }

  #untold(policies: readonly Policy[], targets: readonly Target[]) {
    const isTold = whoIsTold(policies, targets);
    return [...this.#pages.values()].flatMap((page) =>
      [...page.places].flatMap(([key, { standing }]) =>
        isTold(page.name, key) ? [] : [{ page, key, standing }],
      ),
    );
  }

  #update(policy: Policy, action: Action, change: (standing: Standing) => Standing): void {
    for (const member of action.incident.members) {
      const standing = this.get(policy, member.key);
      if (standing.incident?.id === action.incident.id) this.set(policy, member.key, change(standing));
    }
  }

  /** @param policy absent: nothing more is counted */
  #set({ name, places }: Page, target: string, standing: Standing | undefined, policy?: Policy): void {
    const { shelved } = places.get(target) ?? {};
    const isKept = isAlike(shelved, standing ?? newStanding, policy);
    if (standing) places.set(target, { standing, shelved: isKept ? shelved : standing });
    else places.delete(target);
    if (!isKept) this.#shelf.put(placeKey(name, target), standing && saved(standing, policy));
  }

  #pageOf(policy: Policy): Page {
    const known = this.#pageOfPolicy.get(policy);
    if (known) return known;
    const page = this.#page(pageName(policy, policy.mode === 'record'));
    this.#pageOfPolicy.set(policy, page);
    return page;
  }

  #page(name: string): Page {
    const page = this.#pages.get(name) ?? { name, places: new Map<string, Kept>() };
    this.#pages.set(name, page);
    return page;
  }
}

export function intendedOf({ idempotencyKey: key, type, status }: Action): Intended {
  return { key, type, status };
}

function without(intended: Standing['intended'], { idempotencyKey }: Action): Standing['intended'] {
  return intended.filter(({ key }) => key !== idempotencyKey);
}

/** Whether the shelf holds something under the key that nobody can read. */
export function isUnreadable(key: string, value: unknown): boolean {
  return !isNotice(key) && !(placeOf(key) && readSaved(value));
}
