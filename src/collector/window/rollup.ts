/**
 * What was pushed since it was asked last, by service and environment.
 *
 * Nothing of a metric is kept but sums and a sketch of the latencies. What is distinguished, services,
 * environments, instances and peers, is held until it was asked for, so that no id changes its meaning.
 */
import { limits } from '../../model/limits.ts';
import type { Interval } from '../interval.ts';
import { Bins } from './bins.ts';
import { type Names, none } from './names.ts';
import { fresh, known, Pairs, refused } from './pairs.ts';
import { Sketch } from './sketch.ts';

/** With so much in one interval, as much comes in the next one: memory is not given back in between. */
const busyCount = 1_000;

type Held = {
  readonly services: Names;
  readonly environments: Names;
  readonly instances: Names;
  readonly peers: Names;
};

class Deployment {
  readonly index: number;
  readonly service: number;
  readonly environment: number;
  requests = 0;
  answered = 0;
  errors = 0;
  sketch: Sketch | undefined = undefined;
  instances = 0;
  peers = 0;
  /** The one that was counted last: most often it comes again. */
  newestInstance = none;
  newestPeer = none;

  constructor(index: number, service: number, environment: number) {
    this.index = index;
    this.service = service;
    this.environment = environment;
  }
}

export class Rollup {
  readonly #names: Held;
  readonly #onFull: () => void;
  #deployments: Deployment[] = [];
  /** By service: the one with the environment that came first. */
  #first: (Deployment | undefined)[] = [];
  /** The others, by service and environment. */
  readonly #further = new Map<number, Deployment>();
  /** Distinct instances and peers of deployments. */
  readonly #instances = new Pairs(limits.replicasMax);
  readonly #peers = new Pairs(limits.replicasMax);
  readonly #bins = new Bins();

  /** @param onFull called for each metric that there was no room for */
  constructor(names: Held, onFull: () => void) {
    this.#names = names;
    this.#onFull = onFull;
  }

  /** Takes over one hold of `environment`, `instance` and `peer`; `service` stays its owner's. */
  add(
    service: number,
    environment: number,
    status: number,
    latencyMs: number,
    instance: number,
    peer: number,
  ): void {
    const deployment = this.#find(service, environment);
    this.#names.environments.drop(environment);
    if (!deployment) {
      this.#names.instances.drop(instance);
      this.#names.peers.drop(peer);
      this.#onFull();
      return;
    }
    deployment.requests++;
    if (status > 0) {
      deployment.answered++;
      if (status >= 500) deployment.errors++;
    }
    if (latencyMs >= 0) {
      deployment.sketch ??= new Sketch(this.#bins);
      deployment.sketch.add(latencyMs);
    }
    if (instance !== none) this.#addInstance(deployment, instance);
    if (instance === none && peer !== none) this.#addPeer(deployment, peer);
    else this.#names.peers.drop(peer);
  }

  /** Of all tables. */
  get byteLength(): number {
    return this.#instances.byteLength + this.#peers.byteLength + this.#bins.byteLength;
  }

  intervals(): readonly Interval[] {
    const { services, environments, instances, peers } = this.#names;
    const intervals = this.#deployments.map((deployment) => this.#interval(deployment));
    for (const { service, environment } of this.#deployments) {
      services.drop(service);
      environments.drop(environment);
    }
    this.#instances.each((_, instance) => instances.drop(instance));
    this.#peers.each((_, peer) => peers.drop(peer));
    const isBusy = intervals.length + this.#instances.count + this.#peers.count > busyCount;
    this.#instances.clear();
    this.#peers.clear();
    this.#bins.clear();
    if (!isBusy) for (const names of [services, environments, instances, peers]) names.trim();
    this.#deployments = [];
    this.#first = [];
    this.#further.clear();
    return intervals;
  }

  #interval(deployment: Deployment): Interval {
    const { requests, answered, errors, sketch } = deployment;
    return {
      service: this.#names.services.text(deployment.service),
      environment: this.#names.environments.text(deployment.environment),
      requests,
      answered,
      errors,
      ...(sketch && { latency: latencyOf(sketch) }),
      replicas: deployment.instances || deployment.peers,
    };
  }

  #find(service: number, environment: number): Deployment | undefined {
    const first = this.#first[service];
    if (first !== undefined && first.environment === environment) return first;
    const key = service * 65_536 + environment;
    return this.#further.get(key) ?? this.#open(service, environment, key);
  }

  #open(service: number, environment: number, key: number): Deployment | undefined {
    const index = this.#deployments.length;
    if (index >= limits.deploymentsMax) return undefined;
    const deployment = new Deployment(index, service, environment);
    this.#names.services.hold(service);
    this.#names.environments.hold(environment);
    this.#deployments.push(deployment);
    if (this.#first[service] === undefined) this.#first[service] = deployment;
    else this.#further.set(key, deployment);
    return deployment;
  }

  #addInstance(deployment: Deployment, instance: number): void {
    const { instances } = this.#names;
    const isNewest = deployment.newestInstance === instance;
    const outcome = isNewest ? known : this.#instances.add(deployment.index, instance);
    if (outcome === fresh) deployment.instances++;
    else instances.drop(instance);
    if (outcome === refused) this.#onFull();
    else deployment.newestInstance = instance;
  }

  #addPeer(deployment: Deployment, peer: number): void {
    const { peers } = this.#names;
    const isNewest = deployment.newestPeer === peer;
    const outcome = isNewest ? known : this.#peers.add(deployment.index, peer);
    if (outcome === fresh) deployment.peers++;
    else peers.drop(peer);
    if (outcome === refused) this.#onFull();
    else deployment.newestPeer = peer;
  }
}

function latencyOf(sketch: Sketch): NonNullable<Interval['latency']> {
  return {
    meanMs: sketch.mean,
    p50Ms: sketch.quantile(0.5),
    p95Ms: sketch.quantile(0.95),
    p99Ms: sketch.quantile(0.99),
  };
}
