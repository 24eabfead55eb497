/**
 * A page at Atlassian Statuspage, as its API shows it: components, incidents with updates, and whose they are.
 *
 * It takes 60 requests a minute, and a list that is asked for without pages once a minute.
 */
import { systemClock } from '../../model/clock.ts';
import { json, type Whole } from '../reply.ts';
import type { ServerOptions } from '../server.ts';
import { type Asked, type DialectServer, startDialect } from './dialect.ts';
import { componentErrors, type IncidentKeys, incidentErrors, inside } from './statuspage-body.ts';
import { type PageComponent, PageStore, type StoredIncident } from './statuspage-store.ts';

export type StatuspageServer = DialectServer & {
  readonly components: readonly PageComponent[];
  /** Oldest first. */
  readonly incidents: readonly StoredIncident[];
  /** A human does the same as the API can, and needs no key. */
  readonly human: {
    readonly open: (keys: IncidentKeys) => string;
    readonly change: (id: string, keys: IncidentKeys) => void;
    readonly remove: (id: string) => void;
    readonly addComponent: (component: Partial<PageComponent>) => string;
    readonly setComponent: (id: string, status: string) => void;
  };
};

export type StatuspageOptions = ServerOptions & {
  /** Default: `key`. */
  readonly apiKey?: string;
  /** Default: `page`. */
  readonly pageId?: string;
  /** Default: one, named API. */
  readonly components?: readonly Partial<PageComponent>[];
};

const windowMs = 60_000;
const requestsInWindowMax = 60;
const perPageDefault = 100;

export async function startStatuspage(options: StatuspageOptions = {}): Promise<StatuspageServer> {
  const { apiKey = 'key', pageId = 'page', components = [{ name: 'API' }] } = options;
  const store = new PageStore(components);
  let recent: number[] = [];
  let wholeListsMs: number[] = [];

  function take(asked: Asked): Whole {
    recent = recent.filter((timeMs) => timeMs > asked.nowMs - windowMs);
    if (recent.length >= requestsInWindowMax) return throttled;
    recent.push(asked.nowMs);
    const { authorization } = asked.headers;
    if (authorization !== `OAuth ${apiKey}` && authorization !== apiKey) return unauthorized;
    const below = `/pages/${pageId}/`;
    if (!asked.path.startsWith(below)) return notFound;
    const [kind, id, ...more] = asked.path.slice(below.length).split('/').map(decodeURIComponent);
    if (more.length > 0) return notFound;
    if (kind === 'components') return takeComponent(asked, id);
    return kind === 'incidents' ? takeIncident(asked, id) : notFound;
  }

  function takeIncident(asked: Asked, id: string | undefined): Whole {
    if (asked.method === 'GET') return readIncidents(asked, id);
    if (asked.method === 'POST' && id === undefined) return openIncident(asked);
    return asked.method === 'PATCH' && id !== undefined ? changeIncident(asked, id) : notFound;
  }

  function takeComponent(asked: Asked, id: string | undefined): Whole {
    if (id === undefined) return asked.method === 'GET' ? listComponents(asked) : notFound;
    const component = () => store.components.find((each) => each.id === id);
    if (!component()) return notFound;
    if (asked.method === 'GET') return json(200, component());
    if (asked.method !== 'PATCH' && asked.method !== 'PUT') return notFound;
    const errors = bodyErrors(asked, componentErrors);
    if (errors) return errors;
    store.setComponent(id, String(inside(asked.json, 'component')?.['status']));
    return json(200, component());
  }

  function listComponents(asked: Asked): Whole {
    if (asked.query['page'] === undefined && asked.query['per_page'] === undefined) {
      wholeListsMs = wholeListsMs.filter((timeMs) => timeMs > asked.nowMs - windowMs);
      if (wholeListsMs.length > 0) return throttled;
      wholeListsMs.push(asked.nowMs);
      return json(200, store.components);
    }
    return page(asked, store.components);
  }

  function readIncidents(asked: Asked, id: string | undefined): Whole {
    if (id === 'unresolved') return page(asked, store.unresolved().map(shown));
    const [found] = store.incidents.filter((each) => each.id === id);
    return found ? json(200, shown(found)) : notFound;
  }

  function openIncident(asked: Asked): Whole {
    const { keys, refusal } = readKeys(asked);
    if (refusal) return refusal;
    if ((keys.name ?? '') === '') return json(422, { error: ["Name can't be blank"] });
    return json(201, shown(store.open(keys, asked.nowMs)));
  }

  function changeIncident(asked: Asked, id: string): Whole {
    if (!store.incidents.some((each) => each.id === id)) return notFound;
    const { keys, refusal } = readKeys(asked);
    const changed = refusal ? undefined : store.change(id, keys, asked.nowMs);
    return refusal ?? (changed ? json(200, shown(changed)) : notFound);
  }

  function readKeys(asked: Asked): { readonly keys: IncidentKeys; readonly refusal?: Whole } {
    const ids = new Set(store.components.map((component) => component.id));
    const refusal = bodyErrors(asked, (body) => incidentErrors(body, ids));
    return { keys: (inside(asked.json, 'incident') ?? {}) as IncidentKeys, ...(refusal && { refusal }) };
  }

  function shown(incident: StoredIncident): unknown {
    return incidentView(incident, store, pageId);
  }

  const server = await startDialect(options, take);
  const nowMs = () => (options.clock ?? systemClock).now();
  return Object.defineProperties(server, {
    components: { get: () => store.components },
    incidents: { get: () => store.incidents },
    human: {
      value: {
        open: (keys: IncidentKeys) => store.open(keys, nowMs()).id,
        change: (id: string, keys: IncidentKeys) => void store.change(id, keys, nowMs()),
        remove: (id: string) => store.remove(id),
        addComponent: (component: Partial<PageComponent>) => store.addComponent(component),
        setComponent: (id: string, status: string) => store.setComponent(id, status),
      },
    },
  }) as StatuspageServer;
}

