/**
 * What must survive a crash: values by their keys, in one file of a directory that nobody else has.
 *
 * It always opens: what a damaged file still holds counts, and where nothing can be written everything is
 * in memory, which is told. Only a directory that another process has is refused.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Claim, claimDirectory } from '../http/claim.ts';
import type { Clock } from '../model/clock.ts';
import type { Failure } from '../model/failure.ts';
import type { Damage } from './contents.ts';
import { failureOf } from './failure.ts';
import { type Found, readState, setAside } from './file.ts';
import { Writer } from './writer.ts';

export type Store = {
  /** What the file held when it was opened, the oldest first. */
  readonly kept: ReadonlyMap<string, unknown>;
  /** `undefined`: it is forgotten. In memory until the next flush. */
  readonly put: (key: string, value: object | undefined) => void;
  /** Resolves when everything put so far is on disk, or when the disk has failed. */
  readonly flush: () => Promise<void>;
  /** Looks whether the directory is still there, and makes it and its file again where it is not. */
  readonly renew: () => Promise<void>;
  /** Whether nobody else can have the directory by now. Where it could never be claimed, nobody knows better. */
  readonly isOurs: () => Promise<boolean>;
  /** What is put is in memory only, or waits for a slow disk. */
  readonly isFailing: boolean;
  /** Writes what is left, as far as the disk does within two seconds. */
  readonly stop: () => Promise<void>;
};

type Dropped = {
  /** Records, or pieces of a damaged file of which nobody can tell how many they were. */
  readonly count: number;
  /** Where the damage begins, in bytes; absent where there was no room. */
  readonly offset?: number;
  /** Where the damaged file is kept. */
  readonly keptAs?: string;
  /** All of it in a sentence. */
  readonly text: string;
};

export type StateJournal = {
  readonly stateDropped: (dropped: Dropped) => void;
  /** What is put is in memory only; it is tried again every few seconds. */
  readonly stateFailed: (failure: Failure) => void;
  /** Everything is on disk again. */
  readonly stateRecovered: () => void;
};

export function memoryStore(): Store {
  return {
    kept: new Map(),
    put: () => undefined,
    flush: () => Promise.resolve(),
    renew: () => Promise.resolve(),
    isOurs: () => Promise.resolve(true),
    isFailing: false,
    stop: () => Promise.resolve(),
  };
}

/** Throws a `Failure` where another process has the directory. */
export async function openStore(directory: string, clock: Clock, journal: StateJournal): Promise<Store> {
  let claim: Claim | undefined;
  let unclaimed: Failure | undefined;
  try {
    claim = await claimDirectory(directory, clock);
  } catch (error) {
    unclaimed = failureOf(error, `state cannot be kept in ${directory}`);
    if (unclaimed.reason === 'rejected') throw unclaimed;
  }
  let found: Found;
  try {
    found = await readState(directory);
  } catch (error) {
    // What may be good is not written over.
    await claim?.release();
    journal.stateFailed(failureOf(error, `${join(directory, 'state')} cannot be read, and is left as it is`));
    return { ...memoryStore(), isFailing: true };
  }
  if (found.damage) journal.stateDropped(await dropped(directory, found, found.damage, claim !== undefined));
  const writer = new Writer(directory, found, claim, clock, {
    ...journal,
    stateFull: (count) => journal.stateDropped(withoutRoom(directory, count)),
  });
  if (unclaimed) writer.fail(unclaimed);
  else if (found.damage) void writer.write();
  return {
    kept: found.kept,
    put: (key, value) => writer.put(key, value),
    flush: () => writer.flush(),
    renew: () => writer.renew(),
    isOurs: () => writer.isOurs(),
    get isFailing() {
      return writer.isFailing;
    },
    stop: () => writer.stop(),
  };
}

/** What of a state could not be read. */
export type Unread = {
  readonly what: 'all' | 'some';
  /** It in a sentence. */
  readonly text: string;
};

/**
 * For who only looks: nothing is locked or changed, and a reporter may write meanwhile.
 *
 * @param tell called where what is returned is not all that there was
 */
export async function readStore(
  directory: string,
  tell: (unread: Unread) => void = () => undefined,
): Promise<ReadonlyMap<string, unknown>> {
  const path = join(directory, 'state');
  try {
    const found = await readState(directory);
    if (found.damage) {
      const what = found.kept.size === 0 ? 'all' : 'some';
      tell({ what, text: `${path} ${describe(found, found.damage)}` });
    } else if (found.kept.size === 0 && !(await isThere(directory))) {
      tell({ what: 'all', text: `the folder ${directory} does not exist` });
    }
    return found.kept;
  } catch (error) {
    throw failureOf(error, `${path} cannot be read`);
  }
}

async function isThere(directory: string): Promise<boolean> {
  try {
    await stat(directory);
    return true;
  } catch {
    return false;
  }
}

async function dropped(directory: string, found: Found, damage: Damage, isOurs: boolean): Promise<Dropped> {
  const path = join(directory, 'state');
  const { lines: count, offset } = damage;
  const keptAs = isOurs ? await kept(directory, found) : undefined;
  const what = describe(found, damage);
  const where = keptAs === undefined ? '' : `; the file as it was is kept as ${keptAs}`;
  return { count, offset, ...(keptAs !== undefined && { keptAs }), text: `${path} ${what}${where}` };
}

function describe({ damaged, kept }: Found, { lines, offset, isCut, version }: Damage): string {
  if (version !== undefined) {
    return `was written by version ${version} of its format, which this program does not know; ${lines} records are not read`;
  }
  if (!damaged) return 'is not a file';
  if (damaged.length === 0) return 'is empty';
  const what = lines === 0 ? [] : [lines === 1 ? '1 line' : `${lines} lines`];
  // Where the first line is not the header, nobody knows what stood before it.
  const before = offset === 0 && lines === 0 ? ['what stood before its first line, if anything,'] : [];
  const after = isCut ? ['what came after its last byte, if anything,'] : [];
  const parts = [...what, ...before, ...after];
  const lost = parts.length === 0 ? 'no line' : parts.join(' and ');
  const verb = lines > 1 || parts.length > 1 ? 'are' : 'is';
  const rest = kept.size === 0 ? 'nothing of it can be read' : 'the other lines count';
  return `is damaged from byte ${offset} on: ${lost} ${verb} lost; ${rest}`;
}

async function kept(directory: string, found: Found): Promise<string | undefined> {
  try {
    return await setAside(directory, found);
  } catch {
    // A disk that has no room for it will say so at the next write, too.
    return undefined;
  }
}

function withoutRoom(directory: string, count: number): Dropped {
  const text = `${join(directory, 'state')} has no room for more: ${count} records are dropped, the oldest first`;
  return { count, text };
}
