/**
 * The composition root: starts the reporter, reloads it, stops it.
 *
 * It knows neither signals nor the process, so that two of it can live in one.
 */
import type { CommonConfig, Config } from '../config/config.ts';
import { toAll } from '../model/hearing.ts';
import { startLoop } from '../reporter/loop.ts';
import { openCollecting } from './collector.ts';
import { addresseesOf, type Composition, compose, giveUp, type Memory, newMemory } from './composition.ts';
import { drainAll } from './drain.ts';
import { openKeeping } from './keeping.ts';
import { Lifecycle } from './lifecycle.ts';
import type { Log } from './log.ts';
import { listen, show, startTelemetry, warnOfRestart } from './telemetry.ts';
import type { World } from './world.ts';

export type Daemon<Of extends CommonConfig = Config> = {
  /** Takes effect with the next cycle; deliveries under way to unchanged dashboards go on. */
  readonly reload: (config: Of) => void;
  /** A configuration was not fit for a reload: the telemetry says so. */
  readonly refuseReload: () => void;
  /** Stops polling, gives deliveries under way 4 s, ends. */
  readonly stop: () => Promise<void>;
  /** Rejects when the loop died of a bug. */
  readonly ended: Promise<void>;
  /** Where the telemetry listens; undefined when it is off. */
  readonly telemetryUrl: string | undefined;
  /** Where the collector listens; undefined without one. */
  readonly collectorUrl: string | undefined;
};

export async function startDaemon(config: Config, log: Log, world: World): Promise<Daemon> {
  const lifecycle = new Lifecycle();
  const { clock } = world;
  const { collector, maintenance } = config;
  const keeping = await openKeeping(config.reporter.stateDir, world);
  lifecycle.onStop('state', keeping.stop);
  const memory = newMemory(clock, keeping);
  const collecting = collector && (await openCollecting(collector, maintenance, world, log));
  const telemetry = await startTelemetry(config, world, () => inFlight(current), collecting?.parts);
  const watched: World = {
    ...world,
    journal: toAll(world.journal, [telemetry?.witness ?? [], keeping.listeners, world.journal].flat()),
    ...(collecting && { inside: collecting.inside }),
  };
  let current: Composition = compose(config, memory, watched, () => current);
  /** Clients that a cycle may still be asking, and deliveries that a reload gave up. */
  const clients = new Set([current.convertor.value.client]);
  const handedOver = new Set<Promise<void>>();

  const listening = telemetry && (await listen(config, telemetry, clock, lifecycle, log));
  if (telemetry) await collecting?.listen(telemetry, lifecycle);

  lifecycle.onStop('deliveries', async () => {
    const all = addresseesOf(current);
    await Promise.all([drainAll(all, clock, (one, deadline) => one.drain(deadline)), ...handedOver]);
  });
  keeping.configured(config.reporter.targets);
  forgetRemoved(current, memory, clock.now(), log);
  announce(config, keeping.place, log);
  const loop = startLoop(current.cycle);
  lifecycle.onStop('loop', async () => {
    const stopped = loop.stop();
    for (const client of clients) client.stop();
    await stopped;
  });

  return {
    telemetryUrl: listening?.url,
    collectorUrl: collecting?.url(),
    ended: loop.ended,
    stop: () => {
      telemetry?.drain();
      collecting?.drain();
      return lifecycle.stop(log);
    },
    refuseReload: () => telemetry?.refuseReload(),
    reload: (next) => {
      if (next.convertor.url === undefined && !collecting) {
        log.error('A collector is started at the start only: restart to ask it; the old configuration stays');
        telemetry?.refuseReload();
        return;
      }
      const before = current;
      if (telemetry) show(next, telemetry);
      listening?.reload(next);
      warnOfRestart(config, next, log);
      if (collecting) collecting.reload(next.collector, next.maintenance);
      else if (next.collector) log.warn('A collector is started at the start only: restart to have one');
      current = compose(next, memory, watched, () => current, before);
      clients.add(current.convertor.value.client);
      // The cycle under way still asks the old convertor, and writes down what it learns.
      void loop.replace(current.cycle).then(() => {
        for (const old of clients) {
          if (old === current.convertor.value.client) continue;
          old.stop();
          clients.delete(old);
        }
        forgetRemoved(current, memory, clock.now(), log);
      });
      const goingOn = addresseesOf(current);
      const given = [...before.addressees].filter(([, { value }]) => !goingOn.includes(value));
      for (const [name, { value }] of given) giveUp(name, value, memory);
      const ended = drainAll(
        given.map(([, { value }]) => value),
        clock,
        (one, deadline) => one.handOver(deadline),
      );
      handedOver.add(ended);
      void ended.finally(() => handedOver.delete(ended));
      keeping.configured(next.reporter.targets);
      announce(next, keeping.place, log);
    },
  };
}

function inFlight({ addressees }: Composition): ReadonlyMap<string, number> {
  return new Map([...addressees].map(([name, { value }]) => [name, value.inFlight]));
}

function forgetRemoved(
  { config }: Composition,
  { ledger, absence, underMaintenance }: Memory,
  nowMs: number,
  log: Log,
): void {
  const { targets } = config.reporter;
  const keys = new Set(targets.map((target) => target.key));
  absence.keepOnly(keys);
  underMaintenance.keepOnly(keys);
  for (const { incident, told } of ledger.keepOnly(config.dashboards, targets, nowMs)) {
    const member = incident?.members[0];
    if (!member) continue;
    log.warn(
      {
        service: member.service,
        environment: member.environment,
        dashboard: incident.dashboard,
        status: told?.status,
      },
      'Open incident is left as it is: its target or dashboard is no longer configured',
    );
  }
}

function announce({ reporter, convertor, dashboards }: Config, place: string, log: Log): void {
  log.info(
    {
      targets: reporter.targets.length,
      poll_interval_s: reporter.pollIntervalMs / 1000,
      convertor: convertor.url === undefined ? 'in this process' : new URL(convertor.url).host,
      state: place,
      dashboards: dashboards.map(({ name, kind, mode }) => `${name} (${kind}, ${mode})`),
    },
    'Reporter is running',
  );
}
