/**
 * The forms in which convertors answer, one function for each: A is CloudMon's today, B
 * its form until January 2026, C and D its documents', E its Graphite facade, F seed 001's.
 */

export type Shape = 'A' | 'A-aliases' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'X';

/** A point as a shape prints it. `value` may be anything, so that a test can send garbage. */
export type Point = { readonly timeMs: number; readonly value: unknown };

export type Told = {
  readonly service: string;
  readonly environment: string;
  readonly category: string;
  /** Oldest first. */
  readonly points: readonly Point[];
  /** `metric_states` of every point. */
  readonly flags: Readonly<Record<string, boolean>>;
  readonly matchedExpression?: string;
  /** Shape C: one series each. */
  readonly regions: readonly string[];
};

type Body = (told: Told) => unknown;

const seconds = (timeMs: number) => Math.floor(timeMs / 1000);
const pairs = (points: readonly Point[]) => points.map(({ timeMs, value }) => [seconds(timeMs), value]);

const cloudmon: Body = (told) => ({
  name: told.service,
  service_category: told.category,
  environment: told.environment,
  metrics: told.points.map(({ timeMs, value }) => ({
    timestamp: seconds(timeMs),
    weight: value,
    metric_states: told.flags,
    ...(isRaised(value) && {
      matched_expression: told.matchedExpression ?? Object.keys(told.flags).join(' || '),
    }),
    triggered_metric_details: isRaised(value) ? triggered(told) : [],
  })),
});

const graphite: Body = (told) => [
  { target: told.service, datapoints: told.points.map(({ timeMs, value }) => [value, seconds(timeMs)]) },
];

export const shapes: Readonly<Record<Exclude<Shape, 'X'>, Body>> = {
  A: cloudmon,
  'A-aliases': (told) => ({
    name: told.service,
    environment: told.environment,
    metrics: told.points.map(({ timeMs, value }) => ({ ts: seconds(timeMs), status: value })),
  }),
  B: (told) => ({
    name: told.service,
    service_category: told.category,
    environment: told.environment,
    metrics: pairs(told.points),
  }),
  C: (told) => ({
    name: told.service,
    category: told.category,
    environment: told.environment,
    metrics: told.regions.map((region) => ({ region, datapoints: pairs(told.points) })),
  }),
  D: (told) => ({
    name: told.service,
    category: told.category,
    environment: told.environment,
    metrics: { datapoints: pairs(told.points) },
  }),
  E: graphite,
  F: (told) => {
    const newest = told.points.at(-1);
    return {
      service: told.service,
      environment: told.environment,
      status: newest?.value ?? null,
      message: isRaised(newest?.value) ? 'Service degraded' : 'Service healthy',
      ...(newest && { timestamp: `${new Date(newest.timeMs).toISOString().slice(0, 19)}Z` }),
    };
  },
  G: (told) => [
    cloudmon({ ...told, service: `${told.service}-neighbour`, points: told.points.map(turned) }),
    cloudmon(told),
  ],
  H: (told) => cloudmon({ ...told, points: [] }),
};

/** The neighbour in a list is ill when the one asked about is well, and the reverse. */
function turned({ timeMs, value }: Point): Point {
  return { timeMs, value: isRaised(value) ? 0 : 2 };
}

function isRaised(value: unknown): boolean {
  return typeof value === 'number' && value > 0;
}

function triggered(told: Told): unknown[] {
  return Object.keys(told.flags)
    .filter((name) => told.flags[name])
    .map((name) => ({ name, query: `stats.${told.environment}.${name}`, op: 'gt', threshold: 100 }));
}
