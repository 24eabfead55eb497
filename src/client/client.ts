/** Sends metrics to a collector without ever being in the way of the program that it runs in. */
import { CollectorError } from './collector-error.ts';
import { type Courier, openCourier } from './courier.ts';
import { findEndpoint } from './endpoint.ts';
import { systemHost } from './host.ts';
import { type Metric, metricLine } from './metric.ts';
import { Outbox, type Trouble } from './outbox.ts';
import type { Body } from './post.ts';
import { type ClientOptions, clientSettings, flushMs, limits } from './settings.ts';
import { judgeFailure, type Verdict } from './verdict.ts';

/** What became of the calls of `send`: sent + dropped + failed + queued + inFlight is their number. */
export type Stats = {
  /** The collector has answered that it took them. */
  readonly sent: number;
  /** Given up here: no metric, the queue was full, the client closed or without a collector. */
  readonly dropped: number;
  /** The collector refused them, or never answered. */
  readonly failed: number;
  readonly queued: number;
  readonly inFlight: number;
  /** How often one was kept to be sent again after no answer came: so many may count twice there. */
  readonly repeated: number;
  /** What went wrong last, if anything ever did. */
  readonly lastError: string | undefined;
};

export class Client {
  readonly #host = systemHost;
  readonly #outbox: Outbox;
  readonly #courier: Courier | undefined;
  readonly #onError: ((error: Error) => void) | undefined;
  /** Why nothing can be sent any more, or never could. */
  #off: Error | undefined;
  #lastError: string | undefined;
  #told = { message: '', atMs: Number.NEGATIVE_INFINITY };
  #stamp = { ms: Number.NaN, text: '' };
  #closing: Promise<void> | undefined;

  /**
   * @param url of the collector, with or without `/api/ingest`; where none is given, REPORTER_URL. Where it
   * is missing or wrong nothing is thrown: `onError` and `stats()` tell, and every metric is dropped.
   */
  constructor(url?: string | { readonly href: string } | undefined, options: ClientOptions = {}) {
    const given = options ?? {};
    const settings = clientSettings(given);
    const endpoint = findEndpoint(url, given.token, this.#host.env);
    this.#onError = given.onError;
    if (endpoint instanceof Error) {
      this.#off = endpoint;
      this.#onTrouble(endpoint);
    } else {
      this.#courier = openCourier(endpoint, settings.timeoutMs, this.#host);
    }
    this.#outbox = new Outbox(
      settings,
      this.#host,
      (text, count) => this.#deliver({ type: 'application/x-ndjson', text }, count),
      (trouble) => this.#onTrouble(trouble),
    );
  }

  /** Hands over a metric. Copies it at once, never throws, never waits; the queue does the rest. */
  readonly send = (metric: Metric): void => {
    try {
      if (this.#off) this.#outbox.drop(this.#off);
      else this.#outbox.put(metricLine(metric, this.#timestamp()));
    } catch (error) {
      this.#outbox.drop(error instanceof Error ? error : new Error('the metric cannot be read'));
    }
  };

  /** Sends one metric now. Rejects with a CollectorError unless the collector took it, within `timeoutMs`. */
  readonly sendSync = async (metric: Metric): Promise<void> => {
    if (this.#off) throw new CollectorError(this.#off.message);
    const verdict = await this.#deliver({ type: 'application/json', text: this.#line(metric) }, 1);
    if (verdict.kind !== 'taken') throw verdict.error;
  };

  /** Sends what waits. Resolves with whether all of it is settled; after `timeoutMs` (2,000) with false. */
  readonly flush = (options?: { readonly timeoutMs?: number | undefined }): Promise<boolean> =>
    this.#outbox.flush(flushMs(options));

  /**
   * Sends what waits, as `flush` does, and ends: what waits then is dropped, what is in flight has failed,
   * and all that comes later is dropped.
   */
  readonly close = (options?: { readonly timeoutMs?: number | undefined }): Promise<void> => {
    this.#closing ??= this.#close(flushMs(options));
    return this.#closing;
  };

  readonly stats = (): Stats => ({
    ...this.#outbox.counts,
    queued: this.#outbox.queued,
    inFlight: this.#outbox.inFlight,
    lastError: this.#lastError,
  });

  async #close(limitMs: number): Promise<void> {
    this.#off ??= new Error('the client is closed');
    await this.#outbox.flush(limitMs);
    this.#outbox.end();
    this.#courier?.stop();
  }

  #deliver(body: Body, count: number): Promise<Verdict> {
    return this.#courier?.deliver(body, count) ?? Promise.resolve(judgeFailure(this.#off));
  }

  #line(metric: Metric): string {
    try {
      const line = metricLine(metric, this.#timestamp());
      if (Buffer.byteLength(line) < limits.metricBytesMax) return line;
    } catch (error) {
      throw new CollectorError(error instanceof Error ? error.message : 'the metric cannot be read');
    }
    throw new CollectorError('the metric is too long');
  }

  /** Many come within a millisecond. */
  #timestamp(): string {
    const ms = this.#host.now();
    if (ms !== this.#stamp.ms) this.#stamp = { ms, text: new Date(ms).toISOString() };
    return this.#stamp.text;
  }

  /** @param trouble undefined: a batch was taken */
  #onTrouble(trouble: Trouble | undefined): void {
    if (trouble === undefined) {
      this.#told = { ...this.#told, message: '' };
      return;
    }
    const message = typeof trouble === 'string' ? trouble : trouble.message;
    this.#lastError = message;
    if (!this.#onError || message === this.#told.message) return;
    const nowMs = this.#host.monotonic();
    if (nowMs - this.#told.atMs < limits.errorsEveryMs) return;
    this.#told = { message, atMs: nowMs };
    void tell(this.#onError, typeof trouble === 'string' ? new CollectorError(trouble) : trouble);
  }
}

/** Whatever the callback does: it neither throws into us nor leaves a rejection. */
async function tell(onError: (error: Error) => void, error: Error): Promise<void> {
  try {
    await onError(error);
  } catch {
    // It is the program's own, and there is nobody else to tell.
  }
}
