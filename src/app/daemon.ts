/**
 * The composition root: starts the reporter, reloads it, stops it.
 *
 * It knows neither signals nor the process, so that two of it can live in one.
 */
import type { Config } from '../config/config.ts';
import { startListener } from '../http/listener.ts';
import { sleep } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import type { Journal } from '../reporter/journal.ts';
import { startLoop } from '../reporter/loop.ts';
import { openProbes } from '../telemetry/probes.ts';
import { type Composition, compose, type Memory, newMemory, type World } from './composition.ts';
import { Lifecycle } from './lifecycle.ts';
import type { Log } from './log.ts';

export type Daemon = {
  /** Takes effect with the next cycle; deliveries under way to unchanged dashboards go on. */
  readonly reload: (config: Config) => void;
  /** Stops polling, gives deliveries under way 4 s, ends. */
  readonly stop: () => Promise<void>;
  /** Rejects when the loop died of a bug. */
  readonly ended: Promise<void>;
  /** Where the telemetry listens; undefined when it is off. */
  readonly telemetryUrl: string | undefined;
};

export async function startDaemon(config: Config, log: Log, world: World): Promise<Daemon> {
  const lifecycle = new Lifecycle();
  const { clock } = world;
  const memory = newMemory(clock);
  const probes = openProbes(clock, () => current.config.reporter.pollIntervalMs);
  const watched = { ...world, journal: beating(world.journal, probes) };
  let current = compose(config, memory, watched);

  const { address, port } = config.telemetry;
  const listener = port > 0 ? await startListener(address, port, probes.routes) : undefined;
  if (listener) {
    lifecycle.onStop('telemetry', listener.stop);
    log.info({ url: listener.url }, 'Telemetry is listening');
  }

  lifecycle.onStop('deliveries', () => drainAll(current, clock));
  announce(config, log);
  const loop = startLoop(current.cycle);
  lifecycle.onStop('loop', async () => {
    const stopped = loop.stop();
    current.convertor.stop();
    await stopped;
  });
  return {
    telemetryUrl: listener?.url,
    ended: loop.ended,
    stop: () => lifecycle.stop(log),
    reload: (next) => {
      const before = current;
      current = compose(next, memory, watched, before);
      // The cycle under way still asks the old convertor: it is let go when the next one begins.
      void loop.replace(current.cycle).then(() => before.convertor.stop());
      void drainDropped(before, current, clock);
      forgetRemoved(current, memory, log);
      announce(next, log);
    },
  };
}

/** Lets the probes hear every sign of life of the loop. */
function beating(journal: Journal, probes: ReturnType<typeof openProbes>): Journal {
  return {
    ...journal,
    read: (reading) => {
      probes.beat();
      journal.read(reading);
    },
    cycleDone: (durationMs, readings) => {
      probes.beat();
      probes.cycleDone();
      journal.cycleDone(durationMs, readings);
    },
  };
}

async function drainAll(composition: Composition, clock: World['clock']): Promise<void> {
  await drain([...composition.cycle.dashboards], clock);
}

/** What the new configuration does not take over: a changed or removed dashboard. */
async function drainDropped(before: Composition, after: Composition, clock: World['clock']): Promise<void> {
  await drain(
    before.cycle.dashboards.filter((deliveries) => !after.cycle.dashboards.includes(deliveries)),
    clock,
  );
}

async function drain(all: Composition['cycle']['dashboards'], clock: World['clock']): Promise<void> {
  const deadline = new AbortController();
  const isDone = new AbortController();
  void sleep(clock, limits.drainMs, isDone.signal).then(() => deadline.abort());
  await Promise.all(all.map((deliveries) => deliveries.drain(deadline.signal)));
  isDone.abort();
}

function forgetRemoved({ cycle }: Composition, { ledger, absence }: Memory, log: Log): void {
  const policies = cycle.dashboards.map((deliveries) => deliveries.parts.policy);
  const keys = new Set(cycle.settings.targets.map((target) => target.key));
  absence.keepOnly(keys);
  for (const { incident, told } of ledger.keepOnly(policies, keys)) {
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

function announce({ reporter, convertor, dashboards }: Config, log: Log): void {
  log.info(
    {
      targets: reporter.targets.length,
      poll_interval_s: reporter.pollIntervalMs / 1000,
      convertor: new URL(convertor.url).host,
      dashboards: dashboards.map(({ name, kind, mode }) => `${name} (${kind}, ${mode})`),
    },
    'Reporter is running',
  );
}
