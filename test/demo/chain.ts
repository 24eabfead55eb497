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
import type { Reading } from '../../src/model/reading.ts';
import { drawing } from '../chance.ts';
import { FakeClock } from '../fake-clock.ts';

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
  /** Lets time pass; whatever the shop sends is with the collector before it goes on. */
  readonly play: (ms: number) => Promise<void>;
  /** Collector and reporter alone, as if they were gone. */
  readonly stopDaemon: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

type Given = {
  readonly settings: DemoSettings;
  readonly daemon: Daemon;
};

const turnMs = 250;

export async function startChain(): Promise<Chain> {
  const clock = new FakeClock();
  const draw = drawing(1);
  const printed: string[] = [];
  const written: string[] = [];
  const heard: Heard[] = [];
  let given: Given | undefined;
  let client: Client | undefined;
  const demo = await startDemo({
    port: 0,
    clock,
    chance: () => draw(1_000) / 1_000,
    print: (text) => printed.push(text),
    startDaemon: async (settings, hear) => {
      const daemon = await startDaemonOf(settings, clock, written, (reading) => {
        heard.push({ atMs: clock.monotonic(), reading });
        hear(reading);
      });
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
  let stopping: Promise<void> | undefined;
  return {
    demo,
    clock,
    printed: printed.join(''),
    settings,
    collectorUrl: daemon.collectorUrl ?? '',
    telemetryUrl: daemon.telemetryUrl ?? '',
    heard,
    lines: () => written,
    play: async (ms) => {
      for (let passedMs = 0; passedMs < ms; passedMs += turnMs) {
        await clock.advance(turnMs);
        await client?.flush();
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

async function startDaemonOf(
  settings: DemoSettings,
  clock: FakeClock,
  written: string[],
  hear: (reading: Reading) => void,
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
    print: () => undefined,
    journal: {
      ...journal,
      read: (reading) => {
        journal.read(reading);
        hear(reading);
      },
    },
  });
}
