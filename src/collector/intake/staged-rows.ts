/**
 * Metrics of one body that wait until all of it is found right: numbers in columns that grow.
 *
 * A row holds its names from the beginning. Together the rows go into the window, which takes the holds
 * over, or they are dropped with them.
 */

import type { Ingested } from '../journal.ts';
import { none } from '../window/names.ts';
import type { Window } from '../window/window.ts';

/** Where metrics go, and the names that their rows hold until then. */
export type MetricStore = Pick<
  Window,
  'services' | 'paths' | 'ips' | 'environments' | 'instances' | 'peers' | 'add'
>;

const rowsAtFirst = 64;
/** More room is given back when the body is done. */
const rowsKept = 65_536;
/** About 0.1 ms. */
const rowsPerStep = 256;

/** Service, path, address, environment, instance and status code stand side by side. */
const numbersPerRow = 6;

export class StagedRows {
  readonly #window: MetricStore;
  #peer = none;
  #count = 0;
  #stored = 0;
  #timesMs = new Float64Array(rowsAtFirst);
  #latenciesMs = new Float64Array(rowsAtFirst);
  #numbers = new Uint16Array(rowsAtFirst * numbersPerRow);

  constructor(window: MetricStore) {
    this.#window = window;
  }

  /** Rows of this address follow. */
  open(address: string): void {
    this.#peer = this.#window.peers.take(address);
  }

  add(
    timeMs: number,
    latencyMs: number,
    statusCode: number,
    service: number,
    path: number,
    ip: number,
    environment: number,
    instance: number,
  ): void {
    const row = this.#count++;
    if (row === this.#timesMs.length) this.#resize(2 * row);
    this.#timesMs[row] = timeMs;
    this.#latenciesMs[row] = latencyMs;
    const numbers = this.#numbers;
    const at = row * numbersPerRow;
    numbers[at] = service;
    numbers[at + 1] = path;
    numbers[at + 2] = ip;
    numbers[at + 3] = environment;
    numbers[at + 4] = instance;
    numbers[at + 5] = statusCode;
    this.#window.peers.hold(this.#peer);
  }

  /** Puts some more into the window: whether there are still others. */
  store(onEach?: (row: number) => void): boolean {
    const end = Math.min(this.#count, this.#stored + rowsPerStep);
    const numbers = this.#numbers;
    for (let row = this.#stored; row < end; row++) {
      onEach?.(row);
      const at = row * numbersPerRow;
      this.#window.add(
        this.#timesMs[row] as number,
        this.#latenciesMs[row] as number,
        numbers[at + 5] as number,
        numbers[at] as number,
        numbers[at + 1] as number,
        numbers[at + 2] as number,
        numbers[at + 3] as number,
        numbers[at + 4] as number,
        this.#peer,
      );
    }
    this.#stored = end;
    return end < this.#count;
  }

  /** In words, but for what is not kept. */
  describe(row: number): Ingested {
    const { services, environments, ips, paths } = this.#window;
    const at = row * numbersPerRow;
    const [service = none, path = none, ip = none, environment = none] = this.#numbers.subarray(at, at + 4);
    const statusCode = this.#numbers[at + 5] as number;
    const latencyMs = this.#latenciesMs[row] as number;
    return {
      service: services.text(service),
      environment: environments.text(environment),
      ...(ip !== none && { source_ip: ips.text(ip) }),
      ...(path !== none && { path: paths.text(path) }),
      ...(statusCode > 0 && { status_code: statusCode }),
      ...(latencyMs >= 0 && { latency_ms: latencyMs }),
    };
  }

  /** Forgets some more of those that are not to be stored: whether there are still others. */
  drop(): boolean {
    const { services, environments, instances, ips, paths, peers } = this.#window;
    const end = Math.max(this.#stored, this.#count - rowsPerStep);
    const numbers = this.#numbers;
    for (let row = end; row < this.#count; row++) {
      const at = row * numbersPerRow;
      services.drop(numbers[at] as number);
      paths.drop(numbers[at + 1] as number);
      ips.drop(numbers[at + 2] as number);
      environments.drop(numbers[at + 3] as number);
      instances.drop(numbers[at + 4] as number);
      peers.drop(this.#peer);
    }
    this.#count = end;
    return end > this.#stored;
  }

  /** Once all are stored or dropped. */
  close(): void {
    this.#window.peers.drop(this.#peer);
    this.#peer = none;
    this.#count = 0;
    this.#stored = 0;
    if (this.#timesMs.length > rowsKept) this.#resize(rowsAtFirst);
  }

  #resize(rows: number): void {
    const kept = Math.min(rows, this.#count);
    const timesMs = new Float64Array(rows);
    const latenciesMs = new Float64Array(rows);
    const numbers = new Uint16Array(rows * numbersPerRow);
    timesMs.set(this.#timesMs.subarray(0, kept));
    latenciesMs.set(this.#latenciesMs.subarray(0, kept));
    numbers.set(this.#numbers.subarray(0, kept * numbersPerRow));
    this.#timesMs = timesMs;
    this.#latenciesMs = latenciesMs;
    this.#numbers = numbers;
  }
}
