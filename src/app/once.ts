/** One cycle and all its deliveries, for `run --once`. */
import type { Config } from '../config/config.ts';
import type { Failure } from '../model/failure.ts';
import { toAll } from '../model/hearing.ts';
import type { Action } from '../model/incident.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Reading } from '../model/reading.ts';
import { runCycle } from '../reporter/cycle.ts';
import { openCollecting } from './collector.ts';
import { addresseesOf, type Composition, compose, type Memory, newMemory } from './composition.ts';
import { drainAll } from './drain.ts';
import { openKeeping } from './keeping.ts';
import type { Log } from './log.ts';
import type { World } from './world.ts';

type Delivered = {
  readonly action: Action;
  /** `recorded`: decided, and sent to nobody, because of `mode: record` or `--dry-run`. */
  readonly outcome: Outcome | 'recorded';
  readonly failure: Failure | undefined;
};

export type OnceResult = {
  readonly readings: readonly Reading[];
  readonly deliveries: readonly Delivered[];
  /** The dashboards that were told nothing because their kind is not known, and why, where an attempt failed. */
  readonly undecided: ReadonlyMap<string, Failure | undefined>;
};

export async function runOnce(
  config: Config,
  world: World,
  log: Log,
  stop: AbortSignal,
): Promise<OnceResult> {
  const readings: Reading[] = [];
  const delivered: Delivered[] = [];
  const undecided = new Map<string, Failure | undefined>();
  const keeping = await openKeeping(config.reporter.stateDir, world);
  // It answers from where its flags are; nobody can push to it, so it does not listen.
  const { collector, maintenance } = config;
  const collecting = collector && (await openCollecting(collector, maintenance, world, log));
  const watched: World = {
    ...world,
    ...(collecting && { inside: collecting.inside }),
    journal: toAll(world.journal, [
      ...keeping.listeners,
      {
        read: (reading) => void readings.push(reading),
        delivered: (action, outcome, failure) => void delivered.push({ action, outcome, failure }),
        recorded: (action) => void delivered.push({ action, outcome: 'recorded', failure: undefined }),
        undecided: (dashboard, failure) => void undecided.set(dashboard, failure),
        decided: (dashboard) => void undecided.delete(dashboard),
      },
      world.journal,
    ]),
  };
  if (config.convertor.url === undefined && collector?.health?.datasource.type === 'embedded') {
    log.warn(
      'One cycle asks series that nobody has pushed yet, so there is no data: set datasource.url or convertor.url for --once',
    );
  }
  try {
    keeping.configured(config.reporter.targets);
    await cycle(config, newMemory(world.clock, keeping), watched, stop);
  } finally {
    await collecting?.stop();
    await keeping.stop();
  }
  return { readings, deliveries: delivered, undecided };
}

async function cycle(config: Config, memory: Memory, world: World, stop: AbortSignal): Promise<void> {
  const composed: Composition = compose(config, memory, world, () => composed);
  const { client } = composed.convertor.value;
  stop.addEventListener('abort', () => client.stop(), { once: true });
  try {
    const all = addresseesOf(composed);
    await Promise.race([Promise.all(all.map((one) => one.ready())), aborted(stop)]);
    await runCycle(composed.cycle, stop);
    await Promise.race([Promise.all(all.map((one) => one.idle())), aborted(stop)]);
    await drainAll(all, world.clock, (one, deadline) => one.drain(deadline));
  } finally {
    client.stop();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
