/** What is in the window, added up: kept up to date with each metric that comes and goes, never scanned for. */
import { limits } from '../../model/limits.ts';
import { ExactSums } from './exact-sums.ts';
import type { Counted } from './largest.ts';
import { none } from './names.ts';
import { fresh, Pairs, refused } from './pairs.ts';
import { countsIp, countsPath } from './rows.ts';
import { Tally } from './tally.ts';

const idsAtFirst = 64;
const statusesEnd = 600;

/** Of one service. The counts of services stand beside each other, these in each. */
const fieldsPerService = 8;
const requestsField = 0;
const answeredField = 1;
const errorsField = 2;
const timedField = 3;
const ipsField = 4;
const pathlessField = 5;

export class Totals {
  readonly ips = new Tally();
  readonly paths = new Tally();
  readonly ipsOfServices = new Pairs(limits.ipPairsMax);
  readonly pathsOfServices = new Pairs(limits.pathPairsMax);
  #latencies = new ExactSums(idsAtFirst);
  readonly #statuses = new Uint32Array(statusesEnd);
  #services = new Uint32Array(idsAtFirst * fieldsPerService);
  #servicesCount = 0;

  get servicesCount(): number {
    return this.#servicesCount;
  }

  get byteLength(): number {
    const parts = [this.ips, this.paths, this.ipsOfServices, this.pathsOfServices, this.#latencies];
    return parts.reduce((sum, part) => sum + part.byteLength, this.#services.byteLength);
  }

  /** What has to be taken back when it goes: flags of a row. */
  add(service: number, path: number, ip: number, status: number, latencyMs: number): number {
    const at = service * fieldsPerService;
    if (at >= this.#services.length) this.#grow(service);
    const services = this.#services;
    if (services[at + requestsField] === 0) this.#servicesCount++;
    services[at + requestsField] = (services[at + requestsField] as number) + 1;
    if (status > 0) this.#addStatus(services, at, status, 1);
    if (latencyMs >= 0) {
      services[at + timedField] = (services[at + timedField] as number) + 1;
      this.#latencies.add(service, latencyMs);
    }
    this.ips.add(ip);
    this.paths.add(path);
    let flags = 0;
    if (ip !== none) {
      const outcome = this.ipsOfServices.add(service, ip);
      if (outcome !== refused) flags |= countsIp;
      if (outcome === fresh) services[at + ipsField] = (services[at + ipsField] as number) + 1;
    }
    if (path !== none) {
      if (this.pathsOfServices.add(service, path) !== refused) flags |= countsPath;
      else services[at + pathlessField] = (services[at + pathlessField] as number) + 1;
    }
    return flags;
  }

  remove(service: number, path: number, ip: number, status: number, latencyMs: number, flags: number): void {
    const at = service * fieldsPerService;
    const services = this.#services;
    const requests = (services[at + requestsField] as number) - 1;
    if (requests === 0) this.#servicesCount--;
    services[at + requestsField] = requests;
    if (status > 0) this.#addStatus(services, at, status, -1);
    if (latencyMs >= 0) {
      services[at + timedField] = (services[at + timedField] as number) - 1;
      this.#latencies.add(service, -latencyMs);
    }
    this.ips.remove(ip);
    this.paths.remove(path);
    if ((flags & countsIp) !== 0 && this.ipsOfServices.remove(service, ip)) {
      services[at + ipsField] = (services[at + ipsField] as number) - 1;
    }
    if ((flags & countsPath) !== 0) this.pathsOfServices.remove(service, path);
    else if (path !== none) services[at + pathlessField] = (services[at + pathlessField] as number) - 1;
  }

  requests(service: number): number {
    return this.#field(service, requestsField);
  }

  answered(service: number): number {
    return this.#field(service, answeredField);
  }

  /** 500 to 599. */
  errors(service: number): number {
    return this.#field(service, errorsField);
  }

  /** Distinct addresses. */
  ipsOf(service: number): number {
    return this.#field(service, ipsField);
  }

  /** Metrics of these with a path that is not among `pathsOfServices`. */
  pathless(services: ArrayLike<number>): number {
    return this.#sum(services, pathlessField);
  }

  /** The mean of all with a latency; undefined where there is none. */
  meanLatencyMs(services: ArrayLike<number>): number | undefined {
    const timed = this.#sum(services, timedField);
    return timed === 0 ? undefined : this.#latencies.total(services) / timed;
  }

  /** Services and their metrics. */
  services(): Counted {
    const ids = new Uint16Array(this.#servicesCount);
    const counts = new Uint32Array(this.#servicesCount);
    let length = 0;
    for (let id = 0; length < ids.length; id++) {
      const requests = this.#services[id * fieldsPerService] as number;
      if (requests === 0) continue;
      ids[length] = id;
      counts[length++] = requests;
    }
    return { ids, counts };
  }

  /** Status codes, ascending, and how often each came. */
  statuses(): readonly (readonly [number, number])[] {
    const statuses: [number, number][] = [];
    for (let status = 0; status < statusesEnd; status++) {
      const count = this.#statuses[status] as number;
      if (count > 0) statuses.push([status, count]);
    }
    return statuses;
  }

  /** There is nothing left: what was needed for many names is given back. Pairs do so by themselves. */
  clear(): void {
    this.ips.clear();
    this.paths.clear();
    this.#latencies = new ExactSums(idsAtFirst);
    this.#services = new Uint32Array(idsAtFirst * fieldsPerService);
  }

  #addStatus(services: Uint32Array, at: number, status: number, by: number): void {
    this.#statuses[status] = (this.#statuses[status] as number) + by;
    services[at + answeredField] = (services[at + answeredField] as number) + by;
    if (status >= 500) services[at + errorsField] = (services[at + errorsField] as number) + by;
  }

  #sum(services: ArrayLike<number>, field: number): number {
    let sum = 0;
    for (let i = 0; i < services.length; i++) sum += this.#field(services[i] as number, field);
    return sum;
  }

  #field(service: number, field: number): number {
    return this.#services[service * fieldsPerService + field] ?? 0;
  }

  #grow(service: number): void {
    const length = Math.max((service + 1) * fieldsPerService, 2 * this.#services.length);
    const services = new Uint32Array(length);
    services.set(this.#services);
    this.#services = services;
  }
}
