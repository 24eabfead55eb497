/**
 * The open incidents of a dashboard, as it listed them, with what has been done to them since.
 */
import { isSaid, type Said, textOf } from '../said.ts';

/** An incident. Of several components, where several fail alike: the dashboard joins them. */
export type OpenEvent = {
  readonly id: number;
  readonly title: string;
  readonly impact: number;
  readonly components: readonly number[];
  /** Told by a program. What is split off such an event later is marked as a human's. */
  readonly isSystem: boolean;
  /** Milliseconds since 1970; 0 where it does not say. */
  readonly startMs: number;
  /** Newer dashboards want to see it in every change. */
  readonly version: number | undefined;
  readonly updates: readonly Update[];
};

type Update = { readonly status: string; readonly text: string };

/** Undefined where it is no open incident, or none that could be told apart. */
export function eventOf(said: unknown): OpenEvent | undefined {
  if (!isSaid(said) || !isOpenIncident(said)) return undefined;
  const { id, title, impact, components, system, start_date: startDate, version, updates } = said;
  if (!isPositive(id) || typeof impact !== 'number' || !Array.isArray(components)) return undefined;
  const startMs = Date.parse(textOf(startDate));
  return {
    id,
    title: textOf(title),
    impact,
    components: components.filter(isPositive),
    isSystem: system === true,
    startMs: Number.isNaN(startMs) ? 0 : startMs,
    version: Number.isSafeInteger(version) ? (version as number) : undefined,
    updates: Array.isArray(updates) ? updates.filter(isSaid).map(updateOf) : [],
  };
}

function isOpenIncident({ type = 'incident', end_date: endDate = null }: Said): boolean {
  return type === 'incident' && endDate === null;
}

function updateOf({ status, text }: Said): Update {
  return { status: textOf(status), text: textOf(text) };
}

export function isPositive(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

export class OpenEvents {
  #events: ReadonlyMap<number, OpenEvent> = new Map();

  constructor(listed: readonly OpenEvent[]) {
    this.replace(listed);
  }

  /** They have been listed again. */
  replace(listed: readonly OpenEvent[]): void {
    this.#events = new Map(listed.map((event) => [event.id, event]));
  }

  get all(): readonly OpenEvent[] {
    return [...this.#events.values()];
  }

  get(id: number): OpenEvent | undefined {
    return this.#events.get(id);
  }

  /** Those that hold the component. */
  of(component: number): readonly OpenEvent[] {
    return this.all.filter(({ components }) => components.includes(component));
  }

  /** It is new, or it has changed. */
  put(event: OpenEvent): void {
    this.#events = new Map([...this.#events, [event.id, event]]);
  }

  closed(id: number): void {
    this.replace(this.all.filter((event) => event.id !== id));
  }

  /** These components have left it. */
  left(event: OpenEvent, components: readonly number[]): void {
    this.put({ ...event, components: event.components.filter((each) => !components.includes(each)) });
  }

  /** The dashboard has raised `from`, or has taken the component out of it into another event. */
  raised(component: number, from: OpenEvent, to: number, impact: number): void {
    if (to !== from.id) this.left(from, [component]);
    const known = this.#events.get(to) ?? { ...from, id: to, components: [], updates: [] };
    const components = known.components.includes(component)
      ? known.components
      : [...known.components, component];
    this.put({ ...known, impact, components });
  }
}
