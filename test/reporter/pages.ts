/** Status pages in memory, each with a memory of its own kind; tests ask them what they show. */
import type { Answer, Telling } from '../../src/model/dashboard.ts';
import type { Action } from '../../src/model/incident.ts';
import type { Status } from '../../src/model/status.ts';

/** One message that a page has taken. */
type Taken = {
  readonly service: string;
  readonly shows: Status;
  readonly key: string;
  /** The reporter knew that it may say what the page shows already. */
  readonly isFlagged: boolean;
};

export type Page = {
  /** Takes a message; the answer may get lost on its way. */
  readonly take: (telling: Telling, isFlagged: boolean) => Answer;
  readonly shows: (service: string) => Status;
  /** Messages that said what the page showed already. */
  readonly repeats: () => readonly Taken[];
  readonly taken: readonly Taken[];
};

function shownBy({ type, status }: Action): Status {
  return type === 'close' ? 0 : status;
}

function messages(isKnown: (taken: readonly Taken[], key: string) => boolean): Page {
  const taken: Taken[] = [];
  const repeated: Taken[] = [];
  const shows = (service: string) => taken.findLast((one) => one.service === service)?.shows ?? 0;
  return {
    taken,
    shows,
    repeats: () => repeated,
    take: ({ action }, isFlagged) => {
      const { service } = action.reading.target;
      const message = { service, shows: shownBy(action), key: action.idempotencyKey, isFlagged };
      if (isKnown(taken, message.key)) return { outcome: 'known' };
      if (shows(service) === message.shows) repeated.push(message);
      taken.push(message);
      return { outcome: 'sent' };
    },
  };
}

/** Everything that it takes is a message more. */
export function dumbPage(): Page {
  return messages(() => false);
}

/** The same key again is no message more. */
export function keyedPage(): Page {
  return messages((taken, key) => taken.some((one) => one.key === key));
}

/** Each target has one place. */
export function naturalPage(): Page {
  const places = new Map<string, Status>();
  const taken: Taken[] = [];
  return {
    taken,
    shows: (service) => places.get(service) ?? 0,
    repeats: () => [],
    take: ({ action }, isFlagged) => {
      const { service } = action.reading.target;
      const shows = shownBy(action);
      const outcome = places.get(service) === shows ? 'known' : 'sent';
      places.set(service, shows);
      taken.push({ service, shows, key: action.idempotencyKey, isFlagged });
      return { outcome };
    },
  };
}

type PageIncident = {
  readonly id: string;
  readonly service: string;
  readonly isOurs: boolean;
  status: Status;
};

export type IncidentPage = Page & {
  /** Open ones; who reads it sees the truth. */
  readonly open: () => readonly PageIncident[];
  /** Somebody opens one by hand. */
  readonly openByHand: (service: string) => void;
};

/** Each incident has an id, which whoever creates it has to remember, or to look for. */
export function incidentPage(): IncidentPage {
  const all: PageIncident[] = [];
  const taken: Taken[] = [];
  const doubled: Taken[] = [];
  const open = () => all.filter(({ status }) => status > 0);
  const oursOf = (service: string) => open().filter((one) => one.isOurs && one.service === service);
  const create = (service: string, status: Status, isOurs: boolean) => {
    const made = { id: String(all.length + 1), service, isOurs, status };
    all.push(made);
    return made;
  };
  return {
    taken,
    open,
    openByHand: (service) => void create(service, 1, false),
    shows: (service) => oursOf(service)[0]?.status ?? 0,
    repeats: () => doubled,
    take: ({ action, told, reference, isDoubted }, isFlagged) => {
      const { service } = action.reading.target;
      const shows = shownBy(action);
      const message = { service, shows, key: action.idempotencyKey, isFlagged };
      taken.push(message);
      const known = all.find(({ id }) => id === reference);
      const mine = known && known.status > 0 ? known : isDoubted ? oursOf(service)[0] : undefined;
      if (mine) {
        mine.status = shows;
        return { outcome: 'sent', reference: mine.id };
      }
      // Somebody else closed it; the same status does not open it again.
      if (shows === 0 || (told === shows && !isDoubted)) return { outcome: 'known' };
      if (oursOf(service).length > 0) doubled.push(message);
      return { outcome: 'sent', reference: create(service, shows, true).id };
    },
  };
}
