/**
 * The connections to a listener of ours: how many there may be, and how long each may take.
 *
 * Nobody is turned away for being late: where there are too many, the one that has been longest
 * without a complete request makes room. So connections that are stuck never keep an honest client
 * out. Every phase of a connection has one deadline, however slowly it drips: to send a complete
 * request (handshake, headers, body, or the idle time before it), and to read the whole answer.
 */
import type { Socket } from 'node:net';
import type { Clock } from '../model/clock.ts';
import { limits } from '../model/limits.ts';

export class Connections {
  readonly #clock: Clock;
  /** Each set in the order of the last complete request. */
  readonly #all = new Set<Connection>();
  readonly #byAddress = new Map<string, Set<Connection>>();
  /** By its four numbers, inside TLS and outside. */
  readonly #byEnds = new Map<string, Connection>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined where it is gone already. */
  admit(socket: Socket): Connection | undefined {
    const { remoteAddress: address } = socket;
    if (address === undefined) {
      socket.destroy();
      return undefined;
    }
    this.#makeRoom(this.#byAddress.get(address), limits.connectionsPerAddressMax);
    this.#makeRoom(this.#all, limits.connectionsMax);
    const ends = endsOf(socket);
    const connection = new Connection(socket, this.#clock, {
      asked: () => this.#putLast(connection, address),
      gone: () => this.#forget(connection, address, ends),
    });
    this.#putLast(connection, address);
    this.#byEnds.set(ends, connection);
    return connection;
  }

  /** @param socket the connection's own, or the TLS that runs over it */
  of(socket: Socket): Connection | undefined {
    return this.#byEnds.get(endsOf(socket));
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
    const [longest] = connections;
    longest?.close();
  }

  #putLast(connection: Connection, address: string): void {
    this.#all.delete(connection);
    this.#all.add(connection);
    const ofAddress = this.#byAddress.get(address) ?? new Set();
    ofAddress.delete(connection);
    this.#byAddress.set(address, ofAddress.add(connection));
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

type Owner = { readonly asked: () => void; readonly gone: () => void };

export class Connection {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #owner: Owner;
  readonly #bornMs: number;
  #cancelDeadline: () => void;
  #request: Arriving | undefined;
  #isRetired = false;
  #isRefused = false;

  constructor(socket: Socket, clock: Clock, owner: Owner) {
    this.#socket = socket;
    this.#clock = clock;
    this.#owner = owner;
    this.#bornMs = clock.monotonic();
    this.#cancelDeadline = clock.after(limits.connectionPhaseMs, () => this.close());
    // What breaks a connection is the client's affair; `close` follows.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.close());
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

  /** A request has arrived, its body too. */
  asked(): void {
    this.#owner.asked();
    this.#restart(limits.connectionPhaseMs);
  }

  /** An answer has been handed over, or will never be. */
  answered(): void {
    if (!this.#isRetired) this.#request = undefined;
    this.#restart(this.#isRetired ? limits.connectionLingerMs : limits.connectionIdleMs);
  }

  /** It was told why, and is not read from any more: it has a moment to read that. */
  refused(): void {
    this.#isRefused = true;
    this.#restart(limits.connectionLingerMs);
  }

  /** Closes it, or has it end with the answer that is under way. */
  retire(): void {
    this.#isRetired = true;
    if (!this.isBusy) this.close();
  }

  close(): void {
    this.#cancelDeadline();
    this.#owner.gone();
    this.#socket.destroy();
  }

  #restart(ms: number): void {
    this.#cancelDeadline();
    if (!this.#socket.destroyed) this.#cancelDeadline = this.#clock.after(ms, () => this.close());
  }
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
