/**
 * Writes the lines of a history, one after the other, and holds nobody up.
 *
 * What a disk does not take is dropped and counted. Once it takes something again, all that is known is
 * said again, so that no change is missed.
 */
import { type Clock, sleep } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import { appendTo, deleteOldest, fileOf, monthOf, type Tail, tailOf } from './files.ts';
import { lineOf } from './line.ts';
import type { HistoryRecord } from './record.ts';

export type WriterJournal = {
  /** Nothing can be written; what comes is dropped, and it is tried again every minute. */
  readonly historyFailed: (failure: Failure) => void;
  /** It can be written again; so many lines were dropped. */
  readonly historyWorks: (droppedCount: number) => void;
  /** The file of a month has become so large that only changes are written, or nothing. */
  readonly historyFull: (path: string, written: 'changes' | 'nothing') => void;
};

type Line = { readonly month: string; readonly text: string; readonly isChange: boolean };

type File = { readonly month: string; readonly path: string; readonly tail: Tail };

export type WriterSources = {
  /** All that stands at the moment, for a file that has just begun. */
  readonly known: () => Iterable<HistoryRecord>;
  /** Asked where a file is begun after the first one: somebody may have taken the directory meanwhile. */
  readonly isOurs: () => Promise<boolean>;
};

export class Writer {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #journal: WriterJournal;
  readonly #sources: WriterSources;
  #month = '';
  #waiting: Line[] = [];
  #waitingBytes = 0;
  #file: File | undefined;
  #full: 'changes' | 'nothing' | undefined;
  #isFailing = false;
  /** A file was opened before. */
  #isBegun = false;
  /** Another process has the directory by now: what is there is not ours any more. */
  #isLeft = false;
  /** Something was dropped, so that what is written last may not be the newest. */
  #isBehind = false;
  #droppedCount = 0;
  /** Of these, how many the line says that is on its way. */
  #admittedCount = 0;
  #work: Promise<void> | undefined;

  constructor(directory: string, clock: Clock, journal: WriterJournal, sources: WriterSources) {
    this.#directory = directory;
    this.#clock = clock;
    this.#journal = journal;
    this.#sources = sources;
  }

