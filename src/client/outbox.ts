/**
 * Metrics on their way: they wait in a bounded queue and leave in batches, one request at a time.
 *
 * Every metric that was put here is in exactly one place: sent, failed, dropped, queued or in flight.
 */
import type { CollectorError } from './collector-error.ts';
import type { Host } from './host.ts';
import { type Entry, Queue } from './queue.ts';
import { type ClientSettings, limits } from './settings.ts';
import type { Away, Verdict } from './verdict.ts';

/** Sends a body of so many metrics; never rejects. */
export type Deliver = (body: string, count: number) => Promise<Verdict>;

/** A text becomes an error only where somebody is told: drops may be many. */
export type Trouble = string | Error;

export type Counts = {
  sent: number;
  dropped: number;
  failed: number;
  repeated: number;
};

type Waiter = { readonly order: number; readonly done: (isSettled: boolean) => void };

export class Outbox {
  readonly counts: Counts = { sent: 0, dropped: 0, failed: 0, repeated: 0 };
  readonly #settings: ClientSettings;
  readonly #host: Host;
  readonly #deliver: Deliver;
  readonly #onTrouble: (trouble: Trouble | undefined) => void;
  readonly #queue = new Queue();
  #inFlight: readonly Entry[] = [];
  #nextOrder = 0;
  #bytesInFlight = 0;
  /** Shrinks where the collector finds a batch too large. */
  #batchBytesMax: number = limits.batchBytesMax;
  #backoffMs = 0;
  /** Until then nothing is sent: by our own choice, or because the collector asked for it. */
  #restUntilMs = 0;
  #isRestAsked = false;
  #timer: { readonly dueMs: number; readonly cancel: () => void } | undefined;
  #isEnded = false;
  #waiters: Waiter[] = [];

  /** @param onTrouble is told of each, and of nothing when a batch was taken */
  constructor(
    settings: ClientSettings,
    host: Host,
    deliver: Deliver,
    onTrouble: (trouble: Trouble | undefined) => void,
  ) {
    this.#settings = settings;
    this.#host = host;
    this.#deliver = deliver;
    this.#onTrouble = onTrouble;
  }

  get queued(): number {
    return this.#queue.length;
  }

  get inFlight(): number {
    return this.#inFlight.length;
  }

