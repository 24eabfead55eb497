/** A collector as far as the telemetry sees one: what it says of itself is made up. */
import type { Family } from '../../src/exposition/family.ts';
import type { CollectorFacts, ServiceFacts, SourceFacts } from '../../src/model/collector-facts.ts';
import type { Target } from '../../src/model/target.ts';
import { stage } from './stage.ts';

type Facts = Omit<CollectorFacts, 'services' | 'servicesCount'> & {
  readonly services: readonly ServiceFacts[];
};

/** Of one that nobody has pushed to yet. */
const nothing: Facts = {
  url: 'http://127.0.0.1:3000',
  isGuarded: false,
  metrics: 0,
  metricsMax: 1_000_000,
  historyMs: 1_800_000,
  historyText: '30m0s',
  series: 0,
  seriesMax: 10_000,
  points: 0,
  pointsMax: 2_000_000,
  accepted: 0,
  refused: new Map([
    ['invalid', 0],
    ['rate_limited', 0],
  ]),
  evicted: 0,
  services: [],
  sources: [],
  health: { status: 'healthy', reasons: [] },
};

export const node: SourceFacts = { name: 'node', state: 'ok', durationMs: 1.2, samples: 7 };

export function serviceOf(service: string, some: Partial<ServiceFacts> = {}): ServiceFacts {
  return { service, requests: 100, errorShare: 0.025, averageLatencyMs: 48.5, uniqueIps: 2, ...some };
}

type Printed = { readonly families?: readonly Family[]; readonly printable?: readonly Family[] };

/** A collector alone; beside a reporter where there are targets. What it says may be changed with `say`. */
export function collectorStage(
  some: Partial<Facts> = {},
  { families = [], printable = [] }: Printed = {},
  targets?: readonly Target[],
) {
  let facts: Facts = { ...nothing, ...some };
  const collector = {
    facts: () => ({
      ...facts,
      services: (countMax: number) => facts.services.slice(0, countMax),
      servicesCount: facts.services.length,
    }),
    families: () => families,
    printable: () => printable,
  };
  const on = stage(targets ?? [], targets ? ['default'] : [], { reports: targets !== undefined, collector });
  const server = on.serverRoutes();
  const say = (more: Partial<Facts>) => {
    facts = { ...facts, ...more };
  };
  return { ...on, server, say, askServer: on.askAt(server) };
}
