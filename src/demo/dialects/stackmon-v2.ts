/** CloudMon's second status dashboard, in Go: components, and events that several of them may share. */
import { systemClock } from '../../model/clock.ts';
import { json, type Whole } from '../reply.ts';
import type { ServerOptions } from '../server.ts';
import { type Asked, type DialectServer, startDialect } from './dialect.ts';
import { type StackmonComponent, usualComponents } from './stackmon-components.ts';
import { readSecondToken } from './stackmon-token.ts';
import { type DialectEvent, EventBook, type Wanted } from './stackmon-v2-events.ts';
import {
  wantedBy,
  wrongChange,
  wrongComponents,
  wrongExtract,
  wrongFilter,
  wrongReport,
} from './stackmon-v2-rules.ts';

export type StackmonV2Options = ServerOptions & {
  /** Default: API and Web. */
  readonly components?: readonly StackmonComponent[];
  /** Absent: no token is asked for. */
  readonly secret?: string;
  /** As newer ones: a change names the version of the event that it changes. */
  readonly asksVersion?: true;
};

export type StackmonV2 = DialectServer & {
  /** Every event, oldest first. */
  readonly events: readonly DialectEvent[];
  readonly addComponent: (added: StackmonComponent) => void;
  /** A human opens an incident; returns its id. */
  readonly openIncident: (impact: number, components: readonly number[], title?: string) => number;
  /** Another program reports components that are not well. */
  readonly report: (impact: number, components: readonly number[], title?: string) => void;
  /** A human closes an event, whatever it is. */
  readonly closeIncident: (id: number) => void;
  /** From now on, for an hour; returns its id. */
  readonly startMaintenance: (components: readonly number[]) => number;
};

export async function startStackmonV2(options: StackmonV2Options = {}): Promise<StackmonV2> {
  const clock = options.clock ?? systemClock;
  const components = [...(options.components ?? usualComponents)];
  const book = new EventBook(() => components, options.keep ?? 100_000);
  const server = await startDialect(options, async (asked) => {
    const path = asked.path.replace(/^\/v2\/incidents/, '/v2/events');
    const place = placeOf(path, asked.method);
    if (!place) return refused(404, 'page not found');
    const { secret } = options;
    const { authorization } = asked.headers;
    const isAsked = secret !== undefined && (place.asksToken || authorization !== undefined);
    if (isAsked && !(await readSecondToken({ authorization, secret, nowMs: asked.nowMs }))) {
      return refused(401, 'not authenticated');
    }
    const [id, update] = numbersIn(path);
    return place.take({ asked, components, book, id, update, asksVersion: options.asksVersion ?? false });
  });

  /** What a human does. */
  function open(
    wanted: Pick<Wanted, 'impact' | 'components' | 'type' | 'title'> & { endMs?: number },
  ): number {
    const like = { description: '', startMs: clock.now(), system: false };
    const [placed] = book.open({ ...like, ...wanted }, clock.now());
    return placed?.incident_id ?? 0;
  }

  const also = {
    addComponent: (added: StackmonComponent) => void components.push(added),
    openIncident: (impact: number, of: readonly number[], title = 'Something is wrong') =>
      open({ impact, components: of, type: 'incident', title }),
    report: (impact: number, of: readonly number[], title = 'Told by another program') => {
      const like = { description: '', startMs: clock.now(), system: true, type: 'incident' } as const;
      book.report({ ...like, impact, components: of, title }, clock.now());
    },
    closeIncident: (id: number) => {
      const event = book.get(id);
      if (!event) throw new Error(`there is no event ${id}`);
      event.endMs = clock.now();
      event.status = 'resolved';
    },
    startMaintenance: (of: readonly number[]) => {
      const endMs = clock.now() + 3_600_000;
      return open({ impact: 0, components: of, type: 'maintenance', title: 'We work on it', endMs });
    },
  };
  return Object.assign(Object.create(server, { events: { get: () => book.all } }), also) as StackmonV2;
}

type Place = {
  readonly asksToken: boolean;
  readonly take: (given: {
    readonly asked: Asked;
    readonly components: readonly StackmonComponent[];
    readonly book: EventBook;
    readonly id: number | undefined;
    readonly update: number | undefined;
    readonly asksVersion: boolean;
  }) => Whole;
};

const places: Readonly<Record<string, Place>> = {
  'GET /v2/components': { asksToken: false, take: ({ components }) => json(200, components) },
  'GET /v2/events': { asksToken: false, take: listEvents },
  'GET /v2/events/N': { asksToken: false, take: showEvent },
  'POST /v2/events': { asksToken: true, take: report },
  'PATCH /v2/events/N': { asksToken: true, take: change },
  'POST /v2/events/N/extract': { asksToken: true, take: extract },
  'PATCH /v2/events/N/updates/N': { asksToken: true, take: changeUpdate },
};

type Given = Parameters<Place['take']>[0];

function placeOf(path: string, method: string): Place | undefined {
  return places[`${method} ${path.replaceAll(/\/\d+/g, '/N')}`];
}