  write(record: HistoryRecord): void {
    if (this.#isFailing) {
      this.#isBehind = true;
      this.#droppedCount++;
      return;
    }
    const nowMs = this.#clock.now();
    const month = monthOf(nowMs);
    if (month !== this.#month) {
      this.#month = month;
      for (const known of this.#sources.known()) this.#put(known, nowMs);
    }
    this.#put(record, nowMs);
  }

  /** The program runs. Where the disk took nothing, it is tried again. */
  beat(): void {
    if (!this.#isFailing) this.write({ type: 'alive' });
    else if (!this.#work) this.#catchUp();
  }

  /** Somebody else has the directory by now: nothing is written there any more. */
  leave(): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#tellFailed('rejected', 'another process has the folder by now; it is left alone until a restart');
  }

  /** Resolves when everything is written, or could not be, or has had its time. */
  async stop(): Promise<void> {
    const given = new AbortController();
    await Promise.race([this.#work, sleep(this.#clock, limits.historyStopMs, given.signal)]);
    given.abort();
  }

  #put(record: HistoryRecord, nowMs: number): void {
    if (this.#isLeft) return;
    const text = lineOf(record, nowMs);
    const bytes = Buffer.byteLength(text);
    if (this.#waitingBytes + bytes > limits.historyWaitingBytesMax) {
      this.#isBehind = true;
      this.#droppedCount++;
      return;
    }
    const isChange = record.type !== 'delivered' && record.type !== 'recorded';
    this.#waiting.push({ month: monthOf(nowMs), text, isChange });
    this.#waitingBytes += bytes;
    this.#work ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // What is written in one turn goes to the disk together.
    await new Promise<void>((resolve) => this.#clock.soon(resolve));
    await this.#appendAll();
    if (this.#isBehind && !this.#isFailing) {
      this.#catchUp();
      await this.#appendAll();
    }
    this.#work = undefined;
  }

  /** Makes up for what was dropped: how many lines, and all that stands by now. */
  #catchUp(): void {
    this.#isBehind = false;
    const nowMs = this.#clock.now();
    this.#month = monthOf(nowMs);
    this.#admittedCount = this.#droppedCount;
    this.#put({ type: 'lost', lines: this.#admittedCount }, nowMs);
    for (const known of this.#sources.known()) this.#put(known, nowMs);
  }

  async #appendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const month = this.#waiting[0]?.month ?? '';
      const next = this.#waiting.findIndex((line) => line.month !== month);
      const lines = this.#waiting.splice(0, next < 0 ? this.#waiting.length : next);
      this.#waitingBytes -= lines.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
      await this.#append(month, lines);
    }
  }

  async #append(month: string, lines: readonly Line[]): Promise<void> {
    try {
      if (!(await this.#appendTo(await this.#open(month), lines))) await this.#appendAnew(month, lines);
      if (!this.#isLeft) this.#works();
    } catch (error) {
      if (!isSystemError(error) && !(error instanceof Failure)) throw error;
      if (!this.#isLeft) this.#failed(error, lines.length);
    }
  }

  /** Returns whether the file was what it should be. */
  async #appendTo(file: File, lines: readonly Line[]): Promise<boolean> {
    const text = this.#fitting(file, lines);
    // Whose it is may have become clear while the file was opened.
    if (text === '' || this.#isLeft) return true;
    const tail = await appendTo(file.path, file.tail, text);
    this.#file = tail && { ...file, tail };
    return tail !== undefined;
  }

  /** Somebody took the file away, or wrote into it: whatever is there now stands alone. */
  async #appendAnew(month: string, lines: readonly Line[]): Promise<void> {
    const file = await this.#open(month);
    const nowMs = this.#clock.now();
    // What makes up for what was dropped says it already.
    const standing = this.#isFailing ? [] : this.#sources.known();
    const known = Array.from(standing, (record) => {
      return { month, text: lineOf(record, nowMs), isChange: true };
    });
    if (!(await this.#appendTo(file, [...known, ...lines]))) {
      throw new Failure('state', 'failed', `somebody else writes into ${file.path}`);
    }
  }

  async #open(month: string): Promise<File> {
    if (this.#file?.month === month) return this.#file;
    if (this.#isBegun && !(await this.#sources.isOurs())) {
      throw new Failure('state', 'failed', 'the folder is not ours at the moment');
    }
    this.#isBegun = true;
    const path = fileOf(this.#directory, month);
    const file = { month, path, tail: await tailOf(path) };
    await deleteOldest(this.#directory, month);
    this.#file = file;
    this.#full = undefined;
    return file;
  }

  /** As many of the lines as there is room for. */
  #fitting({ path, tail: { bytes } }: File, lines: readonly Line[]): string {
    let text = '';
    let sizeBytes = bytes;
    for (const line of lines) {
      const lineBytes = Buffer.byteLength(line.text);
      const room = line.isChange ? limits.historyChangesBytesMax : limits.historyBytesMax;
      if (sizeBytes + lineBytes > room) this.#say(path, line.isChange ? 'nothing' : 'changes');
      else if (this.#full !== 'nothing') {
        text += line.text;
        sizeBytes += lineBytes;
      }
    }
    return text;
  }

  #say(path: string, written: 'changes' | 'nothing'): void {
    if (this.#full === written || this.#full === 'nothing') return;
    this.#full = written;
    this.#journal.historyFull(path, written);
  }

  #works(): void {
    if (this.#isFailing) this.#journal.historyWorks(this.#admittedCount);
    this.#isFailing = false;
    this.#droppedCount -= this.#admittedCount;
    this.#admittedCount = 0;
  }

  #failed(error: Error, linesCount: number): void {
    // What was tried again and again only says again what was dropped.
    if (!this.#isFailing) this.#droppedCount += linesCount + this.#waiting.length;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#admittedCount = 0;
    // How much of the lines is in the file is looked up when it works again.
    this.#file = undefined;
    this.#isBehind = true;
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#tellFailed('failed', error.message);
  }

  #tellFailed(reason: 'failed' | 'rejected', why: string): void {
    this.#journal.historyFailed(new Failure('state', reason, `the history cannot be written: ${why}`));
  }
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}
