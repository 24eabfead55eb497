/**
 * The metrics that were pushed lately: all of the last half hour, say, but the oldest where they are too
 * many.
 *
 * Each is a row in columns, in the order of their arrival; what is asked about them is kept added up.
 */
import { type Clock, pace } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import type { Interval } from '../interval.ts';
import type { Cap } from '../journal.ts';
import type { CollectorSettings } from '../settings.ts';
import { HashedNames } from './hashed-names.ts';
import { Names } from './names.ts';
import { Rollup } from './rollup.ts';
import { Rows, rowsPerChunk } from './rows.ts';
import { Totals } from './totals.ts';

type WindowSettings = Pick<CollectorSettings, 'historyMs' | 'metricsMax' | 'namesMax' | 'hashIps'>;

export type TimeRange = { readonly fromMs: number; readonly toMs: number };

export class Window {
  readonly services: Names;
  readonly paths: Names;
  readonly ips: Names;
  readonly environments: Names;
  readonly instances: Names;
  readonly peers: Names;
  readonly totals = new Totals();
  readonly #settings: WindowSettings;
  readonly #clock: Clock;
  readonly #onCap: (cap: Cap) => void;
  readonly #rollup: Rollup;
  #chunks: Rows[] = [];
  /** Taken when the next chunk is needed: a full window then asks for no memory. */
  #spare: Rows | undefined;
  #count = 0;
  #expired = 0;
  #evicted = 0;

  constructor(settings: WindowSettings, clock: Clock, onCap: (cap: Cap) => void) {
    const { namesMax, hashIps } = settings;
    const onFull = () => onCap('max_names');
    const open = (charactersMax: number) => new Names(namesMax, charactersMax, onFull);
    const { nameCharactersMax, heldCharactersMax } = limits;
    this.#settings = settings;
    this.#clock = clock;
    this.#onCap = onCap;
    this.services = open(nameCharactersMax);
    this.paths = open(nameCharactersMax);
    this.ips = hashIps ? new HashedNames(namesMax, nameCharactersMax, onFull) : open(nameCharactersMax);
    this.environments = open(heldCharactersMax);
    this.instances = open(heldCharactersMax);
    this.peers = open(heldCharactersMax);
    this.#rollup = new Rollup(this, () => onCap('deployments'));
  }

  get count(): number {
    return this.#count;
  }

  /** Those that became too old, since the start. */
  get expired(): number {
    return this.#expired;
  }

  /** Those that were pushed out because the window was full, since the start. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Of all tables. */
  get byteLength(): number {
    const { services, paths, ips, environments, instances, peers } = this;
    const names = [services, paths, ips, environments, instances, peers];
    const parts = [
      ...names,
      ...this.#chunks,
      ...(this.#spare ? [this.#spare] : []),
      this.totals,
      this.#rollup,
    ];
    return parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /**
   * Takes over one hold of each name.
   *
   * @param latencyMs 0 to 1e12; NaN: none
   * @param statusCode 100 to 599; 0: none
   */
  add(
    timeMs: number,
    latencyMs: number,
    statusCode: number,
    service: number,
    path: number,
    ip: number,
    environment: number,
    instance: number,
    peer: number,
  ): void {
    if (this.#count >= this.#settings.metricsMax) this.#evict();
    let chunk = this.#chunks[this.#chunks.length - 1];
    if (chunk === undefined || chunk.end === rowsPerChunk) chunk = this.#append();
    const flags = this.totals.add(service, path, ip, statusCode, latencyMs);
    chunk.add(timeMs, latencyMs, statusCode, service, path, ip, flags);
    this.#count++;
    this.#rollup.add(service, environment, statusCode, latencyMs, instance, peer);
  }

  /**
   * Removes all that is older than the window, and says how many went. Whatever else waits has its turn
   * meanwhile.
   */
  async expire(): Promise<number> {
    const turn = pace(this.#clock, limits.expirySliceMs);
    let gone = 0;
    for (let at = this.#stale(); at >= 0; at = this.#stale()) {
      gone += this.#clean(at);
      const others = turn();
      if (others) await others;
    }
    return gone;
  }

  /** Times of the oldest and the newest; undefined where there is none. */
  timeRange(): TimeRange | undefined {
    if (this.#count === 0) return undefined;
    let fromMs = Number.POSITIVE_INFINITY;
    let toMs = Number.NEGATIVE_INFINITY;
    for (const chunk of this.#chunks) {
      chunk.measure();
      fromMs = Math.min(fromMs, chunk.leastMs);
      toMs = Math.max(toMs, chunk.mostMs);
    }
    return { fromMs, toMs };
  }

  /** What came since it was asked last. */
  intervals(): readonly Interval[] {
    return this.#rollup.intervals();
  }

  #append(): Rows {
    const chunk = this.#spare ?? new Rows();
    this.#spare = undefined;
    this.#chunks.push(chunk);
    return chunk;
  }

  /** The oldest arrival goes. */
  #evict(): void {
    const [chunk] = this.#chunks;
    if (chunk === undefined) return;
    this.#forget(chunk, chunk.start);
    chunk.shift();
    if (chunk.count === 0) this.#remove(0);
    this.#count--;
    this.#evicted++;
    this.#onCap('max_metrics');
  }

  /** The first chunk that holds something too old, or -1. */
  #stale(): number {
    const limitMs = this.#limitMs();
    for (let at = 0; at < this.#chunks.length; at++) {
      if ((this.#chunks[at] as Rows).leastMs < limitMs) return at;
    }
    return -1;
  }

  /** Takes out of one chunk what is too old; what is left of it and its neighbours moves together. */
  #clean(at: number): number {
    const limitMs = this.#limitMs();
    const chunk = this.#chunks[at] as Rows;
    const before = chunk.count;
    for (let row = chunk.start; row < chunk.end; row++) {
      if (chunk.timeOf(row) < limitMs) this.#forget(chunk, row);
    }
    if (chunk.mostMs < limitMs) chunk.clear();
    else chunk.keepFrom(limitMs);
    const gone = before - chunk.count;
    this.#count -= gone;
    this.#expired += gone;
    if (chunk.count === 0) this.#remove(at);
    else this.#join(at);
    if (this.#count === 0) this.#release();
    return gone;
  }

  #join(at: number): void {
    for (const index of [at, at - 1]) {
      const chunk = this.#chunks[index];
      const next = this.#chunks[index + 1];
      if (!chunk || !next || chunk.count + next.count > rowsPerChunk) continue;
      chunk.append(next);
      this.#remove(index + 1);
    }
  }

  #remove(at: number): void {
    const [chunk] = this.#chunks.splice(at, 1);
    chunk?.clear();
    this.#spare = chunk;
  }

  /** Nothing is left: memory is given back too. */
  #release(): void {
    this.#chunks = [];
    this.#spare = undefined;
    this.totals.clear();
    for (const names of [this.services, this.paths, this.ips]) names.trim();
  }

  #forget(chunk: Rows, row: number): void {
    const service = chunk.services[row] as number;
    const path = chunk.paths[row] as number;
    const ip = chunk.ips[row] as number;
    const latencyMs = chunk.latencies[row] as number;
    this.totals.remove(
      service,
      path,
      ip,
      chunk.statuses[row] as number,
      latencyMs,
      chunk.flags[row] as number,
    );
    this.services.drop(service);
    this.paths.drop(path);
    this.ips.drop(ip);
  }

  #limitMs(): number {
    return this.#clock.now() - this.#settings.historyMs;
  }
}
