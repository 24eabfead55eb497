/**
 * A failure: the world did not do what it should, and the program goes on.
 *
 * The reasons are a closed list: they are log fields, metric labels and the headings of
 * the troubleshooting page. The message never holds a secret, a token or a query string.
 */

/**
 * `telemetry` is our own listener, as the command `healthcheck` sees it; `state` is the folder where
 * state and history are kept.
 */
export type Peer = 'convertor' | 'dashboard' | 'source' | 'datasource' | 'telemetry' | 'state';

export const failureReasons = [
  'unreachable',
  'timeout',
  'unauthorized',
  'rate_limited',
  'rejected',
  'failed',
  'garbled',
  'unsupported',
  'stale',
  'unknown_component',
  'stopped',
] as const;

export type FailureReason = (typeof failureReasons)[number];

/** Whether the same request may work a little later. */
const retryable: Readonly<Record<FailureReason, boolean>> = {
  unreachable: true,
  timeout: true,
  rate_limited: true,
  failed: true,
  unauthorized: false,
  rejected: false,
  garbled: false,
  unsupported: false,
  stale: false,
  unknown_component: false,
  stopped: false,
};

export type FailureFacts = {
  readonly httpStatus?: number;
  /** What `Retry-After` asked for, as sent by the peer: not yet clamped. */
  readonly retryAfterMs?: number;
  /** The peer may have done what it was asked, although it did not say so. */
  readonly isAmbiguous?: boolean;
  /** The peer was never asked: the cause is ours, or a proxy's. */
  readonly isUnsent?: boolean;
  /** The peer said more than is read. */
  readonly isTooLarge?: boolean;
};

export class Failure extends Error {
  override readonly name = 'Failure';
  readonly peer: Peer;
  readonly reason: FailureReason;
  readonly httpStatus: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly isAmbiguous: boolean;
  readonly isUnsent: boolean;
  readonly isTooLarge: boolean;

  constructor(peer: Peer, reason: FailureReason, message: string, facts: FailureFacts = {}) {
    super(message);
    this.peer = peer;
    this.reason = reason;
    this.httpStatus = facts.httpStatus;
    this.retryAfterMs = facts.retryAfterMs;
    this.isAmbiguous = facts.isAmbiguous ?? false;
    this.isUnsent = facts.isUnsent ?? false;
    this.isTooLarge = facts.isTooLarge ?? false;
  }

  /** The peer was not there: nothing it said is the cause. */
  get isTransport(): boolean {
    return this.reason === 'unreachable' || this.reason === 'timeout';
  }

  get retryable(): boolean {
    return retryable[this.reason];
  }

  get code(): string {
    return `${this.peer}.${this.reason}`;
  }
}
