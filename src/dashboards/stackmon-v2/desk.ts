/** What is at hand while a dashboard is told about several targets, and the steps that all of it is made of. */
import { rfc3339 } from '../../model/clock.ts';
import type { Answer, Telling } from '../../model/dashboard.ts';
import type { Target } from '../../model/target.ts';
import { impactChange, resolution } from './change.ts';
import type { EventApi } from './event-api.ts';
import type { OpenEvent, OpenEvents } from './open-events.ts';
import type { StackmonV2Settings } from './settings.ts';

/** A telling, with the number that the dashboard gives the target's component. */
export type Located = { readonly telling: Telling; readonly component: number };

/** Another target that is the same component there, and is not over. */
export type Other = {
  readonly target: Target;
  readonly impact: number;
  /** Of the event that it was told in. */
  readonly reference: string | undefined;
  /** The dashboard has not acknowledged it yet. */
  readonly isNew: boolean;
};

export type OthersOf = (located: Located) => readonly Other[];

export type Desk = {
  readonly settings: StackmonV2Settings;
  readonly api: EventApi;
  readonly events: OpenEvents;
  readonly others: OthersOf;
  /** Wall clock. */
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
};

/** What the dashboard should show. */
export function impactOf(
  { action }: Telling,
  { settings }: { readonly settings: Pick<StackmonV2Settings, 'severity'> },
): number {
  return settings.severity[action.status];
}

/** Those of them that the event holds. */
export function within(event: OpenEvent, located: readonly Located[]): readonly Located[] {
  return located.filter(({ component }) => event.components.includes(component));
}

function holdsOnly(event: OpenEvent, located: readonly Located[]): boolean {
  const components = componentsOf(located);
  return event.components.every((component) => components.includes(component));
}

/** An event that holds these components alone: it, or what is taken out of it. */
export async function apart(
  event: OpenEvent,
  located: readonly Located[],
  { api, events, signal }: Desk,
): Promise<OpenEvent> {
  if (holdsOnly(event, located)) return event;
  const components = componentsOf(located);
  const extracted = await api.extract(event, components, signal);
  events.left(event, components);
  events.put(extracted);
  return extracted;
}

/** Several targets may be one component. */
function componentsOf(located: readonly Located[]): readonly number[] {
  return [...new Set(located.map(({ component }) => component))].sort((a, b) => a - b);
}

/** With `shared: wait` a shared event stays as it is until all of its components agree. Undefined: it need not wait. */
export function waitOf(
  event: OpenEvent,
  located: readonly Located[],
  { settings }: Desk,
): Answer | undefined {
  if (settings.shared === 'extract' || holdsOnly(event, located)) return undefined;
  const note = `event ${event.id} has other components too: it stays as it is until all of them agree (shared: wait)`;
  return { outcome: 'suppressed', note };
}

export async function setImpact(
  event: OpenEvent,
  impact: number,
  located: readonly Located[],
  desk: Desk,
): Promise<number> {
  const change = impactChange(impact, momentOf(event, located, desk));
  const httpStatus = await desk.api.change(event, change, desk.signal);
  desk.events.put({ ...event, impact, version: nextVersion(event) });
  return httpStatus;
}

export async function resolve(event: OpenEvent, located: readonly Located[], desk: Desk): Promise<number> {
  const change = resolution(momentOf(event, located, desk));
  const httpStatus = await desk.api.change(event, change, desk.signal);
  desk.events.closed(event.id);
  return httpStatus;
}

/** What is said of a component that a human, or another program, has told. */
export function leftAlone(id: number): string {
  return `left alone: it is in event ${id} of somebody else`;
}

function nextVersion({ version }: OpenEvent): number | undefined {
  return version === undefined ? undefined : version + 1;
}

/** The readings' time; not in the future, and not before the event, which may have been split off just now. */
function momentOf({ startMs }: OpenEvent, located: readonly Located[], { nowMs }: Desk): string {
  const toldMs = Math.max(0, ...located.map(({ telling }) => telling.action.timeMs));
  const startedMs = Math.ceil(startMs / 1000) * 1000;
  return rfc3339(Math.max(Math.min(toldMs || nowMs(), nowMs()), startedMs));
}
