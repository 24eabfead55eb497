/**
 * Other targets of ours that are the same component of the page, which is as bad as the worst of them.
 *
 * One whose incident a human has closed does not count: a human has said that it is over.
 */
import type { Beside, Telling } from '../../model/dashboard.ts';
import type { Status } from '../../model/status.ts';
import type { Target } from '../../model/target.ts';
import { byComponent, type FindComponent } from '../components.ts';
import { type Member, membersOf } from '../members.ts';
import { type CachetIncident, fixed } from './incident.ts';
import type { CachetPage } from './page.ts';

export type Worst = {
  readonly status: Status;
  /** The incident of the other target that is the worst. */
  readonly incident?: CachetIncident;
};

export type OthersParts = {
  readonly page: CachetPage;
  readonly findComponent: FindComponent;
  readonly dashboard: string;
  readonly signal: AbortSignal;
};

export class Others {
  readonly #parts: OthersParts;
  readonly #members: readonly Member[];
  #byComponent: Promise<ReadonlyMap<string, readonly Member[]>> | undefined;
  readonly #toldNow = new Set<string>();
  readonly #opened = new Set<string>();
  readonly #incidents = new Map<string, CachetIncident | undefined>();

  constructor(parts: OthersParts, tellings: readonly Telling[], beside: Beside) {
    this.#parts = parts;
    this.#members = membersOf(tellings, beside);
  }

  /** An incident was opened for it now. */
  opened(target: Target): void {
    this.#opened.add(target.key);
  }

  /** It has had its turn. */
  told(target: Target): void {
    this.#toldNow.add(target.key);
  }

  /** For an incident that begins with the target: what it says of the component may have to hold until its end. */
  worstSoon(component: string, target: Target, status: Status): Promise<Worst> {
    return this.#worst(component, target, status, ({ soon }) => soon);
  }

  /** As far as the page was told: whoever is still to be told sets the component when it is. */
  worstNow(component: string, target: Target, status: Status): Promise<Worst> {
    return this.#worst(component, target, status, (member) => this.#now(member));
  }

  /** Those that keep the component as it is when the target recovers. */
  async ailing(component: string, target: Target): Promise<readonly Target[]> {
    const others = await this.#of(component, target);
    return others.filter((each) => this.#now(each) > 0).map((each) => each.target);
  }

  async #worst(
    component: string,
    target: Target,
    status: Status,
    statusOf: (member: Member) => Status,
  ): Promise<Worst> {
    const worse = (await this.#of(component, target))
      .filter((each) => statusOf(each) > status)
      .sort((one, two) => statusOf(two) - statusOf(one));
    for (const member of worse) {
      if (member.reference === undefined || this.#opened.has(member.target.key)) {
        return { status: statusOf(member) };
      }
      const incident = await this.#incident(member.reference);
      if (incident && incident.status !== fixed) return { status: statusOf(member), incident };
    }
    return { status };
  }

  #now({ target, told, soon }: Member): Status {
    return this.#toldNow.has(target.key) ? soon : told;
  }

  async #of(component: string, { key }: Target): Promise<readonly Member[]> {
    if (this.#members.every(({ target }) => target.key === key)) return [];
    const { findComponent, dashboard, signal } = this.#parts;
    this.#byComponent ??= byComponent(this.#members, dashboard, (target) => findComponent(target, signal));
    return ((await this.#byComponent).get(component) ?? []).filter(({ target }) => target.key !== key);
  }

  async #incident(id: string): Promise<CachetIncident | undefined> {
    if (this.#incidents.has(id)) return this.#incidents.get(id);
    const incident = await this.#parts.page.incident(id, this.#parts.signal);
    this.#incidents.set(id, incident);
    return incident;
  }
}
