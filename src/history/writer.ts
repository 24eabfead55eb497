/**
 * Writes the lines of a history, one after the other, and holds nobody up.
 *
 * What a disk does not take is dropped and counted. Once it takes something again, all that is known is
 * said again, so that no change is missed.
 */
import { appendFile } from 'node:fs/promises';
import { hideTokens } from '../http/readable.ts';
import { type Clock, sleep } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import { deleteOldest, fileOf, monthOf, type Tail, tailOf } from './files.ts';
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

type File = { readonly month: string; readonly path: string } & Tail;

export class Writer {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #journal: WriterJournal;
  readonly #known: () => Iterable<HistoryRecord>;
  #month = '';
  #waiting: Line[] = [];
  #waitingBytes = 0;
  #file: File | undefined;
  #full: 'changes' | 'nothing' | undefined;
  #isFailing = false;
  /** Something was dropped, so that what is written last may not be the newest. */
  #isBehind = false;
  #droppedCount = 0;
  /** Of these, how many the line says that is on its way. */
  #admittedCount = 0;
  #work: Promise<void> | undefined;

  /** @param known all that stands at the moment, for a file that has just begun */
  constructor(directory: string, clock: Clock, journal: WriterJournal, known: () => Iterable<HistoryRecord>) {
    this.#directory = directory;
    this.#clock = clock;
    this.#journal = journal;
    this.#known = known;
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
      for (const known of this.#known()) this.#put(known, nowMs);
    }
    this.#put(record, nowMs);
  }

  /** The program runs. Where the disk took nothing, it is tried again. */
  beat(): void {
    if (!this.#isFailing) this.write({ type: 'alive' });
    else if (!this.#work) this.#catchUp();
  }

  /** Resolves when everything is written, or could not be, or has had its time. */
  async stop(): Promise<void> {
    const given = new AbortController();
    await Promise.race([this.#work, sleep(this.#clock, limits.historyStopMs, given.signal)]);
    given.abort();
  }

  #put(record: HistoryRecord, nowMs: number): void {
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
    for (const known of this.#known()) this.#put(known, nowMs);
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
      const file = await this.#open(month);
      const text = this.#fitting(file, lines);
      if (text !== '') {
        await appendFile(file.path, file.isTorn ? `\n${text}` : text, { mode: 0o600 });
        this.#file = { ...file, bytes: file.bytes + Buffer.byteLength(text), isTorn: false };
      }
      this.#works();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#failed(error, lines.length);
    }
  }

  async #open(month: string): Promise<File> {
    if (this.#file?.month === month) return this.#file;
    const path = fileOf(this.#directory, month);
    const file = { month, path, ...(await tailOf(path)) };
    await deleteOldest(this.#directory, month);
    this.#file = file;
    this.#full = undefined;
    return file;
  }

  /** As many of the lines as there is room for. */
  #fitting({ path, bytes }: File, lines: readonly Line[]): string {
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
    const message = `the history cannot be written: ${error.message}`;
    this.#journal.historyFailed(new Failure('state', 'failed', message));
  }
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}

function lineOf(record: HistoryRecord, nowMs: number): string {
  const line = { time: new Date(nowMs).toISOString(), ...record };
  const text = hideTokens(JSON.stringify(line, cut));
  if (Buffer.byteLength(text) < limits.historyEvidenceBytesMax) return `${text}\n`;
  return `${hideTokens(JSON.stringify({ ...line, triggered: undefined }, cut))}\n`;
}

function cut(_key: string, value: unknown): unknown {
  const charactersMax = limits.historyTextCharactersMax;
  if (typeof value === 'string' && value.length > charactersMax) return `${value.slice(0, charactersMax)}…`;
  return Array.isArray(value) ? value.slice(0, limits.historyTriggeredMax) : value;
}
