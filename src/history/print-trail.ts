/** Prints the audit trail: the entries that are asked for, oldest first, while they are read. */
import { matchesGlob } from '../values/glob.ts';
import { readHistory } from './reader.ts';
import type { Entry } from './record.ts';
import { isNews, trailLine } from './trail.ts';

/** Globs; absent: all. */
type Globs = readonly string[] | undefined;

export type Wanted = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly services: Globs;
  readonly environments: Globs;
  readonly dashboards: Globs;
  readonly format: 'text' | 'json';
  /** Of the newest; absent: all. */
  readonly countMax: number | undefined;
};

/** How much is printed at once. */
const pieceCharacters = 65_536;

/** Resolves with how many lines are damaged. */
export async function printTrail(
  directory: string,
  wanted: Wanted,
  print: (text: string) => void,
): Promise<number> {
  const { entries, damagedCount } = readHistory(directory, wanted.fromMs, wanted.toMs);
  const { countMax } = wanted;
  let lines: string[] = [];
  let characters = 0;

  function flush(): void {
    if (lines.length > 0) print(`${lines.join('\n')}\n`);
    lines = [];
    characters = 0;
  }

  for await (const entry of entries) {
    if (!isWanted(entry, wanted)) continue;
    const line = wanted.format === 'json' ? entry.text : trailLine(entry);
    lines.push(line);
    characters += line.length;
    if (countMax === undefined && characters > pieceCharacters) flush();
    // What is too old is taken off now and then: each time would move all the others.
    if (countMax !== undefined && lines.length >= 2 * countMax) lines = lines.slice(-countMax);
  }
  if (countMax !== undefined) lines = lines.slice(-countMax);
  flush();
  return damagedCount();
}

function isWanted({ timeMs, record }: Entry, { fromMs, toMs, ...globs }: Wanted): boolean {
  const { services, environments, dashboards } = globs;
  if (timeMs < fromMs || timeMs > toMs || !isNews(record)) return false;
  const service = 'service' in record ? record.service : undefined;
  const environment = 'environment' in record ? record.environment : undefined;
  const dashboard = 'dashboard' in record ? record.dashboard : undefined;
  return matches(services, service) && matches(environments, environment) && matches(dashboards, dashboard);
}

function matches(globs: Globs, name: string | undefined): boolean {
  return globs === undefined || (name !== undefined && globs.some((glob) => matchesGlob(glob, name)));
}
