/**
 * What the entries of a history say about all targets, moment by moment.
 *
 * A level holds until another is said. It does not hold while the program did not run, but for a
 * minute: a restart is no gap, and nobody knows what was in a longer one.
 */
import { targetKey } from '../model/target.ts';
import type { Entry, HistoryRecord } from './record.ts';
import { TargetPast } from './target-past.ts';

/** How long what was said last is believed. */
const holdsMs = 60_000;

/** The program says every minute that it runs; a line may come late. */
const silenceMs = 180_000;

export class Past {
  readonly #fromMs: number;
  readonly #targets = new Map<string, TargetPast>();
  #lastMs: number | undefined;
  #isStopped = false;

  /** @param fromMs since when it is of interest */
  constructor(fromMs: number) {
    this.#fromMs = fromMs;
  }

  take({ timeMs, record }: Entry): void {
    const isStart = record.type === 'start';
    if (this.#lastMs !== undefined) this.#pass(this.#lastMs, timeMs, isStart);
    this.#lastMs = timeMs;
    this.#isStopped = record.type === 'stop';
    if (record.type === 'ready') {
      for (const target of this.#targets.values()) target.settleMaintenance(timeMs);
    } else if ('service' in record) {
      this.#say(timeMs, record);
    }
  }

  /** @param toMs until when it is of interest */
  end(toMs: number): Iterable<TargetPast> {
    const lastMs = this.#lastMs;
    const isGap = lastMs !== undefined && (this.#isStopped || toMs - lastMs > silenceMs);
    for (const target of this.#targets.values()) {
      if (isGap && toMs > lastMs) {
        target.set(lastMs + holdsMs, 'unknown');
        target.unattended(lastMs, toMs);
      }
      target.maintainNoMore(toMs);
    }
    return this.#targets.values();
  }

  /** From one line to the next. */
  #pass(lastMs: number, timeMs: number, isStart: boolean): void {
    const sinceMs = Math.min(lastMs, timeMs);
    const isSilent = timeMs - lastMs > silenceMs;
    if (!isStart && !isSilent && timeMs >= lastMs) return;
    for (const target of this.#targets.values()) {
      if (timeMs < lastMs) target.rewind(timeMs);
      if (isStart) target.set(sinceMs + holdsMs, 'unknown');
      else if (isSilent) target.silent(lastMs + holdsMs, timeMs);
      if (isStart || isSilent) target.unattended(sinceMs, timeMs);
      if (isStart) target.doubtMaintenance();
    }
  }

  #say(timeMs: number, record: HistoryRecord & { service: string; environment: string }): void {
    const target = this.#target(record);
    if (record.type === 'observed') {
      target.set(timeMs, record.status ?? 'no_data');
    } else if (record.type === 'gone') {
      target.maintainNoMore(timeMs);
      target.set(timeMs, 'unknown');
    } else if (record.type === 'maintenance') {
      target.maintain(Math.min(Date.parse(record.from), timeMs), Date.parse(record.until));
    } else if (record.type === 'maintenance_over') {
      target.maintainNoMore(timeMs);
    }
  }

  #target({ service, environment }: { service: string; environment: string }): TargetPast {
    const key = targetKey(service, environment);
    const target = this.#targets.get(key) ?? new TargetPast(service, environment, this.#fromMs);
    this.#targets.set(key, target);
    return target;
  }
}
