/**
 * The connections to a listener of ours: how many there may be, and how long each may take.
 *
 * Nobody is turned away for being late: where there are too many, the one that has been longest
 * without a complete request makes room. So connections that are stuck never keep an honest client
 * out. Every phase of a connection has one deadline, however slowly it drips: to send a complete
 * request (handshake, headers, body, or the idle time before it), and to read the whole answer. While
 * the answer is made, time is ours: that has a deadline of its own.
 */
import type { Socket } from 'node:net';
import type { Clock } from '../model/clock.ts';
import { limits } from '../model/limits.ts';

export class Connections {
  readonly #perAddressMax: number;
  readonly #clock: Clock;
  readonly #all = new Set<Connection>();
  readonly #byAddress = new Map<string, Set<Connection>>();
  /** By its four numbers, inside TLS and outside. */
  readonly #byEnds = new Map<string, Connection>();
  /** Those that were asked for: the numbers are long. */
  readonly #bySocket = new WeakMap<Socket, Connection>();
  #completeCount = 0;

  /** @param perAddressMax so many of them may come from one address */
  constructor(clock: Clock, perAddressMax: number) {
    this.#clock = clock;
    this.#perAddressMax = perAddressMax;
  }

  /** Undefined where it is gone already. */
  admit(socket: Socket): Connection | undefined {
    const { remoteAddress: address } = socket;
    if (address === undefined) {
      socket.destroy();
      return undefined;
    }
    this.#makeRoom(this.#byAddress.get(address), this.#perAddressMax);
    this.#makeRoom(this.#all, limits.connectionsMax);
    const ends = endsOf(socket);
    const connection = new Connection(socket, this.#clock, {
      nextTurn: () => ++this.#completeCount,
      gone: () => this.#forget(connection, address, ends),
    });
    this.#all.add(connection);
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? new Set()).add(connection));
    this.#byEnds.set(ends, connection);
    return connection;
  }

  /** @param socket the connection's own, or the TLS that runs over it */
  of(socket: Socket): Connection | undefined {
    const known = this.#bySocket.get(socket);
    if (known) return this.#all.has(known) ? known : undefined;
    const found = this.#byEnds.get(endsOf(socket));
    if (found) this.#bySocket.set(socket, found);
    return found;
  }

  /** Closes those that wait for a request; the others end with the answer that is under way. */
  retire(): void {
    for (const connection of [...this.#all]) connection.retire();
  }

  closeAll(): void {
    for (const connection of [...this.#all]) connection.close();
  }

  #makeRoom(connections: ReadonlySet<Connection> | undefined, max: number): void {
    if (!connections || connections.size < max) return;
    let longest: Connection | undefined;
    for (const connection of connections) {
      if (!longest || connection.turn < longest.turn) longest = connection;
    }
    longest?.close();
  }

  #forget(connection: Connection, address: string, ends: string): void {
    this.#all.delete(connection);
    if (this.#byEnds.get(ends) === connection) this.#byEnds.delete(ends);
    const ofAddress = this.#byAddress.get(address);
    ofAddress?.delete(connection);
    if (ofAddress?.size === 0) this.#byAddress.delete(address);
  }
}

/** A request, whose body may still be on its way. */
type Arriving = { readonly complete: boolean };

type Owner = { readonly nextTurn: () => number; readonly gone: () => void };

export class Connection {
  /** Of the peer, IPv4 in its own form. */
  readonly address: string;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #owner: Owner;
  readonly #bornMs: number;
  #turn: number;
  #deadlineMs: number;
  /** When the timer goes off. Deadlines move with every request, the timer only where one comes sooner. */
  #timerMs = Number.POSITIVE_INFINITY;
  #cancelTimer: () => void = () => undefined;
  #bodyMs = 0;
  #request: Arriving | undefined;
  #isRetired = false;
  #isRefused = false;

  constructor(socket: Socket, clock: Clock, owner: Owner) {
    this.address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    this.#socket = socket;
    this.#clock = clock;
    this.#owner = owner;
    this.#bornMs = clock.monotonic();
    this.#turn = owner.nextTurn();
    this.#deadlineMs = this.#bornMs + limits.connectionPhaseMs;
    this.#watch(this.#bornMs);
    // What breaks a connection is the client's affair; `close` follows.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.close());
  }

  /** Its place among all, in the order of the last complete request. */
  get turn(): number {
    return this.#turn;
  }

  /** The next answer is the last one. */
  get isLast(): boolean {
    return this.#isRetired || this.#clock.monotonic() - this.#bornMs >= limits.connectionAgeMs;
  }

  /** A request is under way, or was the last: whatever comes now is not answered. */
  get isBusy(): boolean {
    return this.#request !== undefined || this.#isRefused;
  }

  /** What arrives now is the body of the request under way. */
  get isReading(): boolean {
    return this.#request?.complete === false;
  }

  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** The head of a request has arrived. That alone neither moves the deadline nor keeps its place. */
  begun(request: Arriving): void {
    this.#request = request;
  }

  /** The body of the request under way may come: it has a time of its own, but no place yet. */
  admitted(): void {
    this.#bodyMs = this.#clock.monotonic();
    this.#endAt(this.#bodyMs, this.#bodyMs + limits.connectionPhaseMs);
  }

  /** So much of an admitted body has come. Whoever announces much and sends little has no more time. */
  come(bytes: number): void {
    const moreMs = (bytes * 1_000) / limits.bodyBytesPerSecondMin;
    const ms = Math.min(limits.connectionPhaseMs + moreMs, limits.bodyMsMax);
    // The deadline only moves on: the timer need not be looked at.
    this.#deadlineMs = this.#bodyMs + ms;
  }

  /** A request has arrived, its body too. */
  asked(): void {
    this.#turn = this.#owner.nextTurn();
    this.#endIn(limits.answerMsMax);
  }

  /** The answer is there to be read. */
  made(): void {
    this.#endIn(limits.connectionPhaseMs);
  }

  /** An answer has been handed over, or will never be. */
  readonly answered = (): void => {
    if (!this.#isRetired) this.#request = undefined;
    this.#endIn(this.#isRetired ? limits.connectionLingerMs : limits.connectionIdleMs);
  };

  /** It was told why, and is not read from any more: it has a moment to read that. */
  refused(): void {
    this.#isRefused = true;
    this.#endIn(limits.connectionLingerMs);
  }

  /** Closes it, or has it end with the answer that is under way. */
  retire(): void {
    this.#isRetired = true;
    if (!this.isBusy) this.close();
  }

  close(): void {
    this.#cancelTimer();
    this.#owner.gone();
    this.#socket.destroy();
  }

  #endIn(ms: number): void {
    const nowMs = this.#clock.monotonic();
    this.#endAt(nowMs, nowMs + ms);
  }

  #endAt(nowMs: number, deadlineMs: number): void {
    this.#deadlineMs = deadlineMs;
    if (deadlineMs < this.#timerMs) this.#watch(nowMs);
  }

  #watch(nowMs: number): void {
    this.#cancelTimer();
    if (this.#socket.destroyed) return;
    this.#timerMs = this.#deadlineMs;
    this.#cancelTimer = this.#clock.after(this.#deadlineMs - nowMs, () => {
      const laterMs = this.#clock.monotonic();
      if (laterMs >= this.#deadlineMs) this.close();
      else this.#watch(laterMs);
    });
  }
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
