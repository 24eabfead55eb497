/** The requests that the second version of CloudMon's status dashboard takes, and what it answers. */
import type { HttpAnswer } from '../../http/ask.ts';
import { Failure } from '../../model/failure.ts';
import { limits } from '../../model/limits.ts';
import type { Line, MakeHeaders, Request } from '../line.ts';
import { isSaid, jsonOf, listOf, textOf } from '../said.ts';
import { componentsIn, type NamedComponent } from '../stackmon/component.ts';
import type { Change } from './change.ts';
import { eventOf, isPositive, type OpenEvent } from './open-events.ts';

/** What became of one component: the event that it is in, or why there is none. */
export type Reported =
  | { readonly id: number; readonly httpStatus: number }
  | { readonly id: undefined; readonly error: string; readonly httpStatus: number };

export type EventApi = {
  readonly components: (signal: AbortSignal) => Promise<readonly NamedComponent[]>;
  /** Every open incident, whoever opened it, and whether that is all of them. */
  readonly list: (
    signal: AbortSignal,
  ) => Promise<{ readonly events: readonly OpenEvent[]; readonly isWhole: boolean }>;
  readonly report: (
    body: string,
    idempotencyKey: string,
    signal: AbortSignal,
    isWanted: () => boolean,
  ) => Promise<Reported>;
  /** Returns its status. */
  readonly change: (event: OpenEvent, change: Change, signal: AbortSignal) => Promise<number>;
  /** Takes components out of an event that has more of them; returns the new one. */
  readonly extract: (
    event: OpenEvent,
    components: readonly number[],
    signal: AbortSignal,
  ) => Promise<OpenEvent>;
};

const recordsPerPage = 50;
/** Of an answer that names every component. */
const bytesMax = limits.dashboardListBytesMax;

export function openEventApi(line: Line, authorize: MakeHeaders): EventApi {
  async function send(request: Request, signal: AbortSignal): Promise<HttpAnswer> {
    const answer = await line.send({ headers: authorize, ...request }, signal);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw line.failure(answer);
  }

  return {
    components: async (signal) => componentsIn(await line.ask('/v2/components', undefined, signal)),
    list: (signal) => listAll(line, authorize, signal),
    report: async (body, key, signal, isWanted) => {
      const headers = async () => ({ 'idempotency-key': key, ...(await authorize()) });
      const request = { method: 'POST', path: '/v2/events', headers, body, bytesMax, isWanted } as const;
      const answer = await send(request, signal);
      const { status: httpStatus } = answer;
      const said = jsonOf(answer.body);
      const [result] = isSaid(said) && Array.isArray(said['result']) ? said['result'].filter(isSaid) : [];
      const error = line.readable(Buffer.from(textOf(result?.['error'])));
      if (error !== '') return { id: undefined, error, httpStatus };
      const id = result?.['incident_id'];
      if (isPositive(id)) return { id, httpStatus };
      throw garbled('which event the component is in', httpStatus);
    },
    change: async (event, change, signal) => {
      const body = JSON.stringify({ ...change, ...versionOf(event) });
      try {
        return (await send({ method: 'PATCH', path: `/v2/events/${event.id}`, body }, signal)).status;
      } catch (error) {
        throw error instanceof Failure && error.httpStatus === 409 ? overtaken(event) : error;
      }
    },
    extract: async (event, components, signal) => {
      const body = JSON.stringify({ components });
      const answer = await send(
        { method: 'POST', path: `/v2/events/${event.id}/extract`, body, bytesMax },
        signal,
      );
      const extracted = eventOf(jsonOf(answer.body));
      if (extracted) return extracted;
      throw garbled('which event the components are in now', answer.status);
    },
  };
}

async function listAll(
  line: Line,
  authorize: MakeHeaders,
  signal: AbortSignal,
): Promise<{ readonly events: readonly OpenEvent[]; readonly isWhole: boolean }> {
  const found = new Map<number, OpenEvent>();
  const whole = (isWhole: boolean) => ({ events: [...found.values()], isWhole });
  for (let page = 1; page <= limits.eventPagesMax; page++) {
    const query = `active=true&type=incident&page=${page}&limit=${recordsPerPage}`;
    const said = await line.ask(`/v2/events?${query}`, authorize, signal);
    const listed = listOf(isSaid(said) ? said['data'] : undefined, 'events');
    const before = found.size;
    for (const event of listed.map(eventOf)) if (event) found.set(event.id, event);
    const isLast = listed.length < recordsPerPage || found.size === before;
    if (isLast || page === pagesOf(said)) return whole(true);
  }
  return whole(false);
}

/** A list without events does not say how many pages it has. */
function pagesOf(said: unknown): unknown {
  const pagination = isSaid(said) ? said['pagination'] : undefined;
  return isSaid(pagination) ? pagination['totalPages'] : undefined;
}

function versionOf({ version }: OpenEvent): { readonly version?: number } {
  return version === undefined ? {} : { version };
}

/** It was done, as the status says, and has to be looked up. */
function garbled(what: string, httpStatus: number): Failure {
  const text = `the answer does not say ${what}`;
  return new Failure('dashboard', 'garbled', text, { httpStatus, isAmbiguous: true });
}

function overtaken({ id }: OpenEvent): Failure {
  const text = `answered 409: event ${id} was changed by somebody else at the same time`;
  return new Failure('dashboard', 'failed', text, { httpStatus: 409 });
}
