/** The collector of a daemon: where it listens, what a reload changes, how it ends. */
import type { Collector } from '../collector/collector.ts';
import type { CollectorSettings } from '../collector/settings.ts';
import type { Inside } from '../convertor/inside.ts';
import { bearerGuard } from '../http/bearer.ts';
import type { Listener } from '../http/listener.ts';
import type { Route } from '../http/routes.ts';
import type { Maintenance } from '../maintenance/settings.ts';
import { openMaintenance } from '../maintenance/windows.ts';
import { sleep } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import type { CollectorParts } from '../telemetry/collector-parts.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { collectorJournal } from './collector-journal.ts';
import { fingerprint } from './fingerprint.ts';
import type { Lifecycle } from './lifecycle.ts';
import { bugJournal, startLogged } from './listening.ts';
import type { Log } from './log.ts';
import type { World } from './world.ts';

export type Collecting = {
  /** What the telemetry is given. */
  readonly parts: CollectorParts;
  /** What the reporter of the same process may ask. */
  readonly inside: Inside;
  /** Undefined before it listens. */
  readonly url: () => string | undefined;
  /** Opens its door; the pages for people and machines are the telemetry's. */
  readonly listen: (telemetry: Telemetry, lifecycle: Lifecycle) => Promise<void>;
  readonly reload: (settings: CollectorSettings | undefined, maintenance: readonly Maintenance[]) => void;
  /** From now on nothing is taken. */
  readonly drain: () => void;
  /** For who never listens. */
  readonly stop: () => Promise<void>;
};

/** Loaded only where one is configured. */
export async function openCollecting(
  settings: CollectorSettings,
  maintenance: readonly Maintenance[],
  { clock, nodeName, relieve }: World,
  log: Log,
): Promise<Collecting> {
  const { openCollector } = await import('../collector/collector.ts');
  const journal = collectorJournal(log, clock);
  let windows = openMaintenance(maintenance);
  const parts = { clock, journal, nodeName, fingerprint, maintenance: () => windows };
  const collector = openCollector(settings, parts);
  let current = settings;
  let listener: Listener | undefined;

  return {
    parts: {
      facts: () => ({
        ...collector.facts(),
        url: listener?.url ?? '',
        isGuarded: current.bearerToken !== undefined,
      }),
      families: collector.families,
      printable: collector.printable,
    },
    inside: { routes: collector.inside, onBug: bugJournal(clock, log) },
    url: () => listener?.url,
    listen: async (telemetry, lifecycle) => {
      const { address, port } = settings;
      const pages = {
        routes: new Map<string, Route>([...telemetry.serverRoutes(), ...collector.routes]),
        intakes: collector.intakes,
        probes: telemetry.probes,
        guard: bearerGuard(() => current.bearerToken),
      };
      const place = { address, port, relieve, perAddressMax: limits.connectionsMax };
      listener = await startLogged('Collector', place, pages, clock, log);
      lifecycle.onStop('server', listener.stop);
      lifecycle.onStop('collector', collector.stop);
      // Whoever has not heard yet that this one goes is told to come again, instead of finding nobody.
      lifecycle.onStop('refusals', () => sleep(clock, limits.collectorDrainMs));
      collector.start();
      announce(collector, settings, listener.url, log);
    },
    reload: (next, planned) => {
      windows = openMaintenance(planned);
      if (!next) {
        log.warn('The collector goes on as it was, and answers by its old rules: restart to end it');
        return;
      }
      if (!isSameButLive(settings, next)) {
        log.warn(
          'Of server and collector a reload changes rate, environment, bearer_token, sources and what health is made of: restart to change the rest',
        );
      }
      current = next;
      collector.reload(next);
    },
    drain: collector.drain,
    stop: collector.stop,
  };
}

/** Whether nothing changed but what a reload changes. */
function isSameButLive(one: CollectorSettings, other: CollectorSettings): boolean {
  return fingerprint(fixed(one)) === fingerprint(fixed(other));
}

function fixed(settings: CollectorSettings): object {
  const {
    rate: _rate,
    environment: _environment,
    bearerToken: _token,
    sources: _sources,
    health: _health,
    ...rest
  } = settings;
  return rest;
}

function announce({ facts }: Collector, settings: CollectorSettings, url: string, log: Log): void {
  log.info(
    {
      url,
      history: facts().historyText,
      cleanup_interval_s: settings.cleanupIntervalMs / 1000,
      collect_interval_s: settings.collectIntervalMs / 1000,
      sources: settings.sources.map(({ type }) => type),
      token: settings.bearerToken ? 'required' : 'none',
      health_services: settings.health?.services.length ?? 0,
      datasource: settings.health?.datasource.type ?? 'none',
    },
    'Collector is listening',
  );
}
