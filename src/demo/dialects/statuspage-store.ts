/** What a page at Statuspage remembers: its components, its incidents and what was said about them. */
import type { IncidentKeys } from './statuspage-body.ts';

export type PageComponent = {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** It is a group of components. */
  readonly group: boolean;
};

type PageUpdate = { readonly status: string; readonly body: string; readonly notified: boolean };

export type StoredIncident = {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly impactOverride: string | null;
  readonly componentIds: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly resolvedMs: number | undefined;
  /** Oldest first. */
  readonly updates: readonly PageUpdate[];
};

const impactOf: Readonly<Record<string, string>> = {
  major_outage: 'critical',
  partial_outage: 'major',
  degraded_performance: 'minor',
  under_maintenance: 'maintenance',
};

export class PageStore {
  components: PageComponent[];
  incidents: StoredIncident[] = [];
  #lastId = 0;

  constructor(components: readonly Partial<PageComponent>[]) {
    this.components = [];
    for (const component of components) this.addComponent(component);
  }

  addComponent({ name = '', id, status = 'operational', group = false }: Partial<PageComponent>): string {
    const made = id ?? `cmp${String(this.components.length + 1).padStart(9, '0')}`;
    this.components.push({ id: made, name, status, group });
    return made;
  }

  setComponent(id: string, status: string): void {
    this.components = this.components.map((each) => (each.id === id ? { ...each, status } : each));
  }

  open(keys: IncidentKeys, nowMs: number): StoredIncident {
    const id = `inc${String(++this.#lastId).padStart(9, '0')}`;
    const { status = 'investigating', components = {}, component_ids: ids = [] } = keys;
    const incident: StoredIncident = {
      id,
      name: keys.name ?? '',
      status,
      impactOverride: keys.impact_override ?? null,
      componentIds: [...new Set([...ids, ...Object.keys(components)])],
      metadata: keys.metadata ?? {},
      createdMs: nowMs,
      updatedMs: nowMs,
      resolvedMs: status === 'resolved' ? nowMs : undefined,
      updates: [{ status, body: keys.body ?? '', notified: keys.deliver_notifications ?? true }],
    };
    this.incidents.push(incident);
    for (const [component, word] of Object.entries(components)) this.setComponent(component, word);
    return incident;
  }

  /** Undefined where there is none. */
  change(id: string, keys: IncidentKeys, nowMs: number): StoredIncident | undefined {
    const before = this.incidents.find((each) => each.id === id);
    if (!before) return undefined;
    const { status = before.status, components = {}, component_ids: ids = before.componentIds } = keys;
    const isSaid = keys.body !== undefined || keys.status !== undefined;
    const said = { status, body: keys.body ?? '', notified: keys.deliver_notifications ?? true };
    const after: StoredIncident = {
      ...before,
      name: keys.name ?? before.name,
      status,
      impactOverride: keys.impact_override ?? before.impactOverride,
      componentIds: [...new Set([...ids, ...Object.keys(components)])],
      metadata: keys.metadata ?? before.metadata,
      updatedMs: nowMs,
      resolvedMs: status === 'resolved' ? nowMs : undefined,
      updates: [...before.updates, ...(isSaid ? [said] : [])],
    };
    this.incidents = this.incidents.map((each) => (each.id === id ? after : each));
    for (const [component, word] of Object.entries(components)) this.setComponent(component, word);
    return after;
  }

  remove(id: string): void {
    this.incidents = this.incidents.filter((each) => each.id !== id);
  }

  /** Newest first, as the page lists them. */
  unresolved(): readonly StoredIncident[] {
    return this.incidents
      .filter(({ status }) => ['investigating', 'identified', 'monitoring'].includes(status))
      .reverse();
  }

  impact({ impactOverride, componentIds }: StoredIncident): string {
    if (impactOverride !== null) return impactOverride;
    const words = this.components.filter(({ id }) => componentIds.includes(id)).map(({ status }) => status);
    const worst = Object.keys(impactOf).find((word) => words.includes(word));
    return (worst && impactOf[worst]) ?? 'none';
  }
}
