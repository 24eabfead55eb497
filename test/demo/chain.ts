/** The demo as it ships, in this process: real sockets, the real client, collector and reporter, and a clock that the test moves. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, startDaemon } from '../../src/app/daemon.ts';
import { openLog } from '../../src/app/log.ts';
import { logJournal } from '../../src/app/log-journal.ts';
import { Client } from '../../src/client/client.ts';
import { loadConfig } from '../../src/config/load.ts';
import { type DemoSettings, demoConfiguration } from '../../src/demo/configuration.ts';
import { type Demo, startDemo } from '../../src/demo/demo.ts';
import type { Action } from '../../src/model/incident.ts';
import type { Reading } from '../../src/model/reading.ts';
import { drawing } from '../chance.ts';
import { FakeClock } from '../fake-clock.ts';
import { ask } from './ask.ts';

type Heard = { readonly atMs: number; readonly reading: Reading };

export type Chain = {
  readonly demo: Demo;
  readonly clock: FakeClock;
  readonly printed: string;
  readonly settings: DemoSettings;
  readonly collectorUrl: string;
  readonly telemetryUrl: string;
  /** All readings, with when they were read since the start. */
  readonly heard: readonly Heard[];
  /** Lines of the log at `warn` and above. */
  readonly lines: () => readonly string[];
  /** Lets time pass, but not before all that the shop has sent is with the collector, and all reports are answered. */
  readonly play: (ms: number) => Promise<void>;
  /** Collector and reporter alone, as if they were gone. */
  readonly stopDaemon: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

type Given = {
  readonly settings: DemoSettings;
  readonly daemon: Daemon;
};

/** When deliveries that wait between two attempts go on, by dashboard and target. */
type Rests = Map<string, number>;

const turnMs = 250;

export async function startChain(): Promise<Chain> {
  const clock = new FakeClock();
  const draw = drawing(1);
  const printed: string[] = [];
  const written: string[] = [];
  const heard: Heard[] = [];
  const rests: Rests = new Map();
  let given: Given | undefined;
  let client: Client | undefined;
  const demo = await startDemo({
    port: 0,
    clock,
    chance: () => draw(1_000) / 1_000,
    print: (text) => printed.push(text),
    startDaemon: async (settings, hear) => {
      const read = (reading: Reading) => {
        heard.push({ atMs: clock.monotonic(), reading });
        hear(reading);
      };
      const daemon = await startDaemonOf(settings, clock, written, read, rests);
      given = { settings, daemon };
      return daemon;
    },
    openClient: (url) => {
      client = new Client(url);
      return client;
    },
  });
  if (!given) throw new Error('no daemon was started');
  const { settings, daemon } = given;
  const telemetryUrl = daemon.telemetryUrl ?? '';
  const resting = () => [...rests.values()].filter((dueMs) => dueMs > clock.monotonic()).length;
  let stopping: Promise<void> | undefined;
  return {
    demo,
    clock,
    printed: printed.join(''),
    settings,
    collectorUrl: daemon.collectorUrl ?? '',
    telemetryUrl,
    heard,
    lines: () => written,
    play: async (ms) => {
      for (let passedMs = 0; passedMs < ms; passedMs += turnMs) {
        await clock.advance(turnMs);
        await client?.flush();
        while ((await inFlight(telemetryUrl)) > resting()) await clock.advance(0);
      }
    },
    stopDaemon: () => whilePlaying(clock, daemon.stop()),
    stop: () => {
      stopping ??= whilePlaying(clock, demo.stop());
      return stopping;
    },
  };
}

/** A stop waits for a moment by the clock, too. */
async function whilePlaying(clock: FakeClock, stopped: Promise<void>): Promise<void> {
  let isOver = false;
  const over = stopped.finally(() => {
    isOver = true;
  });
  while (!isOver) await clock.advance(turnMs);
  await over;
}

/** Deliveries under way, as the daemon tells everybody; those that wait for another attempt are some of them. */
async function inFlight(telemetryUrl: string): Promise<number> {
  const { body } = await ask(`${telemetryUrl}/metrics`);
  const counts = String(body).matchAll(/^cloudmon_reporter_deliveries_in_flight\{.*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function configOf(settings: DemoSettings) {
  const folder = await mkdtemp(join(tmpdir(), 'cloudmon-reporter-'));
  try {
    const file = join(folder, 'config.yaml');
    await writeFile(file, JSON.stringify(demoConfiguration(settings)));
    const { config, problems } = await loadConfig([file], {});
    if (!config?.collector) throw new Error(JSON.stringify(problems));
    const { telemetry, collector } = config;
    return { ...config, telemetry: { ...telemetry, port: 0 }, collector: { ...collector, port: 0 } };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A delivery to the status page holds several targets and rests for its first. */
function restOf({ incident: { dashboard }, reading: { target } }: Action): string {
  return JSON.stringify([dashboard, target.key]);
}

async function startDaemonOf(
  settings: DemoSettings,
  clock: FakeClock,
  written: string[],
  hear: (reading: Reading) => void,
  rests: Rests,
) {
  const config = await configOf(settings);
  const output = { write: (text: string) => void written.push(text), isTerminal: false };
  const log = openLog({ level: 'warn', format: 'json' }, output, clock, () => (line) => line);
  const journal = logJournal(log, clock);
  const one = () => 1;
  return startDaemon(config, log, {
    nodeName: 'node-1',
    host: { version: '1', runtime: 'v20', residentBytes: one, cpuSeconds: one, openFiles: one },
    clock,
    chance: () => 0.5,
    relieve: () => undefined,
    keeps: { find: async () => undefined, isRehearsal: false },
    print: () => undefined,
    journal: {
      ...journal,
      read: (reading) => {
        journal.read(reading);
        hear(reading);
      },
      attemptFailed: (action, failure, retryInMs = 0) => {
        journal.attemptFailed(action, failure, retryInMs);
        rests.set(restOf(action), clock.monotonic() + retryInMs);
      },
      delivered: (action, outcome, failure, answer) => {
        journal.delivered(action, outcome, failure, answer);
        rests.delete(restOf(action));
      },
    },
  });
}
