/**
 * An incident of a page, as far as we read it, and the mark on it that tells what is ours.
 *
 * The mark is in the incident's metadata, which only the page's owners see: who opened it, and how each of its
 * targets stands there.
 */
import { rfc3339 } from '../../model/clock.ts';
import type { Telling } from '../../model/dashboard.ts';
import type { Action } from '../../model/incident.ts';
import { isStatus, type Status } from '../../model/status.ts';
import { idOf, isSaid, type Said, textOf } from '../said.ts';

export type PageIncident = {
  readonly id: string;
  readonly name: string;
  readonly isOver: boolean;
  /** The components that it lists, with their own words for how they are. */
  readonly components: ReadonlyMap<string, string>;
  readonly metadata: Said;
  /** Undefined where somebody else opened it. */
  readonly mark: Mark | undefined;
};

export type Mark = { readonly id: string; readonly targets: readonly Member[] };

/** How one target stands in an incident of ours. */
export type Member = {
  readonly service: string;
  readonly environment: string;
  /** The component's id. */
  readonly component: string;
  /** 0: it has recovered while others have not. */
  readonly status: Status;
  /** When its trouble began, RFC 3339. */
  readonly since: string;
  /** The newest message about it: so one that repeats is not said twice. */
  readonly message: string;
};

const markKey = 'cloudmon_reporter';

const over: readonly string[] = ['resolved', 'postmortem', 'completed'];

/** Undefined where it makes no sense. */
export function pageIncident(said: Said): PageIncident | undefined {
  const id = idOf(said['id']);
  if (id === undefined) return undefined;
  const { name, status, components, metadata } = said;
  const listed = Array.isArray(components) ? components.filter(isSaid) : [];
  const kept = isSaid(metadata) ? metadata : {};
  return {
    id,
    name: textOf(name),
    isOver: over.includes(textOf(status)),
    components: new Map(
      listed.flatMap((component) => {
        const listedId = idOf(component['id']);
        return listedId === undefined ? [] : [[listedId, textOf(component['status'])] as const];
      }),
    ),
    metadata: kept,
    mark: markOf(kept[markKey]),
  };
}

/** The metadata of an incident of ours: what others keep there stays. */
export function marked(metadata: Said, mark: Mark): Said {
  return { ...metadata, [markKey]: mark };
}

export function memberOf({ reading: { target }, incident, ...action }: Action, component: string): Member {
  return {
    service: target.service,
    environment: target.environment,
    component,
    status: action.type === 'close' ? 0 : action.status,
    since: rfc3339(incident.sinceMs),
    message: messageId(action),
  };
}

function messageId({ idempotencyKey }: Pick<Action, 'idempotencyKey'>): string {
  return idempotencyKey.slice(0, 16);
}

export function isAboutTarget(
  { service, environment }: Member,
  target: { readonly service: string; readonly environment: string },
): boolean {
  return service === target.service && environment === target.environment;
}

export function memberIn(incident: PageIncident | undefined, { action }: Telling): Member | undefined {
  const { target } = action.reading;
  return incident?.mark?.targets.find((member) => isAboutTarget(member, target));
}

/** The page shows it already: an answer was lost, or the incident was found only now. */
export function isSaidAlready({ action, isDoubted }: Telling, member: Member | undefined): boolean {
  if (!member) return false;
  const { type, status } = action;
  if (type === 'repeat') return isDoubted && member.message === messageId(action);
  return member.status === (type === 'close' ? 0 : status);
}

function markOf(said: unknown): Mark | undefined {
  if (!isSaid(said) || typeof said['id'] !== 'string') return undefined;
  const targets = Array.isArray(said['targets']) ? said['targets'].filter(isSaid) : [];
  return { id: said['id'], targets: targets.flatMap((target) => readMember(target) ?? []) };
}

function readMember(said: Said): Member | undefined {
  const { service, environment, status, since, message } = said;
  const component = idOf(said['component']);
  if (component === undefined || typeof service !== 'string' || typeof environment !== 'string') return;
  if (!isStatus(status)) return;
  return { service, environment, component, status, since: textOf(since), message: textOf(message) };
}