  put(line: string): void {
    const bytes = Buffer.byteLength(line) + 1;
    if (bytes > limits.metricBytesMax) {
      this.drop('the metric is too long');
      return;
    }
    // The newest say how a service is now: the oldest make room for them.
    while (!this.#hasRoom(bytes) && this.#queue.shift()) this.#dropForRoom();
    if (!this.#hasRoom(bytes)) {
      this.#dropForRoom();
      return;
    }
    this.#queue.push({ line, bytes, order: this.#nextOrder++, unanswered: 0 });
    if (this.#isDue()) this.#wake(0);
    else if (!this.#timer) this.#wake(this.#settings.batchEveryMs);
  }

  /** One that is not even queued, or not any more. */
  drop(why: Trouble): void {
    this.counts.dropped++;
    this.#onTrouble(why);
  }

  /** Resolves with whether all that came before is settled, within `limitMs`; tries at once to send it. */
  flush(limitMs: number): Promise<boolean> {
    if (this.#isSettled(this.#nextOrder)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const done = (isSettled: boolean) => {
        cancel();
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        resolve(isSettled);
      };
      const waiter = { order: this.#nextOrder, done };
      // The program waits for this, so this keeps it up.
      const cancel = this.#host.after(limitMs, () => done(false));
      this.#waiters.push(waiter);
      if (!this.#isRestAsked) this.#restUntilMs = 0;
      this.#wake(0);
    });
  }

  /** What still waits is dropped, and what is in flight has failed: no answer to it is heard any more. */
  end(): void {
    const why = 'the client was closed before everything was sent';
    this.#isEnded = true;
    this.#timer?.cancel();
    while (this.#queue.shift()) this.drop(why);
    if (this.inFlight > 0) this.#onTrouble(why);
    this.counts.failed += this.inFlight;
    this.#hold([]);
    this.#tellWaiters();
  }

  /** While the collector is away, that is the trouble to be told of, and not what follows from it. */
  #dropForRoom(): void {
    if (this.#backoffMs > 0) this.counts.dropped++;
    else this.drop('the queue is full');
  }

  #hasRoom(bytes: number): boolean {
    const { queueMax, queueBytesMax } = this.#settings;
    const count = this.#queue.length + this.#inFlight.length;
    return count < queueMax && this.#queue.bytes + this.#bytesInFlight + bytes <= queueBytesMax;
  }

  #isDue(): boolean {
    const { batchMax, queueMax } = this.#settings;
    const isFull = this.#queue.length >= Math.min(batchMax, queueMax);
    return isFull || this.#queue.bytes >= this.#batchBytesMax || this.#waiters.length > 0;
  }

  #wake(inMs: number): void {
    if (this.#isEnded || this.#inFlight.length > 0 || this.#queue.length === 0) return;
    const nowMs = this.#host.monotonic();
    const dueMs = Math.max(nowMs + inMs, this.#restUntilMs);
    if (this.#timer && this.#timer.dueMs <= dueMs) return;
    this.#timer?.cancel();
    // Never within the call that woke it: who sends a metric does not wait for a request to be written.
    const cancel = this.#host.whileUp(dueMs - nowMs, () => {
      this.#timer = undefined;
      void this.#sendBatch();
    });
    this.#timer = { dueMs, cancel };
  }

  async #sendBatch(): Promise<void> {
    let batch: readonly Entry[] = this.#queue.take(this.#settings.batchMax, this.#batchBytesMax);
    let waitMs = 0;
    for (let round = 0; batch.length > 0; round++) {
      this.#hold(batch);
      const body = batch.map(({ line }) => `${line}\n`).join('');
      const verdict = await this.#deliver(body, batch.length);
      if (this.#isEnded) return;
      if (verdict.kind === 'wrong' && round < limits.roundsMax) {
        batch = this.#withoutWrong(batch, verdict.error);
        continue;
      }
      waitMs = this.#settle(batch, verdict);
      break;
    }
    this.#hold([]);
    this.#tellWaiters();
    this.#wake(waitMs > 0 || this.#isDue() ? waitMs : this.#settings.batchEveryMs);
  }

  #hold(batch: readonly Entry[]): void {
    this.#inFlight = batch;
    this.#bytesInFlight = batch.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #withoutWrong(batch: readonly Entry[], error: CollectorError): readonly Entry[] {
    const wrong = new Set(error.errors.map(({ index }) => index));
    this.counts.failed += wrong.size;
    this.#onTrouble(error);
    return batch.filter((_, index) => !wrong.has(index));
  }

  /** How long to rest before the next batch. */
  #settle(batch: readonly Entry[], verdict: Verdict): number {
    if (verdict.kind === 'away') return this.#rest(batch, verdict);
    this.#backoffMs = 0;
    this.#restUntilMs = 0;
    this.#isRestAsked = false;
    if (verdict.kind === 'taken') {
      this.counts.sent += batch.length;
      this.#onTrouble(undefined);
      return 0;
    }
    this.#onTrouble(verdict.error);
    if (verdict.kind === 'large' && batch.length > 1) {
      this.#batchBytesMax = Math.floor(this.#bytesInFlight / 2);
      this.#queue.putBack(batch);
      // At once: nothing is wrong with them.
      return 1;
    }
    this.counts.failed += batch.length;
    return 0;
  }

  #rest(batch: readonly Entry[], { error, waitMs, mayBeTaken, isStale }: Away): number {
    const isAgain = (entry: Entry) => entry.unanswered < limits.unansweredMax;
    if (mayBeTaken) for (const entry of batch) entry.unanswered++;
    const again = batch.filter(isAgain);
    this.counts.failed += batch.length - again.length;
    if (mayBeTaken) this.counts.repeated += again.length;
    this.#queue.putBack(again);
    if (isStale && this.#backoffMs === 0) {
      this.#backoffMs = 1;
      return 1;
    }
    this.#onTrouble(error);
    const { backoffMsMin, backoffMsMax } = limits;
    this.#backoffMs = Math.min(backoffMsMax, Math.max(backoffMsMin, this.#backoffMs * 2));
    const chance = this.#host.chance();
    // All who were sent away together do not come back together.
    const restMs = waitMs === undefined ? this.#backoffMs * (0.5 + chance / 2) : waitMs * (1 + chance / 4);
    this.#isRestAsked = waitMs !== undefined;
    this.#restUntilMs = this.#host.monotonic() + restMs;
    return restMs;
  }

  #isSettled(order: number): boolean {
    const first = this.#inFlight[0] ?? this.#queue.first;
    return !first || first.order >= order;
  }

  #tellWaiters(): void {
    for (const waiter of [...this.#waiters]) {
      if (this.#isSettled(waiter.order)) waiter.done(true);
    }
  }
}