const unauthorized = json(401, { error: 'Could not authenticate' });
const notFound = json(404, { error: 'Not found' });
const throttled = json(420, { error: 'Rate limit exceeded' }, { 'retry-after': '10' });

function bodyErrors(asked: Asked, check: (body: unknown) => readonly string[]): Whole | undefined {
  if (!/^application\/json(;|$)/.test(asked.headers['content-type'] ?? '')) {
    return json(415, { error: 'Unsupported media type' });
  }
  if (asked.json === undefined) return json(400, { error: 'Could not parse the body' });
  const errors = check(asked.json);
  return errors.length > 0 ? json(422, { error: errors }) : undefined;
}

function page({ query }: Asked, all: readonly unknown[]): Whole {
  const at = Number(query['page'] ?? 1);
  const size = Math.min(Number(query['per_page'] ?? perPageDefault), perPageDefault);
  if (!(at >= 1 && size >= 1)) return json(400, { error: 'Invalid page' });
  return json(200, all.slice((at - 1) * size, at * size));
}

function incidentView(incident: StoredIncident, store: PageStore, pageId: string): unknown {
  const { id, name, status, impactOverride, metadata, createdMs, updatedMs, resolvedMs } = incident;
  const time = (timeMs: number) => new Date(timeMs).toISOString();
  return {
    id,
    page_id: pageId,
    name,
    status,
    impact: store.impact(incident),
    impact_override: impactOverride,
    created_at: time(createdMs),
    updated_at: time(updatedMs),
    resolved_at: resolvedMs === undefined ? null : time(resolvedMs),
    components: store.components.filter((component) => incident.componentIds.includes(component.id)),
    metadata,
    incident_updates: incident.updates
      .map((update, index) => ({
        id: `${id}-${index + 1}`,
        incident_id: id,
        status: update.status,
        body: update.body,
        deliver_notifications: update.notified,
      }))
      .reverse(),
  };
}
