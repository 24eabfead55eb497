/** One cycle and all its deliveries, for `run --once`. */
import type { Config } from '../config/config.ts';
import type { Failure } from '../model/failure.ts';
import type { Action } from '../model/incident.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Reading } from '../model/reading.ts';
import { runCycle } from '../reporter/cycle.ts';
import { openCollecting } from './collector.ts';
import { type Composition, compose, dashboardsOf, newMemory, type World } from './composition.ts';
import { drainAll } from './drain.ts';
import type { Log } from './log.ts';

type Delivered = {
  readonly action: Action;
  /** `recorded`: decided, and sent to nobody, because of `mode: record` or `--dry-run`. */
  readonly outcome: Outcome | 'recorded';
  readonly failure: Failure | undefined;
};

export type OnceResult = { readonly readings: readonly Reading[]; readonly deliveries: readonly Delivered[] };

export async function runOnce(
  config: Config,
  world: World,
  log: Log,
  stop: AbortSignal,
): Promise<OnceResult> {
  const readings: Reading[] = [];
  const delivered: Delivered[] = [];
  const { journal } = world;
  // It answers from where its flags are; nobody can push to it, so it does not listen.
  const { collector, maintenance } = config;
  const collecting = collector && (await openCollecting(collector, maintenance, world, log));
  const watched: World = {
    ...world,
    ...(collecting && { inside: collecting.inside }),
    journal: {
      ...journal,
      read: (reading) => {
        readings.push(reading);
        journal.read(reading);
      },
      delivered: (action, outcome, failure, answer) => {
        delivered.push({ action, outcome, failure });
        journal.delivered(action, outcome, failure, answer);
      },
      recorded: (action, preview) => {
        delivered.push({ action, outcome: 'recorded', failure: undefined });
        journal.recorded(action, preview);
      },
    },
  };
  if (config.convertor.url === undefined && collector?.health?.datasource.type === 'embedded') {
    log.warn(
      'One cycle asks series that nobody has pushed yet, so there is no data: set datasource.url or convertor.url for --once',
    );
  }
  try {
    await cycle(config, watched, stop);
  } finally {
    await collecting?.stop();
  }
  return { readings, deliveries: delivered };
}

async function cycle(config: Config, world: World, stop: AbortSignal): Promise<void> {
  const composed: Composition = compose(config, newMemory(world.clock), world, () => composed);
  const { client } = composed.convertor.value;
  stop.addEventListener('abort', () => client.stop(), { once: true });
  try {
    await runCycle(composed.cycle, stop);
    const all = dashboardsOf(composed);
    await Promise.race([Promise.all(all.map((deliveries) => deliveries.idle())), aborted(stop)]);
    await drainAll(all, world.clock, (deliveries, deadline) => deliveries.drain(deadline));
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
