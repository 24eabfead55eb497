/** A page of Cachet, version 3 or 2, as its API shows it. Version 3 takes 300 requests a minute. */
import { systemClock } from '../../model/clock.ts';
import { json, type Whole } from '../reply.ts';
import type { ServerOptions } from '../server.ts';
import { type CachetComponent, type CachetIncident, CachetStore, type Opening } from './cachet-store.ts';
import { takeV2 } from './cachet-v2.ts';
import { shownStatus, takeV3 } from './cachet-v3.ts';
import { type Asked, type DialectServer, startDialect } from './dialect.ts';

export type CachetServer = DialectServer & {
  readonly components: readonly CachetComponent[];
  /** Oldest first. */
  readonly incidents: readonly CachetIncident[];
  /** A component's status as people see it; undefined where there is none. */
  readonly shown: (component: number) => number | undefined;
  /** A human does the same as the API can, and needs no token. */
  readonly human: {
    readonly open: (opening: Opening) => number;
    readonly change: (id: number, change: Opening) => void;
    readonly update: (id: number, status: number, message: string) => void;
    readonly remove: (id: number) => void;
    readonly addComponent: (component: Partial<CachetComponent>) => number;
    readonly removeComponent: (id: number) => void;
    readonly setComponent: (id: number, status: number) => void;
  };
};

export type CachetOptions = ServerOptions & {
  /** Default: 3. */
  readonly version?: 2 | 3;
  /** Where the page is on its host; default: at the root. */
  readonly path?: string;
  /** Default: `token`. */
  readonly token?: string;
  /** What the token may do in version 3. Default: everything. */
  readonly abilities?: readonly string[];
  /** Default: one, named API. */
  readonly components?: readonly Partial<CachetComponent>[];
};

const everything = ['incidents.manage', 'incident-updates.manage', 'components.manage'];
const windowMs = 60_000;
const requestsInWindowMax = 300;

export async function startCachet(options: CachetOptions = {}): Promise<CachetServer> {
  const { version = 3, path = '', token = 'token', components = [{ name: 'API' }] } = options;
  const { abilities = everything } = options;
  const store = new CachetStore(components);
  const prefix = `${path}${version === 2 ? '/api/v1' : '/api'}`;
  let recent: number[] = [];

  function take(asked: Asked): Whole {
    if (!asked.path.startsWith(`${prefix}/`))
      return { status: 404, headers: html, body: '<h1>Not Found</h1>' };
    const place = asked.path.slice(prefix.length);
    if (version === 2) return takeV2(asked, place, store, token);
    recent = recent.filter((timeMs) => timeMs > asked.nowMs - windowMs);
    if (recent.length >= requestsInWindowMax) return throttled;
    recent.push(asked.nowMs);
    return takeV3(asked, place, store, { token, abilities });
  }

  const server = await startDialect(options, take);
  const nowMs = () => (options.clock ?? systemClock).now();
  return Object.defineProperties(server, {
    components: { get: () => store.components },
    incidents: { get: () => store.incidents },
    shown: {
      value: (id: number) => {
        const component = store.component(id);
        return component && (version === 2 ? component.status : shownStatus(component, store));
      },
    },
    human: {
      value: {
        open: (opening: Opening) => store.open(opening, nowMs()).id,
        change: (id: number, change: Opening) => void store.change(id, change),
        update: (id: number, status: number, message: string) => void store.update(id, status, message),
        remove: (id: number) => store.remove(id),
        addComponent: (component: Partial<CachetComponent>) => store.addComponent(component),
        removeComponent: (id: number) => store.removeComponent(id),
        setComponent: (id: number, status: number) => store.setComponent(id, status),
      },
    },
  }) as CachetServer;
}

const html = { 'content-type': 'text/html' };
const throttled = json(429, { message: 'Too Many Attempts.' }, { 'retry-after': '30' });
