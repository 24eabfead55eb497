/** What both versions of Cachet can do, and how they are asked. */
import type { HttpAnswer } from '../../http/ask.ts';
import { Failure } from '../../model/failure.ts';
import type { Action } from '../../model/incident.ts';
import { limits } from '../../model/limits.ts';
import type { Component } from '../components.ts';
import type { Line, MakeHeaders, Request } from '../line.ts';
import { idOf, isSaid, listOf, type Said } from '../said.ts';
import type { CachetIncident } from './incident.ts';

export type CachetComponent = Component & { readonly status: number };

export type OpenIncidents = {
  readonly incidents: readonly CachetIncident[];
  /**
   * Present where there are more of them: those of one component. Throws a `Failure` where even these cannot
   * all be seen.
   */
  readonly ofComponent?: (component: string, signal: AbortSignal) => Promise<readonly CachetIncident[]>;
  /** Present where there are more of them: as many as can be seen in many requests. */
  readonly further?: (signal: AbortSignal) => Promise<Further>;
};

export type Further = {
  readonly incidents: readonly CachetIncident[];
  readonly isWhole: boolean;
  /** Why a page of them could not be read: those before it are there. */
  readonly failure?: Failure;
};

export type CachetPage = {
  /** Below the page's URL. */
  readonly prefix: string;
  readonly components: (signal: AbortSignal) => Promise<readonly CachetComponent[]>;
  /** Undefined where there is none. */
  readonly component: (id: string, signal: AbortSignal) => Promise<CachetComponent | undefined>;
  /** What is open: all of it, or only what may be ours. */
  readonly open: (what: 'all' | 'ours', signal: AbortSignal) => Promise<OpenIncidents>;
  /** Undefined where there is none. */
  readonly incident: (id: string, signal: AbortSignal) => Promise<CachetIncident | undefined>;
  /** @param status the component's */
  readonly openingOf: (action: Action, component: string, status: number) => Said;
  readonly create: (body: Said, signal: AbortSignal, isWanted: () => boolean) => Promise<HttpAnswer>;
  /** How the component of an incident is set; the place is below the prefix. */
  readonly settingOf: (
    incident: Pick<CachetIncident, 'id' | 'status' | 'visible' | 'stickied'>,
    component: string,
    status: number,
  ) => { readonly place: string; readonly body: Said };
  readonly setComponent: (
    incident: CachetIncident,
    id: string,
    status: number,
    signal: AbortSignal,
    isWanted: () => boolean,
  ) => Promise<void>;
  /** Says something about it. */
  readonly update: (
    id: string,
    status: number,
    message: string,
    signal: AbortSignal,
    isWanted?: () => boolean,
  ) => Promise<HttpAnswer>;
  /** After the update that says that it is fixed. */
  readonly seal: (id: string, signal: AbortSignal) => Promise<void>;
  /** Sets a component apart from any incident. */
  readonly resetComponent: (
    id: string,
    status: number,
    signal: AbortSignal,
    isWanted: () => boolean,
  ) => Promise<void>;
};

/** The requests under the methods of both versions. */
export type Asking = {
  /** The `data` of an answer, with what is included; undefined where it answers 404. */
  readonly one: (place: string, signal: AbortSignal) => Promise<Said | undefined>;
  /** The elements of the first page, each with what the page includes. */
  readonly first: (place: string, signal: AbortSignal) => Promise<readonly Said[]>;
  /** The same page by page, as many as are read at most. */
  readonly pages: (place: string, signal: AbortSignal) => AsyncIterable<readonly Said[]>;
  /** All pages in one. */
  readonly list: (place: string, signal: AbortSignal) => Promise<readonly Said[]>;
  readonly write: (
    method: Request['method'],
    place: string,
    body: Said,
    signal: AbortSignal,
    isWanted?: () => boolean,
  ) => Promise<HttpAnswer>;
};

export const perPage = 100;

export function openAsking(line: Line, prefix: string, headers: MakeHeaders): Asking {
  /** That it is known already is success, too. */
  async function write(
    method: Request['method'],
    place: string,
    body: Said,
    signal: AbortSignal,
    isWanted: () => boolean = () => true,
  ): Promise<HttpAnswer> {
    const request = { method, path: prefix + place, body: JSON.stringify(body), headers, isWanted };
    const answer = await line.send(request, signal);
    const isTaken = (answer.status >= 200 && answer.status < 300) || answer.status === 409;
    if (!isTaken) throw line.failure(answer);
    return answer;
  }

  async function first(place: string, signal: AbortSignal): Promise<readonly Said[]> {
    const query = `${place.includes('?') ? '&' : '?'}per_page=${perPage}`;
    const said = await line.ask(prefix + place + query, headers, signal);
    const { data, included } = isSaid(said) ? said : {};
    return listOf(data, 'data').map((each) => ({ ...each, included }));
  }

  async function* pages(place: string, signal: AbortSignal): AsyncGenerator<readonly Said[], void> {
    for (let page = 1; page <= limits.dashboardPagesMax; page++) {
      const said = await first(`${place}${place.includes('?') ? '&' : '?'}page=${page}`, signal);
      yield said;
      if (said.length < perPage) return;
    }
  }

  return {
    write,
    one: async (place, signal) => {
      try {
        const said = await line.ask(prefix + place, headers, signal);
        if (isSaid(said) && isSaid(said['data'])) return { ...said['data'], included: said['included'] };
      } catch (error) {
        if (error instanceof Failure && error.httpStatus === 404) return undefined;
        throw error;
      }
      throw new Failure('dashboard', 'garbled', 'the answer has no data');
    },
    first,
    pages,
    list: async (place, signal) => {
      const found: Said[] = [];
      for await (const said of pages(place, signal)) found.push(...said);
      return found;
    },
  };
}

/** What both versions do alike. */
export function commonWays(
  { one, list, write }: Asking,
  componentOf: (said: Said) => readonly CachetComponent[],
): Pick<CachetPage, 'components' | 'component' | 'update'> {
  return {
    components: async (signal) => (await list('/components', signal)).flatMap(componentOf),
    component: async (id, signal) => {
      const said = await one(`/components/${encodeURIComponent(id)}`, signal);
      return said && componentOf(said)[0];
    },
    update: (id, status, message, signal, isWanted) =>
      write('POST', `/incidents/${encodeURIComponent(id)}/updates`, { status, message }, signal, isWanted),
  };
}

/** A component of the flat form that both versions have inside. */
export function componentIn(said: Said, status: unknown): CachetComponent[] {
  const id = idOf(said['id']);
  const { name } = said;
  if (id === undefined || typeof name !== 'string') return [];
  return [{ id, name, status: typeof status === 'number' ? status : 0 }];
}

/** The id of an incident that was opened; undefined where the answer does not tell. */
export function openedId(said: unknown): string | undefined {
  return isSaid(said) && isSaid(said['data']) ? idOf(said['data']['id']) : undefined;
}