function numbersIn(path: string): readonly number[] {
  return (path.slice('/v2'.length).match(/\d+/g) ?? []).map(Number);
}

function listEvents({ asked: { query, nowMs }, book, asksVersion }: Given): Whole {
  const wrong = wrongFilter(query);
  if (wrong !== undefined) return refused(400, wrong);
  const { active, type, system, impact, components } = query;
  const wanted = components?.split(',').map(Number);
  const found = (active === undefined ? newestFirst(book.all) : book.active(nowMs)).filter(
    (event) =>
      (type === undefined || type.split(',').includes(event.type)) &&
      (system === undefined || event.system === (system === 'true')) &&
      (impact === undefined || event.impact === Number(impact)) &&
      (wanted === undefined || event.components.some((each) => wanted.includes(each))),
  );
  if (found.length === 0) return json(200, { data: [] });
  const pageIndex = Number(query['page'] ?? 1);
  const recordsPerPage = Number(query['limit'] ?? 50);
  const data = found
    .slice((pageIndex - 1) * recordsPerPage, pageIndex * recordsPerPage)
    .map((event) => shown(event, asksVersion));
  const totalPages = Math.ceil(found.length / recordsPerPage);
  return json(200, {
    data,
    pagination: { pageIndex, recordsPerPage, totalRecords: found.length, totalPages },
  });
}

function newestFirst(events: readonly DialectEvent[]): readonly DialectEvent[] {
  return [...events].sort((a, b) => b.startMs - a.startMs || b.id - a.id);
}

function showEvent({ book, id = 0, asksVersion }: Given): Whole {
  const event = book.get(id);
  return event ? json(200, shown(event, asksVersion)) : unknownEvent();
}

function report({ asked, components, book }: Given): Whole {
  const known = components.map(({ id }) => id);
  const wrong = wrongComponents(asked.json, known) ?? wrongReport(asked.json, asked.nowMs);
  if (wrong !== undefined) return refused(400, wrong);
  const wanted = wantedBy(asked.json);
  const result = wanted.system ? book.report(wanted, asked.nowMs) : book.open(wanted, asked.nowMs);
  return json(200, { result });
}

function change({ asked, book, id = 0, asksVersion }: Given): Whole {
  const event = book.get(id);
  if (!event) return unknownEvent();
  const wrong = wrongChange(asked.json, event, asksVersion);
  if (wrong !== undefined) return refused(400, wrong);
  const body = asked.json as Readonly<Record<string, unknown>>;
  if (asksVersion && body['version'] !== event.version) {
    return refused(409, 'version conflict: event has been modified by another user');
  }
  const atMs = Date.parse(String(body['update_date']));
  const status = String(body['status']);
  if (typeof body['title'] === 'string') event.title = body['title'];
  if (typeof body['description'] === 'string') event.description = body['description'];
  if (typeof body['impact'] === 'number') event.impact = body['impact'];
  if (status === 'resolved') event.endMs = atMs;
  if (status === 'reopened') event.endMs = undefined;
  event.status = status;
  event.updates.push({ status, text: String(body['message']), atMs, impact: event.impact });
  event.version++;
  return json(200, shown(event, asksVersion));
}

function extract({ asked, components, book, id = 0, asksVersion }: Given): Whole {
  const event = book.get(id);
  if (!event) return unknownEvent();
  const known = components.map((each) => each.id);
  const wrong = wrongComponents(asked.json, known) ?? wrongExtract(asked.json, event);
  if (wrong !== undefined) return refused(400, wrong);
  const { components: taken } = asked.json as { readonly components: readonly number[] };
  return json(200, shown(book.extract(event, taken, asked.nowMs), asksVersion));
}

function changeUpdate({ asked, book, id = 0, update = 0 }: Given): Whole {
  const event = book.get(id);
  if (!event) return unknownEvent();
  const { text } = (asked.json ?? {}) as { readonly text?: unknown };
  const old = event.updates[update];
  if (typeof text !== 'string' || text === '') return refused(400, 'text field is required');
  if (!old) return refused(404, 'update does not exist');
  event.updates[update] = { ...old, text };
  return json(200, { id: update, status: old.status, text, timestamp: goTime(old.atMs) });
}

function shown(event: DialectEvent, asksVersion: boolean): object {
  const { id, title, description, impact, components, startMs, endMs, system, type, updates } = event;
  return {
    id,
    title,
    ...(description !== '' && { description }),
    impact,
    components,
    start_date: goTime(startMs),
    ...(endMs !== undefined && { end_date: goTime(endMs) }),
    system,
    type,
    updates: updates.map(({ status, text, atMs }, index) => ({
      id: index,
      status,
      text,
      timestamp: goTime(atMs),
    })),
    ...(asksVersion && { version: event.version }),
    status: event.status,
  };
}

/** Without zeros at the end. */
function goTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.?0+Z$/, 'Z');
}

function unknownEvent(): Whole {
  return refused(404, 'event does not exist');
}

function refused(status: number, errMsg: string): Whole {
  return json(status, { errMsg });
}
