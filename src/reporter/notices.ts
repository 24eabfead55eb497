/**
 * What the command `status` shows beside incidents: what others opened on a dashboard, what is held back
 * by maintenance, and who is told nothing because its kind is not known yet. It is on the shelf, and written again only where it changes.
 */
import type { MaintenanceWindow } from '../maintenance/windows.ts';
import type { Unowned } from '../model/dashboard.ts';
import { limits } from '../model/limits.ts';
import type { Target } from '../model/target.ts';
import type { Shelf } from './shelf.ts';

const topics = ['unowned', 'held', 'undecided'] as const;

type Topic = (typeof topics)[number];

/** A dashboard that is told nothing yet. */
export type Undecided = { readonly why: string };

/** What maintenance holds back. */
export type Held = {
  readonly service: string;
  readonly environment: string;
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  readonly reason?: string;
};

export class Notices {
  readonly #shelf: Shelf;
  /** What is on the shelf, by its key, as text. */
  readonly #shown = new Map<string, string>();
  /** Targets of which is shown that they are held back: most never are. */
  readonly #held = new Set<string>();

  /** @param kept keys on the shelf: what an earlier run put there is found out anew */
  constructor(shelf: Shelf, kept: Iterable<string>) {
    this.#shelf = shelf;
    for (const key of kept) {
      if (isNotice(key)) shelf.put(key, undefined);
    }
  }

  unowned(dashboard: string, incidents: readonly Unowned[]): void {
    const some = incidents.slice(0, limits.unownedMax);
    this.#show(keyOf('unowned', dashboard), some.length > 0 ? some : undefined);
  }

  /** @param why undefined: its kind is known */
  undecided(dashboard: string, why: string | undefined): void {
    const undecided: Undecided | undefined = why === undefined ? undefined : { why };
    this.#show(keyOf('undecided', dashboard), undecided);
  }

  /** @param window undefined: nothing is held back any more */
  held({ key, service, environment }: Target, window: MaintenanceWindow | undefined): void {
    if (window) this.#held.add(key);
    else if (!this.#held.delete(key)) return;
    const held: Held | undefined = window && {
      service,
      environment,
      untilMs: window.toMs,
      ...(window.reason !== undefined && { reason: window.reason }),
    };
    this.#show(keyOf('held', key), held);
  }

  /** Forgets dashboards and targets that are gone. */
  keepOnly(dashboards: Iterable<string>, targetKeys: Iterable<string>): void {
    const kept = new Set([
      ...Array.from(dashboards).flatMap((name) => [keyOf('unowned', name), keyOf('undecided', name)]),
      ...Array.from(targetKeys, (key) => keyOf('held', key)),
    ]);
    for (const key of this.#shown.keys()) {
      if (!kept.has(key)) this.#show(key, undefined);
    }
  }

  #show(key: string, value: object | undefined): void {
    const text = value === undefined ? undefined : JSON.stringify(value);
    if (text === this.#shown.get(key)) return;
    if (text === undefined) this.#shown.delete(key);
    else this.#shown.set(key, text);
    this.#shelf.put(key, value);
  }
}

/** Whether it is the key of a notice, and not that of a standing. */
export function isNotice(key: string): boolean {
  return topics.some((topic) => key.startsWith(`["${topic}"`));
}

function keyOf(topic: Topic, about: string): string {
  return JSON.stringify([topic, about]);
}
