/** CloudMon's first status dashboard, in Python: statuses of components, from which it makes incidents. */
import { systemClock } from '../../model/clock.ts';
import { json, type Whole } from '../reply.ts';
import type { ServerOptions } from '../server.ts';
import { type Asked, type DialectServer, startDialect } from './dialect.ts';
import { componentWith, printed, type StackmonComponent, usualComponents } from './stackmon-components.ts';
import { readFirstToken } from './stackmon-token.ts';
import { readReportBody } from './stackmon-v1-body.ts';
import { type DialectIncident, IncidentBook } from './stackmon-v1-incidents.ts';

export type StackmonV1Options = ServerOptions & {
  /** Default: API and Web. */
  readonly components?: readonly StackmonComponent[];
  /** Absent: no token is asked for. */
  readonly secret?: string;
  /** Before `/v1`: the Go program has none. Default `/api`. */
  readonly prefix?: '/api' | '';
};

export type StackmonV1 = DialectServer & {
  /** Every incident, oldest first. */
  readonly incidents: readonly DialectIncident[];
  readonly addComponent: (added: StackmonComponent) => void;
  /** A human opens an incident; returns its id. */
  readonly openIncident: (impact: number, components: readonly number[], text?: string) => number;
  /** A human closes one. */
  readonly closeIncident: (id: number) => void;
  /** From now on, for an hour; returns its id. */
  readonly startMaintenance: (components: readonly number[]) => number;
};

/** What a token has to say, whatever the value. */
const claim = 'stackmon';
const cachedMs = 30_000;

export async function startStackmonV1(options: StackmonV1Options = {}): Promise<StackmonV1> {
  const clock = options.clock ?? systemClock;
  const components = [...(options.components ?? usualComponents)];
  const book = new IncidentBook();
  const cached = new Map<string, { readonly untilMs: number; readonly found: readonly object[] }>();
  const base = `${options.prefix ?? '/api'}/v1`;

  async function take(asked: Asked): Promise<Whole> {
    if (asked.path === `${base}/incidents`) {
      return asked.method === 'GET' ? json(200, book.all.map(shown)) : error(405, 'Method Not Allowed');
    }
    if (asked.path !== `${base}/component_status`) return error(404, 'Not Found');
    if (asked.method === 'GET') return list(asked);
    return asked.method === 'POST' ? report(asked) : error(405, 'Method Not Allowed');
  }

  async function report(asked: Asked): Promise<Whole> {
    const read = readReportBody(asked);
    if (!read.report) {
      const name = read.status === 400 ? 'Bad Request' : 'Unprocessable Entity';
      return json(read.status, { code: read.status, errors: { json: read.complaints }, status: name });
    }
    const { authorization } = asked.headers;
    const { secret } = options;
    if (
      secret !== undefined &&
      !(await readFirstToken({ authorization, secret, nowMs: asked.nowMs }, claim))
    ) {
      return unauthorized;
    }
    const { name, impact, attributes } = read.report;
    if (impact < 0 || impact > 3) {
      return error(400, 'Bad Request', 'Incident impact is not allowed by configuration');
    }
    const component = componentWith(components, name, attributes);
    // It looks at its name before it looks whether there is one.
    if (!component) return error(500, 'Internal Server Error');
    const { incident, isNews } = book.report(component, read.report, asked.nowMs);
    return isNews ? json(201, shown(incident)) : known(component, incident);
  }

  function list({ query, nowMs }: Asked): Whole {
    const { name = '', attribute_name: key, attribute_value: value } = query;
    const isExact = key !== undefined && value !== undefined;
    const question = JSON.stringify([name, key, value]);
    const kept = cached.get(question);
    if (kept && kept.untilMs > nowMs) return json(200, kept.found);
    const found = isExact
      ? [componentWith(components, name, new Map([[key, value]]))].filter((each) => each !== undefined)
      : components.filter((each) => each.name.startsWith(name));
    if (isExact && found.length === 0) return error(404, 'Not Found', 'Component does not exist');
    const answer = found.map((each) => ({ ...each, incidents: incidentsOf(each) }));
    if (answer.length > 0) cached.set(question, { untilMs: nowMs + cachedMs, found: answer });
    return json(200, answer);
  }

  function incidentsOf({ id }: StackmonComponent): readonly object[] {
    return book.all.filter((each) => each.components.some((held) => held.id === id)).map(shown);
  }

  function held(ids: readonly number[]): readonly StackmonComponent[] {
    return components.filter(({ id }) => ids.includes(id));
  }

  const server = await startDialect(options, take);
  const also = {
    addComponent: (added: StackmonComponent) => void components.push(added),
    openIncident: (impact: number, of: readonly number[], text = 'Something is wrong') =>
      book.open({ impact, text, components: held(of), system: false }, clock.now()).id,
    closeIncident: (id: number) => book.close(id, clock.now()),
    startMaintenance: (of: readonly number[]) => {
      const endMs = clock.now() + 3_600_000;
      const wanted = { impact: 0, text: 'We work on it', components: held(of), system: false, endMs };
      return book.open(wanted, clock.now()).id;
    },
  };
  return Object.assign(Object.create(server, { incidents: { get: () => book.all } }), also) as StackmonV1;
}

const unauthorized: Whole = {
  status: 401,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'www-authenticate': 'Bearer realm="Authentication Required"',
  },
  body: 'Unauthorized Access',
};

/** Its names are in the order of the alphabet. */
function shown({ id, text, impact, startMs, endMs, updates }: DialectIncident): object {
  return {
    end_date: endMs === undefined ? null : minuteOf(endMs),
    id,
    impact,
    start_date: minuteOf(startMs),
    text,
    updates: updates.map((each) => ({
      status: each.status,
      text: each.text,
      timestamp: minuteOf(each.atMs),
    })),
  };
}

function known(component: StackmonComponent, { id, text }: DialectIncident): Whole {
  return json(409, {
    details: 'Check your request parameters',
    existingIncidentId: id,
    existingIncidentTitle: text,
    message: 'Incident with this the component already exists',
    targetComponent: printed(component),
  });
}

function error(code: number, status: string, message?: string): Whole {
  return json(code, { code, ...(message !== undefined && { message }), status });
}

/** `2026-01-20 12:01`, in UTC. */
function minuteOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ');
}
