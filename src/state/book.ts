/**
 * What lives in the state: the newest line of each key, and what is not on disk yet.
 *
 * What is put becomes a line only when it is about to be written: most of what changes in a cycle
 * changes again before that. What would not fit goes, the oldest first.
 */
import type { Pause } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import type { Contents } from './contents.ts';
import { entryLine, type Line } from './line.ts';

export class Book {
  /** The oldest first. */
  readonly #living = new Map<string, Line>();
  /** What was put and is no line yet; undefined: it is forgotten. */
  #put = new Map<string, object | undefined>();
  /** What becomes lines now: it is none yet, and known all the same. */
  #writing: ReadonlyMap<string, object | undefined> = new Map();
  /** Lines that are not on disk yet. */
  readonly #news = new Map<string, Line>();
  #number: number;
  #livingBytes = 0;
  #newsBytes = 0;
  #droppedCount = 0;

  constructor({ lines, number }: Contents) {
    this.#number = number;
    for (const [key, line] of lines) this.#live(key, line);
    this.#makeRoom();
  }

  /** @param value is not changed any more */
  put(key: string, value: object | undefined): void {
    const isKnown = this.#living.has(key) || this.#put.has(key) || this.#writing.has(key);
    if (value === undefined && !isKnown) return;
    // What is put last counts as the newest.
    this.#put.delete(key);
    this.#put.set(key, value);
  }

  /** Makes lines of what was put until now. */
  async write(pause: Pause): Promise<void> {
    const put = this.#put;
    this.#put = new Map();
    this.#writing = put;
    for (const [key, value] of put) {
      if (value === undefined && !this.#living.has(key)) continue;
      const line = this.#line(key, value);
      this.#live(key, value === undefined ? undefined : line);
      this.#tell(key, line);
      if (this.#livingBytes > limits.stateLivingBytesMax + limits.stateWriteBytes) this.#makeRoom();
      const turn = pause();
      if (turn) await turn;
    }
    this.#writing = new Map();
    this.#makeRoom();
  }

  get livingBytes(): number {
    return this.#livingBytes;
  }

  get hasNews(): boolean {
    return this.#put.size > 0 || this.#news.size > 0;
  }

  get newsBytes(): number {
    return this.#newsBytes;
  }

  /** What is not on disk yet; the caller sees to it that it gets there. */
  takeNews(): readonly string[] {
    const taken = [...this.#news.values()];
    this.#forgetNews();
    return taken.map(({ text }) => text);
  }

  /** All that a new file has to hold. */
  takeAll(): readonly string[] {
    this.#forgetNews();
    return [...this.#living.values()].map(({ text }) => text);
  }

  /** How many had no room since it was asked last. */
  takeDroppedCount(): number {
    const taken = this.#droppedCount;
    this.#droppedCount = 0;
    return taken;
  }

  #forgetNews(): void {
    this.#news.clear();
    this.#newsBytes = 0;
  }

  #line(key: string, value: unknown): Line {
    const text = entryLine({ number: ++this.#number, key, value });
    return { text, bytes: Buffer.byteLength(text) };
  }

  #live(key: string, line: Line | undefined): void {
    this.#livingBytes += (line?.bytes ?? 0) - (this.#living.get(key)?.bytes ?? 0);
    this.#living.delete(key);
    if (line) this.#living.set(key, line);
  }

  #tell(key: string, line: Line): void {
    this.#newsBytes += line.bytes - (this.#news.get(key)?.bytes ?? 0);
    this.#news.delete(key);
    this.#news.set(key, line);
  }

  /** In one go: a map from whose front much was taken is slow to begin anew with. */
  #makeRoom(): void {
    if (this.#livingBytes <= limits.stateLivingBytesMax) return;
    for (const oldest of this.#living.keys()) {
      this.#live(oldest, undefined);
      this.#tell(oldest, this.#line(oldest, undefined));
      this.#droppedCount++;
      if (this.#livingBytes <= limits.stateLivingBytesMax) return;
    }
  }
}
