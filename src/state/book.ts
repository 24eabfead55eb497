/**
 * What lives in the state: the newest line of each key, and the lines that are not on disk yet.
 *
 * What would not fit goes, the oldest first.
 */
import { limits } from '../model/limits.ts';
import type { Contents } from './contents.ts';
import { entryLine, type Line } from './line.ts';

export class Book {
  readonly #living = new Map<string, Line>();
  readonly #news = new Map<string, Line>();
  #number: number;
  #livingBytes = 0;
  #droppedCount = 0;

  constructor({ lines, number }: Contents) {
    this.#number = number;
    for (const [key, line] of lines) this.#live(key, line);
    this.#makeRoom();
  }

  put(key: string, value: object | undefined): void {
    if (value === undefined && !this.#living.has(key)) return;
    const line = this.#line(key, value);
    this.#live(key, value === undefined ? undefined : line);
    this.#tell(key, line);
    this.#makeRoom();
  }

  get livingBytes(): number {
    return this.#livingBytes;
  }

  get hasNews(): boolean {
    return this.#news.size > 0;
  }

  get newsBytes(): number {
    return [...this.#news.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** What is not on disk yet; the caller sees to it that it gets there. */
  takeNews(): readonly string[] {
    const taken = [...this.#news.values()];
    this.#news.clear();
    return taken.map(({ text }) => text);
  }

  /** All that a new file has to hold. */
  takeAll(): readonly string[] {
    this.#news.clear();
    return [...this.#living.values()].map(({ text }) => text);
  }

  /** How many had no room since it was asked last. */
  takeDroppedCount(): number {
    const taken = this.#droppedCount;
    this.#droppedCount = 0;
    return taken;
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
    this.#news.delete(key);
    this.#news.set(key, line);
  }

  #makeRoom(): void {
    while (this.#livingBytes > limits.stateLivingBytesMax) {
      const [oldest] = this.#living.keys();
      if (oldest === undefined) return;
      this.#live(oldest, undefined);
      this.#tell(oldest, this.#line(oldest, undefined));
      this.#droppedCount++;
    }
  }
}
