/** `log` and `uptime` as they are called, and histories to ask about. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { Io } from '../../src/cli/io.ts';
import { addLog } from '../../src/cli/log.ts';
import { addUptime } from '../../src/cli/uptime.ts';
import { Failure } from '../../src/model/failure.ts';
import { action, api, noData, openScene, reading, temporaryFolder, web } from './scene.ts';
import { maintenance, observed, run, simply, writeStory } from './story.ts';

type Result = { readonly out: string; readonly err: string; readonly code: number };

/** Runs a command with a configuration whose state is in the folder. */
export async function call(folder: string, ...args: readonly string[]): Promise<Result> {
  const place = temporaryFolder();
  const path = join(place, 'config.yaml');
  writeFileSync(path, configuration(folder));
  const said = { out: '', err: '', code: 0 };
  const io = {
    env: {},
    print: (text: string) => {
      said.out += text;
    },
    printError: (text: string) => {
      said.err += text;
    },
    setExitCode: (code: number) => {
      said.code = code;
    },
  } as Partial<Io> as Io;
  const program = new Command().exitOverride().configureOutput({ writeErr: io.printError });
  addLog(program, io);
  addUptime(program, io);
  const [command = '', ...rest] = args;
  try {
    await program.parseAsync([command, '-c', path, ...rest], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    said.code = 64;
  }
  return said;
}

function configuration(folder: string): string {
  return `convertor: {url: http://127.0.0.1:1}
status_dashboard: {kind: console}
reporter: {services: [{name: api}], state_dir: ${JSON.stringify(folder)}}
`;
}

/** A few minutes with everything that a history has. */
export async function eventful(): Promise<string> {
  const { history, clock, folder } = openScene('2025-10-05T12:00:00Z');
  history.configured([api, web]);
  const triggered = [{ name: 'api.slow', query: 'q', op: 'gt', threshold: 400 }];
  history.read(reading(api, 1, clock, { category: 'slow', matchedExpression: 'api.slow', triggered }));
  history.read(noData(web));
  history.cycleDone();
  const open = action('open', 1, clock);
  history.attempted(open);
  history.attempted(open);
  history.delivered(open, 'sent', undefined, { outcome: 'sent', httpStatus: 201, reference: 'p8x2k' });
  await clock.advance(60_000);
  history.recorded(action('open', 1, clock, web), [
    { target: 'POST https://dashboard.example.com/', body: '' },
  ]);
  history.maintenanceBegan(web, { fromMs: clock.now(), toMs: clock.now() + 3_600_000, reason: 'database' });
  const failure = new Failure('dashboard', 'timeout', 'no answer within 10 s');
  history.attempted(action('change', 2, clock));
  history.delivered(action('change', 2, clock), 'failed', failure, undefined);
  await clock.advance(60_000);
  history.read({ ...reading(web, 2, clock), insteadOf: noData(web) });
  history.maintenanceOver(web);
  history.attempted(action('close', 2, clock));
  history.delivered(action('close', 2, clock), 'known', undefined, {
    outcome: 'known',
    note: 'closed by a human',
  });
  history.configured([api]);
  await history.stop();
  return folder;
}

/** Of October 2025. */
export function month(): string {
  const folder = temporaryFolder();
  writeStory(
    folder,
    run('2025-09-30T12:00:00Z', '2025-10-20T08:00:00Z'),
    observed('2025-09-30T12:00:01Z', 0),
    observed('2025-10-03T10:00:00Z', 1),
    observed('2025-10-03T10:30:00Z', 0),
    observed('2025-10-05T12:00:00Z', 3),
    observed('2025-10-05T12:25:00Z', 0),
    maintenance('2025-10-10T01:00:00Z', '2025-10-10T03:00:00Z'),
    simply('2025-10-10T03:00:00Z', 'maintenance_over', 'api'),
    observed('2025-10-10T01:00:00Z', 0, 'web, "the" site'),
  );
  return folder;
}
