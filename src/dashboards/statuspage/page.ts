/** The requests that a page at Statuspage answers. */
import type { HttpAnswer } from '../../http/ask.ts';
import { Failure } from '../../model/failure.ts';
import { limits } from '../../model/limits.ts';
import type { Component } from '../components.ts';
import type { Line, Request } from '../line.ts';
import { idOf, isSaid, type Said } from '../said.ts';
import { type PageIncident, pageIncident } from './incident.ts';
import { listAll } from './list.ts';
import type { StatuspageSettings } from './settings.ts';

export type Page = {
  /** Where it is below the API's URL. */
  readonly path: string;
  readonly components: (signal: AbortSignal) => Promise<readonly Component[]>;
  /** A component's own word for how it is; undefined where there is none. */
  readonly componentWord: (id: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Whoever opened them. */
  readonly unresolved: (signal: AbortSignal) => Promise<readonly PageIncident[]>;
  /** Undefined where there is none. */
  readonly incident: (id: string, signal: AbortSignal) => Promise<PageIncident | undefined>;
  readonly create: (incident: Said, signal: AbortSignal, isWanted: () => boolean) => Promise<HttpAnswer>;
  readonly change: (
    id: string,
    incident: Said,
    signal: AbortSignal,
    isWanted: () => boolean,
  ) => Promise<HttpAnswer>;
  readonly changeComponent: (
    id: string,
    word: string,
    signal: AbortSignal,
    isWanted: () => boolean,
  ) => Promise<HttpAnswer>;
};

/** Of an answer that is read. */
const bytesMax = limits.dashboardIncidentsBytesMax;

export function openPage(line: Line, { apiKey, pageId }: StatuspageSettings): Page {
  const path = `/pages/${encodeURIComponent(pageId)}`;
  const headers = async () => ({ authorization: `OAuth ${apiKey.reveal()}` });

  const list = (what: string, place: string, signal: AbortSignal) =>
    listAll(what, (query) => line.ask(`${path}${place}${query}`, headers, signal, bytesMax));

  async function one(place: string, signal: AbortSignal): Promise<Said | undefined> {
    try {
      const said = await line.ask(`${path}${place}`, headers, signal, bytesMax);
      if (isSaid(said)) return said;
    } catch (error) {
      if (error instanceof Failure && error.httpStatus === 404) return undefined;
      throw error;
    }
    throw new Failure('dashboard', 'garbled', 'the answer is no object');
  }

  /** That it is known already is success, too. */
  async function write(request: Omit<Request, 'headers'>, signal: AbortSignal): Promise<HttpAnswer> {
    const answer = await line.send({ ...request, headers }, signal);
    const isTaken = (answer.status >= 200 && answer.status < 300) || answer.status === 409;
    if (!isTaken) throw line.failure(answer);
    return answer;
  }

  const incidentPath = (id: string) => `/incidents/${encodeURIComponent(id)}`;
  const componentPath = (id: string) => `/components/${encodeURIComponent(id)}`;

  return {
    path,
    components: async (signal) => {
      const said = await list('components', '/components', signal);
      return said.flatMap(({ id: given, name, group }) => {
        const id = idOf(given);
        // A group has a name, and no status of its own.
        return id === undefined || typeof name !== 'string' || group === true ? [] : [{ id, name }];
      });
    },
    componentWord: async (id, signal) => {
      const said = await one(componentPath(id), signal);
      return typeof said?.['status'] === 'string' ? said['status'] : undefined;
    },
    unresolved: async (signal) => {
      const said = await list('incidents', '/incidents/unresolved', signal);
      return said.flatMap((each) => pageIncident(each) ?? []).filter(({ isOver }) => !isOver);
    },
    incident: async (id, signal) => {
      const said = await one(incidentPath(id), signal);
      if (!said) return undefined;
      const incident = pageIncident(said);
      if (!incident) throw new Failure('dashboard', 'garbled', 'the answer is no incident');
      return incident;
    },
    // Only this answer tells the incident's id, in the middle of all its components.
    create: (incident, signal, isWanted) =>
      write(
        {
          method: 'POST',
          path: `${path}/incidents`,
          body: JSON.stringify({ incident }),
          bytesMax: limits.dashboardListBytesMax,
          isWanted,
        },
        signal,
      ),
    change: (id, incident, signal, isWanted) =>
      write(
        { method: 'PATCH', path: `${path}${incidentPath(id)}`, body: JSON.stringify({ incident }), isWanted },
        signal,
      ),
    changeComponent: (id, status, signal, isWanted) =>
      write(
        {
          method: 'PATCH',
          path: `${path}${componentPath(id)}`,
          body: JSON.stringify({ component: { status } }),
          isWanted,
        },
        signal,
      ),
  };
}
