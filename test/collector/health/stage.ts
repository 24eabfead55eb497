/** Health in this process, over a data source whose answers a test chooses. */
import type { Datasource, DatasourceQuestion, Track } from '../../../src/collector/datasources/datasource.ts';
import { type HealthParts, openHealth } from '../../../src/collector/health/health.ts';
import type { FlagRule, HealthRules, ServiceRules } from '../../../src/collector/health/rules.ts';
import { findRoute, type Page, type Routes } from '../../../src/http/routes.ts';
import { openMaintenance } from '../../../src/maintenance/windows.ts';
import { pace } from '../../../src/model/clock.ts';
import type { Failure } from '../../../src/model/failure.ts';
import { limits } from '../../../src/model/limits.ts';
import { FakeClock } from '../../fake-clock.ts';

/** When the clock of the stage starts. */
export const noonMs = Date.parse('2026-01-20T12:00:00Z');

type Answer = Track | Failure | Promise<Track>;

export type Health = {
  readonly clock: FakeClock;
  /** By query; what is not in it has no series. */
  readonly answers: Map<string, Answer>;
  /** The query is not answered before the returned function is called. */
  readonly hold: (query: string) => (track: Track) => void;
  readonly questions: readonly DatasourceQuestion[];
  readonly told: readonly string[];
  readonly get: (path: string, query?: string) => Promise<Page>;
  /** As the reporter of the same process asks, which waits so long. */
  readonly getInside: (path: string, query: string, withinMs: number) => Promise<Page>;
  /** Of /v1/health, as JSON. */
  readonly ask: (query: Readonly<Record<string, string>>, path?: string) => Promise<Record<string, unknown>>;
  /** Value of a sample, such as `answers_total{ok}`. */
  readonly count: (name: string, label?: string) => number | undefined;
};

export function stage(rules: HealthRules | undefined, parts: Partial<HealthParts> = {}): Health {
  const clock = new FakeClock(noonMs);
  const answers = new Map<string, Answer>();
  const questions: DatasourceQuestion[] = [];
  const told: string[] = [];
  const datasource: Datasource = {
    ask: async (question) => {
      questions.push(question);
      const answer = await answers.get(question.query);
      if (answer instanceof Error) throw answer;
      return answer ? [answer] : [];
    },
    timeoutMs: 10_000,
    stop: () => undefined,
  };
  const { routes, inside, families } = openHealth({
    rules: () => rules,
    datasource: () => datasource,
    datasourceInside: () => datasource,
    stepMs: 15_000,
    clock,
    pause: pace(clock, limits.healthSliceMs),
    maintenance: () => openMaintenance([]),
    journal: {
      datasourceFailed: (failure) => void told.push(failure.code),
      questionFailed: (failure) => void told.push(`question ${failure.code}`),
      datasourceRecovered: () => void told.push('recovered'),
    },
    ...parts,
  });
  const getFrom = async (table: Routes, path: string, query: string, withinMs?: number) => {
    const route = findRoute(table, path);
    if (!route) throw new Error(`${path} is not there`);
    return route({ path, query, accept: '', ...(withinMs !== undefined && { withinMs }) });
  };
  const get = (path: string, query = '') => getFrom(routes, path, query);
  return {
    clock,
    answers,
    hold: (query) => {
      let answer: (track: Track) => void = () => undefined;
      answers.set(
        query,
        new Promise((resolve) => {
          answer = resolve;
        }),
      );
      return (track) => answer(track);
    },
    questions,
    told,
    get,
    getInside: (path, query, withinMs) => getFrom(inside, path, query, withinMs),
    ask: async (query, path = '/v1/health') => {
      const { body } = await get(path, String(new URLSearchParams(query)));
      return JSON.parse(String(body)) as Record<string, unknown>;
    },
    count: (name, label) =>
      families()
        .flatMap(({ samples }) => samples)
        .find(
          (sample) =>
            sample.name.endsWith(name) &&
            (label === undefined || Object.values(sample.labels).includes(label)),
        )?.value,
  };
}

export function flag(name: string, rule: Partial<FlagRule> = {}): FlagRule {
  return {
    name: name.replaceAll('-', '_'),
    metric: name,
    query: `q(${name})`,
    op: 'gt',
    threshold: 5,
    ...rule,
  };
}

export function service(flags: readonly FlagRule[], rules: Partial<ServiceRules> = {}): ServiceRules {
  return {
    key: 'api',
    category: 'compute',
    metrics: flags.map(({ metric }) => metric),
    environments: [{ name: 'production', flags }],
    expressions: [],
    ...rules,
  };
}

export function rulesOf(services: readonly ServiceRules[], rules: Partial<HealthRules> = {}): HealthRules {
  return { datasource: { type: 'embedded' }, services, onMissing: 'no_data', ...rules };
}

/** Values that end at noon, one each 15 s. */
export function track(...values: readonly number[]): Track {
  return { timesMs: values.map((_value, at) => noonMs - (values.length - 1 - at) * 15_000), values };
}

export const lastMinutes = { from: '-5min', to: 'now', service: 'api', environment: 'production' };
