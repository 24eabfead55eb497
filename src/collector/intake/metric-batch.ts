/** Takes the metrics of one body, by their bytes or by what JSON made of them, and stages them. */
import type { CollectorJournal } from '../journal.ts';
import { type Names, none } from '../window/names.ts';
import type { Complaints } from './complaints.ts';
import { decodeMetric, type Metric, type Span } from './metric.ts';
import { MetricBytes, places } from './metric-bytes.ts';
import type { Fields, Taker } from './reading.ts';
import { type MetricStore, StagedRows } from './staged-rows.ts';
import { Timestamps } from './timestamp.ts';

const nothing: Buffer = Buffer.alloc(0);

type MetricJournal = Pick<CollectorJournal, 'hearsIngested' | 'ingested'>;

export class MetricBatch implements Taker {
  readonly #window: MetricStore;
  readonly #journal: MetricJournal;
  readonly #times = new Timestamps();
  readonly #bytes = new MetricBytes(this.#times);
  readonly #rows: StagedRows;
  #body: Buffer = nothing;
  #span: Span = { nowMs: 0, oldestMs: 0, latestMs: 0, historyMs: 0 };
  /** Of metrics that name none; held as long as the batch is open. */
  #environment = none;
  /** Of each row, where somebody hears of it: nothing else keeps the method. */
  #methods: (string | undefined)[] | undefined;

  constructor(window: MetricStore, journal: MetricJournal) {
    this.#window = window;
    this.#journal = journal;
    this.#rows = new StagedRows(window);
  }

  /** @param environment of metrics that name none */
  open(body: Buffer, address: string, environment: string, span: Span): void {
    this.#body = body;
    this.#span = span;
    this.#bytes.open(body, span);
    this.#rows.open(address);
    this.#environment = this.#window.environments.take(environment);
    this.#methods = this.#journal.hearsIngested() ? [] : undefined;
  }

  take(fields: Fields, index: number, complaints: Complaints): void {
    const rules = { span: this.#span, times: this.#times };
    const metric = decodeMetric(fields, index, complaints, rules);
    if (metric && complaints.count === 0) this.#stage(metric);
  }

  read(start: number, isLine: boolean): number {
    return this.#bytes.read(start, isLine);
  }

  keep(): void {
    const { services, paths, ips, environments, instances } = this.#window;
    const bytes = this.#bytes;
    this.#rows.add(
      bytes.timeMs,
      bytes.latencyMs,
      bytes.statusCode,
      this.#idOf(services, places.service),
      this.#idOf(paths, places.path),
      this.#idOf(ips, places.source_ip),
      bytes.has(places.environment) ? this.#idOf(environments, places.environment) : this.#ownEnvironment(),
      this.#idOf(instances, places.instance),
    );
    this.#methods?.push(bytes.has(places.method) ? this.#textOf(places.method) : undefined);
  }

  /** Puts some more into the window: whether there are still others. */
  store(): boolean {
    const methods = this.#methods;
    if (!methods) return this.#rows.store();
    return this.#rows.store((row) => {
      const method = methods[row];
      this.#journal.ingested({ ...this.#rows.describe(row), ...(method !== undefined && { method }) });
    });
  }

  /** Forgets some more of what is not to be stored: whether there is still other. */
  drop(): boolean {
    return this.#rows.drop();
  }

  /** Once all is stored or dropped. */
  close(): void {
    this.#rows.close();
    this.#window.environments.drop(this.#environment);
    this.#methods = undefined;
    this.#body = nothing;
    this.#bytes.open(nothing, this.#span);
  }

  #stage(metric: Metric): void {
    const { services, paths, ips, environments, instances } = this.#window;
    const { service, path, source_ip, environment, instance, method } = metric;
    this.#rows.add(
      metric.timeMs,
      metric.latency_ms ?? Number.NaN,
      metric.status_code ?? 0,
      services.take(service),
      path === undefined ? none : paths.take(path),
      source_ip === undefined ? none : ips.take(source_ip),
      environment === undefined ? this.#ownEnvironment() : environments.take(environment),
      instance === undefined ? none : instances.take(instance),
    );
    this.#methods?.push(method);
  }

  #ownEnvironment(): number {
    this.#window.environments.hold(this.#environment);
    return this.#environment;
  }

  #idOf(names: Names, place: number): number {
    const { starts, ends } = this.#bytes;
    if (!this.#bytes.has(place)) return none;
    return names.takeBytes(this.#body, starts[place] as number, ends[place] as number);
  }

  #textOf(place: number): string {
    return this.#body.toString('latin1', this.#bytes.starts[place], this.#bytes.ends[place]);
  }
}
