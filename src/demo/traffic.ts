/** The shop's customers: requests to every service, each measured and sent as a program of a user would. */
import type { Metric } from '../client/metric.ts';
import type { Chance } from '../model/chance.ts';
import type { Clock } from '../model/clock.ts';
import type { Story, TargetName, Traffic } from './story.ts';

type TrafficParts = {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly send: (metric: Metric) => void;
};

type Flow = {
  readonly target: TargetName;
  traffic: Traffic;
  /** Requests that are due, and errors: what is left of them waits for the next turn. */
  dueRequests: number;
  dueErrors: number;
  count: number;
};

/** How often all that is due is sent. */
const turnMs = 250;
const instances = 2;
/** After a pause, such as a laptop that slept, the requests that nobody made are not made up for. */
const turnMsMax = 4 * turnMs;

/** Begins at once; every service is in the cast from its start. */
export function startTraffic(cast: Story['cast'], { clock, chance, send }: TrafficParts) {
  const flows = cast.map(({ target, traffic }): Flow => {
    return { target, traffic, dueRequests: chance(), dueErrors: 0.5, count: 0 };
  });
  let sinceMs = clock.monotonic();
  let cancel = clock.after(turnMs, turn);

  function turn(): void {
    const nowMs = clock.monotonic();
    const elapsedMs = Math.min(turnMsMax, nowMs - sinceMs);
    sinceMs = nowMs;
    cancel = clock.after(turnMs, turn);
    for (const flow of flows) flowOn(flow, elapsedMs);
  }

  function flowOn(flow: Flow, elapsedMs: number): void {
    flow.dueRequests += (flow.traffic.perSecond * elapsedMs) / 1000;
    for (; flow.dueRequests >= 1; flow.dueRequests--) send(request(flow));
  }

  /** The share of errors is exact: left to chance, a story of seconds would now and then go otherwise. */
  function request(flow: Flow): Metric {
    const { service, environment } = flow.target;
    const { latencyMs, errorShare, path } = flow.traffic;
    flow.dueErrors += errorShare;
    const isError = flow.dueErrors >= 1;
    if (isError) flow.dueErrors--;
    return {
      service,
      environment,
      method: 'POST',
      path,
      status_code: isError ? 503 : 200,
      latency_ms: Math.round(latencyMs * (2 / 3 + (chance() * 2) / 3)),
      instance: `${service}-${(flow.count++ % instances) + 1}`,
      timestamp: new Date(clock.now()),
    };
  }

  return {
    set: ({ service, environment }: TargetName, traffic: Traffic): void => {
      for (const flow of flows) {
        if (flow.target.service !== service || flow.target.environment !== environment) continue;
        Object.assign(flow, { traffic, dueErrors: 0.5 });
      }
    },
    stop: (): void => cancel(),
  };
}
