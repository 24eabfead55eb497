/** Histories that a test makes up: what happened when, with the heartbeats in between. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report, Tally } from '../../src/history/availability.ts';
import { reportUptime } from '../../src/history/uptime.ts';
import { openZones } from '../../src/maintenance/zone.ts';

export type Told = { readonly time: string; readonly type: string } & Readonly<Record<string, unknown>>;

const about = (service: string) => ({ service, environment: 'production' });

export function observed(time: string, status: number | undefined, service = 'api'): Told {
  const why = { reason: 'timeout', detail: 'no answer within 10 s' };
  return { time, type: 'observed', ...about(service), ...(status === undefined ? why : { status }) };
}

export function maintenance(time: string, until: string, from = time): Told {
  return { time, type: 'maintenance', ...about('api'), from, until };
}

export function simply(time: string, type: string, service?: string): Told {
  return { time, type, ...(service !== undefined && about(service)) };
}

/** A start, and a heartbeat each minute until the last one; the end is a crash. */
export function run(startTime: string, lastTime: string): readonly Told[] {
  const told = [simply(startTime, 'start')];
  for (let ms = Date.parse(startTime) + 60_000; ms <= Date.parse(lastTime); ms += 60_000) {
    told.push(simply(isoOf(ms), 'alive'));
  }
  return told;
}

export function isoOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Puts everything into the files of its months, by its time, what stands first before what is as old. */
export function writeStory(folder: string, ...told: readonly (Told | readonly Told[])[]): void {
  const sorted = told.flat().sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
  const months = new Map<string, string>();
  for (const line of sorted) {
    const month = line.time.slice(0, 7);
    months.set(month, `${months.get(month) ?? ''}${JSON.stringify(line)}\n`);
  }
  for (const [month, text] of months) writeFileSync(join(folder, `history-${month}`), text);
}

export function ask(
  directory: string,
  month: string,
  timeZone = 'UTC',
  nowTime = '2027-01-01T00:00:00Z',
): Promise<Report> {
  const zone = openZones()(timeZone);
  const nowMs = Date.parse(nowTime);
  const all = { services: ['*'], environments: ['*'] };
  return reportUptime({ directory, month, timeZone, zone, nowMs, ...all });
}

/** Seconds of each, what is 0 left out. */
export function secondsOf(tally: Tally | undefined): Readonly<Record<string, number>> {
  const found = Object.entries(tally ?? {}).filter(([, ms]) => ms > 0);
  return Object.fromEntries(found.map(([kind, ms]) => [kind, ms / 1000]));
}
