/** Cachet 3: JSON:API, with Laravel's words for what it refuses. */
import { json, type Whole } from '../reply.ts';
import { wrongKeys } from './cachet-checks.ts';
import { type CachetComponent, type CachetIncident, type CachetStore, fixed } from './cachet-store.ts';
import type { Asked } from './dialect.ts';

export type V3Options = {
  readonly token: string;
  /** What the token may do. */
  readonly abilities: readonly string[];
};

const incidentFilters = ['name', 'status', 'occurs_after', 'occurs_before', 'occurs_on', 'meta'];
const incidentIncludes = ['components', 'components.group', 'updates', 'user', 'meta'];
const statusWords = ['Unknown', 'Investigating', 'Identified', 'Watching', 'Fixed'];

export function takeV3(asked: Asked, place: string, store: CachetStore, options: V3Options): Whole {
  // Who does not ask for JSON is led to the page for people.
  if (!/json/.test(asked.headers.accept ?? '')) return { status: 302, headers: { location: '/login' } };
  const [, kind, id, below] = /^\/(incidents|components)(?:\/(\d+))?(?:\/(updates))?$/.exec(place) ?? [];
  if (kind === undefined) return json(404, { message: `The route ${place.slice(1)} could not be found.` });
  if (asked.method === 'GET') return read(asked, kind, id, store);
  if (asked.headers.authorization !== `Bearer ${options.token}`) {
    return json(401, { message: 'Unauthenticated.' });
  }
  const ability = below === undefined ? `${kind}.manage` : 'incident-updates.manage';
  if (!options.abilities.includes(ability)) return json(403, { message: 'Invalid ability provided.' });
  return write(
    asked,
    `${asked.method} ${kind}${id === undefined ? '' : '/id'}${below ? '/updates' : ''}`,
    id,
    store,
  );
}

function read(asked: Asked, kind: string, id: string | undefined, store: CachetStore): Whole {
  if (kind === 'components') {
    if (id === undefined)
      return listed(
        asked,
        store.components.map((each) => componentView(each)),
      );
    const component = store.component(Number(id));
    return component ? json(200, { data: componentView(component) }) : missing('Component', id);
  }
  const includes = (asked.query['include'] ?? '').split(',').filter((word) => word !== '');
  const unknown = includes.find((word) => !incidentIncludes.includes(word));
  if (unknown) return json(400, { message: `Requested include(s) \`${unknown}\` are not allowed.` });
  if (id !== undefined) {
    const incident = store.incident(Number(id));
    return incident
      ? json(200, {
          data: incidentView(incident, includes),
          included: includedWith([incident], includes, store),
        })
      : missing('Incident', id);
  }
  const filtered = filteredIncidents(asked, store);
  if (!Array.isArray(filtered)) return filtered as Whole;
  return listed(
    asked,
    filtered.map((each) => incidentView(each, includes)),
    includedWith(filtered, includes, store),
  );
}

/** A filter's value ends at a comma; of metadata it is then no text any more, and does not filter. */
function filteredIncidents(asked: Asked, store: CachetStore): CachetIncident[] | Whole {
  let found = [...store.incidents].reverse();
  for (const [key, value] of Object.entries(asked.query)) {
    const [, name = '', inside] = /^filter\[(\w+)\](?:\[([^\]]+)\])?$/.exec(key) ?? [];
    if (!key.startsWith('filter')) continue;
    if (!incidentFilters.includes(name)) {
      return json(400, { message: `Requested filter(s) \`${name}\` are not allowed.` });
    }
    const values = value.split(',');
    if (name === 'status') found = found.filter(({ status }) => values.includes(String(status)));
    if (name === 'meta' && inside !== undefined && values.length === 1) {
      found = found.filter(({ meta }) => meta[inside] === value);
    }
  }
  return found;
}

