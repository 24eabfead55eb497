/** Cachet 2: plain JSON. Reading needs no token; a filter beside a page breaks the list. */
import { json, type Whole } from '../reply.ts';
import { wrongKeys } from './cachet-checks.ts';
import { type CachetComponent, type CachetIncident, type CachetStore, fixed } from './cachet-store.ts';
import type { Asked } from './dialect.ts';

/** Every other parameter of a list is taken for a column. */
const listing = ['sort', 'order', 'per_page'];
const columns = ['id', 'user_id', 'component_id', 'name', 'status', 'visible', 'stickied'];

const refusals: Readonly<Record<number, readonly [title: string, detail: string]>> = {
  400: ['Bad Request', 'The request cannot be fulfilled due to bad syntax.'],
  401: ['Unauthorized', 'You are not authorized to view this content.'],
  404: ['Not Found', 'The resource you are looking for cannot be found.'],
  405: ['Method Not Allowed', 'The method is not allowed.'],
  500: ['Internal Server Error', 'An error has occurred and this resource cannot be displayed.'],
};

export function takeV2(asked: Asked, place: string, store: CachetStore, token: string): Whole {
  const [, kind, id, below] = /^\/(incidents|components)(?:\/(\d+))?(?:\/(updates))?$/.exec(place) ?? [];
  if (kind === undefined) return refused(404);
  if (asked.method === 'GET') return read(asked, kind, id, store);
  if (asked.headers['x-cachet-token'] !== token) return refused(401);
  const what = `${asked.method} ${kind}${id === undefined ? '' : '/id'}${below ? '/updates' : ''}`;
  const errors = wrongKeys(what, asked.json, store, 2);
  if (errors === undefined) return refused(405);
  const known = kind === 'components' ? store.component(Number(id)) : store.incident(Number(id));
  if (id !== undefined && !known) return refused(404);
  const details = [...Object.values(errors).flat(), ...lonely(asked.json)];
  return details.length > 0 ? refused(400, details) : write(asked, what, Number(id), store);
}

function read(asked: Asked, kind: string, id: string | undefined, store: CachetStore): Whole {
  const one = kind === 'components' ? store.component(Number(id)) : store.incident(Number(id));
  const view = (each: CachetIncident | CachetComponent) =>
    'updates' in each ? incidentView(each) : componentView(each);
  if (id !== undefined) return one ? json(200, { data: view(one) }) : refused(404);
  const all = kind === 'components' ? store.components : store.incidents;
  const search = Object.entries(asked.query).filter(([key]) => !listing.includes(key));
  const isFiltered = search.some(([key]) => columns.includes(key));
  if (isFiltered && search.some(([key]) => !columns.includes(key))) return refused(500);
  const wanted = isFiltered
    ? all.filter((each) => {
        const row = view(each) as Readonly<Record<string, unknown>>;
        return search.every(([key, value]) => String(row[key]) === value);
      })
    : all;
  const sorted = asked.query['sort'] === undefined ? wanted : [...wanted].reverse();
  const perPage = Number(asked.query['per_page'] ?? 20);
  const page = Number(asked.query['page'] ?? 1);
  const data = sorted.slice((page - 1) * perPage, page * perPage).map(view);
  const pagination = { total: sorted.length, count: data.length, per_page: perPage, current_page: page };
  return json(200, { meta: { pagination }, data });
}

function write(asked: Asked, what: string, id: number, store: CachetStore): Whole {
  const body = asked.json as Readonly<Record<string, never>>;
  const status = Number(body['component_status']);
  const component =
    body['component_id'] === undefined ? undefined : { id: Number(body['component_id']), status };
  const { name, message, notify, meta } = body;
  switch (what) {
    case 'POST incidents':
    case 'PUT incidents/id': {
      const given = { name, message, meta, component, status: body['status'], notifications: notify };
      const change = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      // What is left out is set to its default, at every change.
      const looks = { visible: Number(body['visible'] ?? 1), stickied: Boolean(body['stickied'] ?? false) };
      const incident =
        what === 'POST incidents'
          ? store.open({ ...change, ...looks }, asked.nowMs)
          : store.change(id, { ...change, ...looks });
      if (component) store.setComponent(component.id, component.status);
      return json(200, { data: incident && incidentView(incident) });
    }
    case 'POST incidents/id/updates':
      return json(200, {
        data: { incident_id: id, ...store.update(id, body['status'] ?? 1, message ?? '') },
      });
    default: {
      store.setComponent(id, body['status'] ?? 1);
      const changed = store.component(id);
      return json(200, { data: changed && componentView(changed) });
    }
  }
}

/** A component is named with its status, and the other way round. */
function lonely(body: unknown): readonly string[] {
  const { component_id: id, component_status: status } = body as Readonly<Record<string, unknown>>;
  return (id === undefined) === (status === undefined) ? [] : ['The status format is invalid.'];
}

function refused(status: number, details: readonly string[] = []): Whole {
  const [title, detail] = refusals[status] ?? ['', ''];
  const meta = details.length > 0 ? { meta: { details } } : {};
  const id = '00000000-0000-4000-8000-000000000000';
  return json(status, { errors: [{ id, status, title, detail, ...meta }] });
}

function componentView({ id, name, status }: CachetComponent): Readonly<Record<string, unknown>> {
  return { id, name, status, enabled: true };
}

function incidentView(incident: CachetIncident): Readonly<Record<string, unknown>> {
  const { id, name, message, status, visible, stickied, notifications, component, meta, updates } = incident;
  return {
    id,
    component_id: component?.id ?? 0,
    name,
    status,
    visible,
    stickied,
    notifications,
    message,
    meta: Object.entries(meta).map(([key, value], index) => ({
      id: index + 1,
      key,
      value,
      meta_id: id,
      meta_type: 'incidents',
    })),
    updates: [...updates].reverse().map((update) => ({ incident_id: id, ...update })),
    is_resolved: status === fixed,
  };
}
