/** Reads a history line by line: files may be large, and a line may be damaged, which is skipped and counted. */
import { createReadStream } from 'node:fs';
import { limits } from '../model/limits.ts';
import { fileOf, monthOf, monthsIn } from './files.ts';
import { type Entry, parseEntry } from './record.ts';

export type Read = {
  /** In the order in which they were written. */
  readonly entries: AsyncIterable<Entry>;
  /** So far. */
  readonly damagedCount: () => number;
};

/** The entries of all files that may have something about a time; `toMs` itself is included. */
export function readHistory(directory: string, fromMs: number, toMs: number): Read {
  let damagedCount = 0;

  async function* entries(): AsyncGenerator<Entry> {
    const [first, last] = [monthOf(fromMs), monthOf(toMs)];
    const months = await monthsIn(directory);
    for (const month of months.filter((one) => one >= first && one <= last)) {
      for await (const text of linesOf(fileOf(directory, month))) {
        const entry = text === undefined ? undefined : parseEntry(text);
        if (entry) yield entry;
        else damagedCount++;
      }
    }
  }

  return { entries: entries(), damagedCount: () => damagedCount };
}

/**
 * The lines of a file; undefined stands for one that is too long.
 *
 * What has no end yet is still being written, or was being written when the program died: the next
 * start ends it.
 */
async function* linesOf(path: string): AsyncGenerator<string | undefined> {
  let rest: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 262_144 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const bytes: Buffer | undefined = rest && joined(rest, chunk.subarray(from, end));
      rest = Buffer.alloc(0);
      from = end + 1;
      if (bytes?.length !== 0) yield bytes?.toString('utf8');
    }
    rest = rest && joined(rest, chunk.subarray(from));
  }
}

function joined(start: Buffer, end: Buffer): Buffer | undefined {
  if (start.length + end.length > limits.historyLineBytesMax) return undefined;
  return start.length === 0 ? end : Buffer.concat([start, end]);
}