function write(asked: Asked, what: string, id: string | undefined, store: CachetStore): Whole {
  const errors = wrongKeys(what, asked.json, store);
  if (errors === undefined) return json(405, { message: 'The method is not supported for this route.' });
  const known = what.includes('components') ? store.component(Number(id)) : store.incident(Number(id));
  if (id !== undefined && !known) return missing(what.includes('components') ? 'Component' : 'Incident', id);
  const [first] = Object.values(errors).flat();
  if (first !== undefined) return json(422, { message: first, errors });
  const body = asked.json as Readonly<Record<string, never>>;
  switch (what) {
    case 'POST incidents': {
      const [component] = (body['components'] ?? []) as readonly { id: number; status: number }[];
      const { name, message, status, stickied, notifications, meta } = body;
      const opening = { name, message, status, stickied, notifications, meta, component };
      const given = Object.entries(opening).filter(([, value]) => value !== undefined);
      const visible = Number(body['visible'] ?? 0);
      const incident = store.open({ ...Object.fromEntries(given), visible }, asked.nowMs);
      return json(201, { data: incidentView(incident, []) });
    }
    case 'PUT incidents/id': {
      const incident = store.change(Number(id), body);
      return json(200, { data: incident && incidentView(incident, []) });
    }
    case 'POST incidents/id/updates': {
      const update = store.update(Number(id), body['status'] ?? 1, body['message'] ?? '');
      return json(201, { data: updateView(update) });
    }
    default: {
      store.setComponent(Number(id), body['status'] ?? 1);
      const component = store.component(Number(id));
      return json(200, { data: component && componentView(component) });
    }
  }
}

/** What the page shows: what the newest open incident says of it, else its own status. */
export function shownStatus(component: CachetComponent, store: CachetStore): number {
  const open = store.incidents.filter((each) => each.status !== fixed && each.component?.id === component.id);
  return open.at(-1)?.component?.status ?? component.status;
}

function missing(model: string, id: string): Whole {
  return json(404, { message: `No query results for model [Cachet\\Models\\${model}] ${id}` });
}

function listed({ query }: Asked, all: readonly unknown[], included: readonly unknown[] = []): Whole {
  const perPage = Math.min(100, Math.max(1, Number(query['per_page'] ?? 15)));
  const page = Math.max(1, Number(query['page'] ?? 1));
  const data = all.slice((page - 1) * perPage, page * perPage);
  return json(200, { data, included, meta: { current_page: page, per_page: perPage } });
}

function incidentView(incident: CachetIncident, includes: readonly string[]): unknown {
  const { id, name, message, visible, stickied, notifications, status, meta, component, updates } = incident;
  return {
    id: String(id),
    type: 'incidents',
    attributes: {
      id,
      name,
      message,
      visible,
      stickied,
      notifications,
      ...(includes.includes('meta') && { meta }),
      status: { human: statusWords[status], value: status },
    },
    relationships: {
      ...(includes.includes('components') && {
        components: { data: component ? [{ id: String(component.id), type: 'components' }] : [] },
      }),
      ...(includes.includes('updates') && {
        updates: { data: updates.map((update) => ({ id: String(update.id), type: 'updates' })) },
      }),
    },
  };
}

function includedWith(
  incidents: readonly CachetIncident[],
  includes: readonly string[],
  store: CachetStore,
): readonly unknown[] {
  const components = incidents.flatMap(({ component }) => {
    const found = component && store.component(component.id);
    return found ? [componentView(found, component.status)] : [];
  });
  return [
    ...(includes.includes('components') ? components : []),
    ...(includes.includes('updates') ? incidents.flatMap(({ updates }) => updates.map(updateView)) : []),
  ];
}

function componentView({ id, name, status }: CachetComponent, pivot?: number): unknown {
  return {
    id: String(id),
    type: 'components',
    attributes: {
      id,
      name,
      status: { value: status },
      enabled: true,
      ...(pivot !== undefined && { pivot: { component_status: { value: pivot } } }),
    },
  };
}

function updateView({ id, status, message }: CachetIncident['updates'][number]): unknown {
  const said = { human: statusWords[status], value: status };
  return { id: String(id), type: 'updates', attributes: { id, message, status: said } };
}
