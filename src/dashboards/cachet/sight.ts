/** What a page shows as open, asked for once while something is told, without those that were closed since. */

import type { Target } from '../../model/target.ts';
import { type CachetIncident, isAboutTarget, isOurs } from './incident.ts';
import type { CachetPage, OpenIncidents } from './page.ts';

type ComponentOf = () => Promise<string>;

export class Sight {
  readonly #page: CachetPage;
  readonly #signal: AbortSignal;
  readonly #open = new Map<'all' | 'ours', OpenIncidents>();
  readonly #openOf = new Map<string, readonly CachetIncident[]>();
  readonly #closed = new Set<string>();

  constructor(page: CachetPage, signal: AbortSignal) {
    this.#page = page;
    this.#signal = signal;
  }

  /** @param componentOf whose incidents matter, where not all can be seen */
  async open(what: 'all' | 'ours', componentOf: ComponentOf): Promise<readonly CachetIncident[]> {
    const known = this.#open.get(what) ?? (await this.#page.open(what, this.#signal));
    this.#open.set(what, known);
    const component = known.ofComponent && (await componentOf());
    const older =
      component === undefined
        ? []
        : (this.#openOf.get(component) ?? (await known.ofComponent?.(component, this.#signal)) ?? []);
    if (component !== undefined) this.#openOf.set(component, older);
    return [...known.incidents, ...older].filter(({ id }) => !this.#closed.has(id));
  }

  /** The id of an incident of ours about the target. */
  async find(target: Target, reporterId: string, componentOf: ComponentOf): Promise<string | undefined> {
    const open = await this.open('ours', componentOf);
    return open.find((each) => isOurs(each, reporterId) && isAboutTarget(each, target))?.id;
  }

  closed(id: string): void {
    this.#closed.add(id);
  }
}
