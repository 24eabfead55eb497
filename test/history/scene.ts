/** A history in a folder of its own: who is heard, and what is in its files. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type History, type HistoryJournal, openHistory } from '../../src/history/history.ts';
import type { Action, ActionType } from '../../src/model/incident.ts';
import type { KnownReading, NoData } from '../../src/model/reading.ts';
import type { AlarmStatus, Status } from '../../src/model/status.ts';
import type { Target } from '../../src/model/target.ts';
import { FakeClock } from '../fake-clock.ts';
import { targetOf } from '../reporter/cast.ts';

export const api = targetOf('api');
export const web = targetOf('web');

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloudmon-history-'));
  onTestFinished(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export type Scene = {
  readonly clock: FakeClock;
  readonly history: History;
  readonly folder: string;
  /** What was complained about. */
  readonly said: string[];
  /** The lines of a file, without their time. */
  readonly lines: (month?: string) => readonly string[];
};

/** @param isOurs what is said of the folder when somebody has changed what is in it */
export function openScene(
  startTime = '2026-10-05T12:00:00Z',
  folder = temporaryFolder(),
  isOurs = async () => true,
): Scene {
  const clock = new FakeClock(Date.parse(startTime));
  const said: string[] = [];
  const history = openHistory(folder, clock, journalOf(said), isOurs);
  const month = startTime.slice(0, 7);
  return { clock, history, folder, said, lines: (of = month) => linesOf(folder, of) };
}

export function journalOf(said: string[]): HistoryJournal {
  return {
    historyFailed: ({ code, message }) => said.push(`${code}: ${message.replace(/, \w+( '.*)?$/, '')}`),
    historyWorks: (droppedCount) => said.push(`works, ${droppedCount} dropped`),
    historyFull: (path, written) => said.push(`${path.slice(-15)} is full, written: ${written}`),
  };
}

function linesOf(folder: string, month: string): readonly string[] {
  const text = readFileSync(join(folder, `history-${month}`), 'utf8');
  return text.split('\n').map((line) => line.replace(/"time":"[^"]*",/, ''));
}

export function files(folder: string): readonly string[] {
  return readdirSync(folder).sort();
}

export function reading(
  target: Target,
  status: Status,
  clock: FakeClock,
  evidence: KnownReading['evidence'] = { triggered: [] },
): KnownReading {
  return { target, status, timeMs: clock.now(), evidence };
}

export function noData(target: Target, reason: NoData['reason'] = 'timeout'): NoData {
  return { target, status: undefined, reason, detail: 'no answer within 10 s' };
}

export function action(type: ActionType, status: AlarmStatus, clock: FakeClock, target = api): Action {
  return {
    type,
    status,
    incident: { id: '0123456789abcdef', dashboard: 'public', members: [target], sinceMs: clock.now() },
    timeMs: clock.now(),
    reading: reading(target, status, clock),
    idempotencyKey: 'key',
  };
}
