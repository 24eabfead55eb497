/** What a page of Cachet remembers, whatever its version: components, incidents, and updates of these. */

export type CachetComponent = { readonly id: number; readonly name: string; readonly status: number };

export type CachetUpdate = { readonly id: number; readonly status: number; readonly message: string };

export type CachetIncident = {
  readonly id: number;
  readonly name: string;
  readonly message: string;
  /** 0 unknown, 1 investigating, 2 identified, 3 watching, 4 fixed. */
  readonly status: number;
  readonly visible: number;
  readonly stickied: boolean;
  readonly notifications: boolean;
  /** What it says of its component; version 2 keeps no status of it. */
  readonly component: { readonly id: number; readonly status: number } | undefined;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly createdMs: number;
  /** Oldest first. */
  readonly updates: readonly CachetUpdate[];
};

export type Opening = Partial<Omit<CachetIncident, 'id' | 'updates' | 'createdMs'>>;

export const fixed = 4;

export class CachetStore {
  components: CachetComponent[] = [];
  incidents: CachetIncident[] = [];
  #lastIncident = 0;
  #lastUpdate = 0;

  constructor(components: readonly Partial<CachetComponent>[]) {
    for (const component of components) this.addComponent(component);
  }

  addComponent({ id = this.components.length + 1, name = '', status = 1 }: Partial<CachetComponent>): number {
    this.components.push({ id, name, status });
    return id;
  }

  removeComponent(id: number): void {
    this.components = this.components.filter((each) => each.id !== id);
  }

  setComponent(id: number, status: number): void {
    this.components = this.components.map((each) => (each.id === id ? { ...each, status } : each));
  }

  component(id: number): CachetComponent | undefined {
    return this.components.find((each) => each.id === id);
  }

  incident(id: number): CachetIncident | undefined {
    return this.incidents.find((each) => each.id === id);
  }

  open(opening: Opening, nowMs: number): CachetIncident {
    const incident: CachetIncident = {
      name: '',
      message: '',
      status: 1,
      visible: 1,
      stickied: false,
      notifications: false,
      component: undefined,
      meta: {},
      ...opening,
      id: ++this.#lastIncident,
      createdMs: nowMs,
      updates: [],
    };
    this.incidents.push(incident);
    return incident;
  }

  change(id: number, change: Opening): CachetIncident | undefined {
    this.incidents = this.incidents.map((each) => (each.id === id ? { ...each, ...change } : each));
    return this.incident(id);
  }

  /** An update takes its incident along. */
  update(id: number, status: number, message: string): CachetUpdate {
    const update = { id: ++this.#lastUpdate, status, message };
    this.incidents = this.incidents.map((each) =>
      each.id === id ? { ...each, status, updates: [...each.updates, update] } : each,
    );
    return update;
  }

  remove(id: number): void {
    this.incidents = this.incidents.filter((each) => each.id !== id);
  }
}
