/**
 * The events of CloudMon's second status dashboard, and what it makes of a report.
 *
 * Nothing is made better than it is there: a component that is moved has its old event closed where the new
 * one had a single component, whoever is left in the old one, and what is taken out of a program's event
 * becomes a human's.
 */
import { printed, type StackmonComponent } from './stackmon-components.ts';

type DialectUpdate = {
  readonly status: string;
  readonly text: string;
  readonly atMs: number;
  /** Of the event, from then on. */
  readonly impact: number;
};

export type DialectEvent = {
  readonly id: number;
  title: string;
  description: string;
  impact: number;
  components: readonly number[];
  readonly startMs: number;
  endMs: number | undefined;
  system: boolean;
  readonly type: 'incident' | 'maintenance' | 'info';
  readonly updates: DialectUpdate[];
  status: string;
  /** Counts the changes. */
  version: number;
};

/** What somebody asks for. */
export type Wanted = Pick<
  DialectEvent,
  'title' | 'description' | 'impact' | 'startMs' | 'system' | 'type'
> & {
  readonly components: readonly number[];
  readonly endMs?: number;
};

export type Placed = {
  readonly component_id: number;
  readonly incident_id: number;
  readonly error?: string;
};

const closedStatuses = ['resolved', 'completed', 'cancelled'];

export class EventBook {
  readonly #events: DialectEvent[] = [];
  readonly #keep: number;
  #lastId = 0;
  readonly #components: () => readonly StackmonComponent[];

  /** @param keep so many events: of more, the oldest goes that is over */
  constructor(components: () => readonly StackmonComponent[], keep: number) {
    this.#components = components;
    this.#keep = keep;
  }

  get all(): readonly DialectEvent[] {
    return this.#events;
  }

  get(id: number): DialectEvent | undefined {
    return this.#events.find((event) => event.id === id);
  }

  /** The newest first. */
  active(nowMs: number): readonly DialectEvent[] {
    return this.#events
      .filter(({ startMs, endMs, status }) => {
        if (endMs === undefined) return true;
        return startMs <= nowMs && endMs >= nowMs && !closedStatuses.includes(status);
      })
      .sort((a, b) => b.startMs - a.startMs || b.id - a.id);
  }

  /** A program reports components that are not well. */
  report(wanted: Wanted, nowMs: number): readonly Placed[] {
    return wanted.components.map((component) => this.#place(component, wanted, nowMs));
  }

  /** Somebody opens an event: its components leave the incidents that they are in. */
  open(wanted: Wanted, nowMs: number): readonly Placed[] {
    const before = this.active(nowMs).filter(({ type }) => type === 'incident');
    const event = this.#create(wanted, nowMs);
    return wanted.components.map((component) => {
      const old = before.find(({ components }) => components.includes(component));
      const isMoved = wanted.type === 'incident' && old !== undefined;
      if (isMoved) this.#move(component, old, event, old.components.length === 1, nowMs);
      return { component_id: component, incident_id: event.id };
    });
  }

  /** Takes components out of an event, which keeps at least one. */
  extract(event: DialectEvent, components: readonly number[], nowMs: number): DialectEvent {
    const { title, description, impact } = event;
    return this.#takeOut(event, components, { title, description, impact }, nowMs);
  }

  #place(component: number, wanted: Wanted, nowMs: number): Placed {
    const placed = (event: DialectEvent) => ({ component_id: component, incident_id: event.id });
    const there = this.active(nowMs)
      .filter(({ type, components }) => type !== 'info' && components.includes(component))
      .sort((a, b) => a.id - b.id);
    const maintenance = there.find(({ type }) => type === 'maintenance');
    if (maintenance) {
      return { ...placed(maintenance), error: 'event creation failed, component in maintenance' };
    }
    const manual = there.find(({ system }) => !system);
    if (manual) return placed(manual);
    const [system] = there;
    if (!system) return placed(this.#join(component, wanted, nowMs));
    return placed(system.impact >= wanted.impact ? system : this.#worsen(component, system, wanted, nowMs));
  }

  #join(component: number, wanted: Wanted, nowMs: number): DialectEvent {
    const alike = this.#alike(wanted.impact, nowMs);
    if (!alike) return this.#create({ ...wanted, components: [component] }, nowMs);
    alike.components = [...alike.components, component];
    this.#say(alike, alike.status, `${this.#print(component)} added to the incident by system.`, nowMs);
    return alike;
  }

  #worsen(component: number, old: DialectEvent, wanted: Wanted, nowMs: number): DialectEvent {
    const { title, description, impact } = wanted;
    const alike = this.#alike(impact, nowMs);
    // It looks at the wrong one of the two.
    if (alike) return this.#move(component, old, alike, alike.components.length === 1, nowMs);
    if (old.components.length === 1) {
      const text = `impact changed from ${old.impact} to ${impact}`;
      old.impact = impact;
      this.#say(old, 'SYSTEM', text, nowMs);
      return old;
    }
    const event = this.#takeOut(old, [component], { title, description, impact }, nowMs);
    event.system = true;
    return event;
  }

