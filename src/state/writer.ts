/**
 * Brings to the disk what is put, one write at a time; whoever waits meanwhile shares the next one.
 *
 * A disk that fails is told about and left alone for a while; until then everything is in memory. Then all
 * that lives is written into a new file: after a failed fdatasync nobody knows what an old one holds.
 */
import { mkdir } from 'node:fs/promises';
import { type Claim, claimDirectory } from '../http/claim.ts';
import { type Clock, pace, sleep } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import { Book } from './book.ts';
import type { Contents } from './contents.ts';
import { failureOf } from './failure.ts';
import { append, closeLost, type OpenFile, replaceState } from './file.ts';

export type WriterJournal = {
  /** What is put is in memory only; it is tried again every few seconds. */
  readonly stateFailed: (failure: Failure) => void;
  /** Everything is on disk again. */
  readonly stateRecovered: () => void;
  /** So many values had no room; the oldest went. */
  readonly stateFull: (count: number) => void;
};

export class Writer {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #journal: WriterJournal;
  readonly #book: Book;
  #claim: Claim | undefined;
  #hadClaim: boolean;
  /** Undefined: the next write makes a new one. */
  #file: OpenFile | undefined;
  #work: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #isFailing = false;
  #wake: (() => void) | undefined;
  #isStopped = false;
  /** Another process has the directory by now: what is there is not ours any more. */
  #isTaken = false;

  /** @param claim undefined: the directory could not be claimed yet */
  constructor(
    directory: string,
    contents: Contents,
    claim: Claim | undefined,
    clock: Clock,
    journal: WriterJournal,
  ) {
    this.#directory = directory;
    this.#book = new Book(contents);
    this.#claim = claim;
    this.#hadClaim = claim !== undefined;
    this.#clock = clock;
    this.#journal = journal;
  }

  get isFailing(): boolean {
    return this.#isFailing;
  }

  put(key: string, value: object | undefined): void {
    if (!this.#isStopped && !this.#isTaken) this.#book.put(key, value);
  }

  flush(): Promise<void> {
    if (!this.#book.hasNews) return this.#work ?? Promise.resolve();
    if (this.#wake || this.#isStopped || this.#isTaken) return Promise.resolve();
    if (!this.#work) return this.write();
    this.#next ??= this.#work.then(() => {
      this.#next = undefined;
      return this.flush();
    });
    return this.#next;
  }

  /** Also where there is nothing new: a file that was damaged is made anew. */
  write(): Promise<void> {
    this.#work ??= this.#write().finally(() => {
      this.#work = undefined;
    });
    return this.#work;
  }

  /** Somebody may have taken the directory away while nothing was to be written. */
  async renew(): Promise<void> {
    if (!this.#wake && !this.#isStopped && !this.#isTaken) await this.write();
  }

  /** Whether nobody else can have the directory by now. Where it could never be claimed, nobody knows better. */
  async isOurs(): Promise<boolean> {
    if (this.#isTaken || !this.#hadClaim) return !this.#isTaken;
    return (await this.#claim?.isThere()) === true;
  }

  /** The disk has failed: it is left alone for a while. */
  fail(failure: Failure): void {
    this.#isFailing = true;
    this.#journal.stateFailed(failure);
    // Whoever has it would lose what it knows.
    if (failure.reason === 'rejected') this.#isTaken = true;
    if (this.#isStopped || this.#isTaken) return;
    this.#wake = this.#clock.after(limits.stateRetryMs, () => {
      this.#wake = undefined;
      void this.write();
    });
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#wake?.();
    this.#wake = undefined;
    const isDone = new AbortController();
    const done = this.#finish().finally(() => isDone.abort());
    await Promise.race([done, sleep(this.#clock, limits.stateStopMs, isDone.signal)]);
  }

  /** A disk that does not answer keeps the claim: what it still does must not meet another writer. */
  async #finish(): Promise<void> {
    await this.#work;
    if (!this.#isTaken && (this.#book.hasNews || this.#isFailing)) await this.write();
    if (this.#file) await closeLost(this.#file.handle);
    await this.#claim?.release();
  }

  async #write(): Promise<void> {
    await this.#book.write(pace(this.#clock, limits.cycleSliceMs));
    const cancel = this.#clock.after(limits.stateSlowMs, () => this.#tellSlow());
    try {
      this.#tellFull();
      await this.#appendOrReplace();
      this.#recover();
    } catch (error) {
      this.fail(this.#failureOf(error));
    } finally {
      cancel();
    }
  }

  async #appendOrReplace(): Promise<void> {
    const file = this.#file;
    // Whatever happens to it, it is not written to again unless it took everything.
    this.#file = undefined;
    if (file && file.bytes + this.#book.newsBytes <= this.#bytesMax) {
      try {
        this.#file = await append(this.#directory, file, this.#book.takeNews());
        if (this.#file) return;
      } catch (error) {
        this.#isFailing = true;
        this.#journal.stateFailed(this.#failureOf(error));
      }
    }
    if (file) await closeLost(file.handle);
    await this.#keepClaim();
    this.#file = await replaceState(this.#directory, this.#book.takeAll());
  }

  /** Whoever takes the directory away takes along what keeps others out of it. */
  async #keepClaim(): Promise<void> {
    if (this.#claim && !(await this.#claim.isThere())) {
      await this.#claim.release();
      this.#claim = undefined;
      this.#isFailing = true;
      const text = `${this.#what}: the folder or its lock was taken away; it is made and locked again, and written anew`;
      this.#journal.stateFailed(new Failure('state', 'failed', text));
    }
    if (this.#claim) return;
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    this.#claim = await claimDirectory(this.#directory, this.#clock);
    this.#hadClaim = true;
  }

  /** Of a file that is worth being appended to. */
  get #bytesMax(): number {
    const worth = Math.max(limits.stateCompactBytesMin, 2 * this.#book.livingBytes);
    return Math.min(worth, limits.stateBytesMax);
  }

  #recover(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#journal.stateRecovered();
  }

  #tellSlow(): void {
    this.#isFailing = true;
    const text = `${this.#what} takes longer than ${limits.stateSlowMs / 1_000} s: what is told meanwhile is in memory only`;
    this.#journal.stateFailed(new Failure('state', 'timeout', text));
  }

  #tellFull(): void {
    const count = this.#book.takeDroppedCount();
    if (count > 0) this.#journal.stateFull(count);
  }

  #failureOf(error: unknown): Failure {
    return failureOf(error, this.#what);
  }

  get #what(): string {
    return `writing the state into ${this.#directory}`;
  }
}
