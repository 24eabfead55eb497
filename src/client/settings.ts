/** What a client may be told, and the limits of what it holds. */

export type ClientOptions = {
  /** Sent as `Authorization: Bearer`. Over plain http everybody on the way can read it. */
  readonly token?: string | undefined;
  readonly batch?:
    | {
        /** Metrics in one request: 500. */
        readonly max?: number | undefined;
        /** How long a metric waits for others: 1,000. */
        readonly everyMs?: number | undefined;
      }
    | undefined;
  /** Metrics that wait; with more, the oldest is dropped: 10,000. */
  readonly queueMax?: number | undefined;
  /** The same in bytes: 8 MiB. */
  readonly queueBytesMax?: number | undefined;
  /** For one request, from its start to the end of the answer: 2,000. */
  readonly timeoutMs?: number | undefined;
  /** Told of trouble when it begins and when it changes, once a second at most. */
  readonly onError?: ((error: Error) => void) | undefined;
};

export type ClientSettings = {
  readonly batchMax: number;
  readonly batchEveryMs: number;
  readonly queueMax: number;
  readonly queueBytesMax: number;
  readonly timeoutMs: number;
};

/** Of the collector, and ours. */
export const limits = {
  /** One metric. */
  metricBytesMax: 65_536,
  serviceCharactersMax: 200,
  /** Of a path that the middleware saw; the rest is cut. */
  pathCharactersMax: 1_024,
  /** Nesting of `custom`. */
  customDepthMax: 8,
  /** One request: an eighth of what the collector takes. */
  batchBytesMax: 1_048_576,
  /** An answer. */
  answerBytesMax: 65_536,
  /** Of what a collector says, in an error. */
  messageCharactersMax: 300,
  /** How often one batch is sent again at once because the collector named wrong metrics in it. */
  roundsMax: 25,
  /** How often a metric is sent, where no answer tells whether it was taken. */
  unansweredMax: 3,
  backoffMsMin: 500,
  backoffMsMax: 30_000,
  /** `Retry-After` counts within these. */
  retryAfterMsMin: 1_000,
  retryAfterMsMax: 30_000,
  /** For `flush` and `close`. */
  flushMs: 2_000,
  /** Between two errors that are told. */
  errorsEveryMs: 1_000,
  /** Connections; the collector closes one that was idle for 4.5 s. */
  connectionsMax: 4,
  connectionIdleMs: 4_000,
} as const;

/** Whatever stands there: a client never refuses to be made. */
export function clientSettings(options: ClientOptions): ClientSettings {
  const { batch } = options;
  return {
    batchMax: whole(batch?.max, 500, 1, 10_000),
    batchEveryMs: whole(batch?.everyMs, 1_000, 1, 3_600_000),
    queueMax: whole(options.queueMax, 10_000, 1, 10_000_000),
    queueBytesMax: whole(options.queueBytesMax, 8_388_608, 1_024, 1_073_741_824),
    timeoutMs: whole(options.timeoutMs, 2_000, 1, 600_000),
  };
}

/** How long `flush` and `close` wait. */
export function flushMs(options: { readonly timeoutMs?: number | undefined } | undefined): number {
  return whole(options?.timeoutMs, limits.flushMs, 0, 3_600_000);
}

function whole(value: unknown, byDefault: number, min: number, max: number): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return byDefault;
  return Math.round(Math.min(max, Math.max(min, value)));
}