  #alike(impact: number, nowMs: number): DialectEvent | undefined {
    return this.active(nowMs).find(
      (event) => event.type === 'incident' && event.system && event.impact === impact,
    );
  }

  #move(
    component: number,
    old: DialectEvent,
    to: DialectEvent,
    closesOld: boolean,
    nowMs: number,
  ): DialectEvent {
    const name = this.#print(component);
    if (!to.components.includes(component)) to.components = [...to.components, component];
    this.#say(to, 'SYSTEM', `${name} moved from ${link(old)}`, nowMs);
    const text = `${name} moved to ${link(to)}`;
    if (closesOld) {
      this.#say(old, 'resolved', `${text}, Incident closed by system`, nowMs);
      old.status = 'resolved';
      old.endMs = nowMs;
    } else {
      this.#say(old, 'SYSTEM', text, nowMs);
      old.components = old.components.filter((each) => each !== component);
    }
    return to;
  }

  #takeOut(
    old: DialectEvent,
    components: readonly number[],
    like: Pick<DialectEvent, 'title' | 'description' | 'impact'>,
    nowMs: number,
  ): DialectEvent {
    const rest = { startMs: nowMs, system: false, type: 'incident' } as const;
    const event = this.#add({ ...like, ...rest, components }, 'SYSTEM');
    for (const each of components) {
      this.#say(event, 'SYSTEM', `${this.#print(each)} moved from ${link(old)}`, nowMs);
      this.#say(old, 'SYSTEM', `${this.#print(each)} moved to ${link(event)}`, nowMs);
    }
    old.components = old.components.filter((each) => !components.includes(each));
    return event;
  }

  #create(wanted: Wanted, nowMs: number): DialectEvent {
    const [status, text] =
      wanted.type === 'incident'
        ? ['detected', 'The incident is detected.']
        : ['planned', `${wanted.type === 'info' ? 'Info' : 'Maintenance'} is planned.`];
    const event = this.#add(wanted, status);
    this.#say(event, status, text, Math.min(nowMs, event.startMs));
    return event;
  }

  #add(wanted: Wanted, status: string): DialectEvent {
    const event = { endMs: undefined, ...wanted, id: ++this.#lastId, status, updates: [], version: 0 };
    this.#events.push(event);
    if (this.#events.length > this.#keep) this.#forget();
    return event;
  }

  #forget(): void {
    const over = this.#events.findIndex(({ endMs }) => endMs !== undefined);
    if (over !== -1) this.#events.splice(over, 1);
  }

  #say(event: DialectEvent, status: string, text: string, atMs: number): void {
    event.updates.push({ status, text, atMs, impact: event.impact });
    event.version++;
  }

  #print(id: number): string {
    const found = this.#components().find((each) => each.id === id);
    return found ? printed(found) : '';
  }
}

function link({ id, title }: DialectEvent): string {
  return `<a href='/incidents/${id}'>${title}</a>`;
}
