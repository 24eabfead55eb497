/** What an incident's bodies say: which components are how, who is in it, and how bad it is. */
import type { Telling } from '../../model/dashboard.ts';
import type { AlarmStatus, Status } from '../../model/status.ts';
import type { Said } from '../said.ts';
import { isAboutTarget, type Mark, type Member, marked, type PageIncident } from './incident.ts';
import type { StatuspageSettings } from './settings.ts';
import { componentWord, impactOf, isMilder, textFor, titleOf } from './wording.ts';

/** What is to be told, and how its target stands once it is told. */
export type Placed = { readonly telling: Telling; readonly member: Member };

/** @param others what else is open on the page */
export function openingOf(
  placed: readonly Placed[],
  others: readonly PageIncident[],
  settings: StatuspageSettings,
  reporterId: string,
): { readonly body: Said; readonly mark: Mark } {
  const targets = placed.map(({ member }) => member);
  const actions = placed.map(({ telling }) => telling.action);
  const worst = worstOf(targets) as AlarmStatus;
  const [first] = actions.filter(({ status }) => status === worst);
  const ids = distinct(targets);
  const components = wordsFor(ids, targets, others, settings, reporterId);
  const mark: Mark = { id: reporterId, targets };
  const body = {
    name: first ? titleOf(first, actions, settings) : '',
    status: 'investigating',
    impact_override: impactOf(worst, settings),
    body: textFor(actions, settings),
    component_ids: ids,
    ...(Object.keys(components).length > 0 && { components }),
    deliver_notifications: settings.deliverNotifications,
    metadata: marked({}, mark),
  };
  return { body, mark };
}

/** @param others what else is open on the page */
export function changeOf(
  incident: PageIncident,
  placed: readonly Placed[],
  others: readonly PageIncident[],
  settings: StatuspageSettings,
  reporterId: string,
): { readonly body: Said; readonly mark: Mark } {
  const changed = placed.map(({ member }) => member);
  const before = incident.mark?.targets ?? [];
  const untouched = before.filter((old) => !changed.some((member) => isAboutTarget(member, old)));
  const targets = [...untouched, ...changed];
  const worst = worstOf(targets);
  const components = wordsFor(
    distinct(worst === 0 ? targets : changed),
    targets,
    others,
    settings,
    reporterId,
  );
  const body = {
    ...(worst === 0 ? { status: 'resolved' } : { impact_override: impactOf(worst, settings) }),
    body: textFor(
      placed.map(({ telling }) => telling.action),
      settings,
    ),
    ...(Object.keys(components).length > 0 && { components }),
    deliver_notifications: settings.deliverNotifications,
  };
  return { body, mark: { id: reporterId, targets } };
}

/**
 * A component is as bad as the worst of its targets, in other incidents of ours, too. One that somebody else's
 * incident lists is made worse, and nothing else.
 */
function wordsFor(
  ids: readonly string[],
  targets: readonly Member[],
  others: readonly PageIncident[],
  settings: StatuspageSettings,
  reporterId: string,
): Readonly<Record<string, string>> {
  const isOurs = ({ mark }: PageIncident) => mark?.id === reporterId;
  const elsewhere = others.filter(isOurs).flatMap(({ mark }) => mark?.targets ?? []);
  const foreign = new Map(
    others.filter((each) => !isOurs(each)).flatMap(({ components }) => [...components]),
  );
  const entries = ids.flatMap((id) => {
    const status = worstOf([...targets, ...elsewhere].filter(({ component }) => component === id));
    const word = componentWord(status, settings);
    const theirs = foreign.get(id);
    const isSet = theirs === undefined || (status > 0 && isMilder(theirs, word));
    return isSet ? [[id, word]] : [];
  });
  return Object.fromEntries(entries);
}

function worstOf(members: readonly Member[]): Status {
  return members.reduce<Status>((worst, { status }) => (status > worst ? status : worst), 0);
}

function distinct(members: readonly Member[]): string[] {
  return [...new Set(members.map(({ component }) => component))];
}
