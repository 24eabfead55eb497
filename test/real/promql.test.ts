/**
 * Queries give what a real Prometheus gives for the same samples: promtool made its blocks of them, the
 * collector was sent them.
 */
import { expect, test } from 'vitest';
import { drawing } from '../chance.ts';
import { stage } from '../collector/stage.ts';
import { startPrometheusWith } from './prometheus-blocks.ts';
import { type Asked, asked, damaged, soup, vector } from './promql-queries.ts';
import { endMs, openMetrics, pushed, shopSamples } from './promql-samples.ts';

type Values = readonly (readonly [seconds: number, value: string])[];
type Result = { readonly metric: Readonly<Record<string, string>>; readonly values: Values };

/** What was answered, the same for everything that has the same meaning. */
type Answer = {
  readonly status: number;
  readonly errorType?: string;
  readonly error?: string;
  readonly type?: string;
  readonly results?: readonly Result[];
};

/** Prometheus, and ours. */
type Both = (asked: Asked) => Promise<readonly [Answer, Answer]>;

async function both(): Promise<Both> {
  const samples = shopSamples();
  const { url } = await startPrometheusWith(openMetrics(samples));
  const collector = await stage({}, endMs + 1_000);
  for (let from = 0; from < samples.length; from += 5_000) {
    const body = `[${samples
      .slice(from, from + 5_000)
      .map(pushed)
      .join(',')}]`;
    const { status, text } = await collector.post('/api/samples', body);
    if (status !== 200) throw new Error(text);
    await collector.clock.advance(1_000);
  }
  return (question) => Promise.all([answerOf(url, question), answerOf(collector.url, question)]);
}

async function answerOf(url: string, { path, parameters }: Asked): Promise<Answer> {
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
  });
  const { errorType, error, data } = (await answer.json()) as Told;
  if (!data) return { status: answer.status, errorType: errorType ?? '', error: error ?? '' };
  return { status: answer.status, type: data.resultType, results: resultsOf(data) };
}

type Told = {
  readonly errorType?: string;
  readonly error?: string;
  readonly data?: { readonly resultType: string; readonly result: readonly unknown[] };
};

function resultsOf({ resultType, result }: NonNullable<Told['data']>): readonly Result[] {
  if (resultType === 'scalar') return [{ metric: {}, values: [result as unknown as Values[number]] }];
  const all = result as { metric: Result['metric']; value?: Values[number]; values?: Values }[];
  return all.map(({ metric, value, values }) => ({ metric, values: values ?? (value ? [value] : []) }));
}

/** Where the two differ; undefined where they do not, but for the last digits. */
function difference(theirs: Answer, ours: Answer): string | undefined {
  if (theirs.status !== ours.status || theirs.errorType !== ours.errorType || theirs.type !== ours.type) {
    return 'kind';
  }
  const [wanted, found] = [theirs, ours].map(({ results = [] }) =>
    // At one moment they have no order.
    theirs.type === 'vector' ? [...results].sort((a, b) => (key(a) < key(b) ? -1 : 1)) : results,
  ) as [readonly Result[], readonly Result[]];
  if (wanted.map(key).join() !== found.map(key).join()) return 'labels';
  const isFar = wanted.some(({ values }, index) => !areNear(values, found[index]?.values ?? []));
  return isFar ? 'values' : undefined;
}

function key({ metric }: Result): string {
  return JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function areNear(wanted: Values, found: Values): boolean {
  if (wanted.length !== found.length) return false;
  return wanted.every(([seconds, value], index) => {
    const [ourSeconds, ourValue] = found[index] ?? [];
    if (seconds !== ourSeconds) return false;
    if (value === ourValue) return true;
    const [a, b] = [Number(value), Number(ourValue)];
    return Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
  });
}

type Counted = { values: number; empty: number; refused: number; lacking: number; alike: number };

/** What was answered to all of them, and where the two differ. */
async function compare(
  questions: readonly Asked[],
): Promise<Counted & { readonly differing: readonly object[] }> {
  const ask = await both();
  const counted: Counted = { values: 0, empty: 0, refused: 0, lacking: 0, alike: 0 };
  const differing: object[] = [];
  for (const question of questions) {
    const [theirs, ours] = await ask(question);
    if (lacks.test(ours.error ?? '') && theirs.status !== 400) {
      counted.lacking++;
      continue;
    }
    const what = difference(theirs, ours);
    if (what) differing.push({ what, question, theirs: brief(theirs), ours: brief(ours) });
    if (theirs.errorType) counted.refused++;
    else if (theirs.results?.length === 0) counted.empty++;
    else counted.values++;
    if (isAlike(theirs, ours)) counted.alike++;
  }
  return { ...counted, differing };
}

const lacks = / is not part of this subset of PromQL$/;

function brief(answer: Answer): string {
  return JSON.stringify(answer).slice(0, 400);
}

/** To the last digit and the last word. */
function isAlike(theirs: Answer, ours: Answer): boolean {
  return JSON.stringify(comparable(theirs)) === JSON.stringify(comparable(ours));
}

function comparable({ results = [], error }: Answer) {
  return [error, results.map((result) => [key(result), result.values]).sort()];
}

test('1,000 drawn queries, seed 2342', async () => {
  const draw = drawing(2_342);
  const questions = Array.from({ length: 1_000 }, () => asked(draw, vector(draw, draw(4))));
  const { differing, ...counted } = await compare(questions);
  expect(differing).toEqual([]);
  expect(counted.values).toBeGreaterThan(600);
  expect(counted.refused).toBeGreaterThan(20);
  expect(counted.lacking).toBe(0);
  // Of the rest only the last digits differ: Prometheus adds up over time in an order that is different each time.
  expect(counted.alike / questions.length).toBeGreaterThan(0.98);
});

test('1,000 damaged queries and words in any order, seed 77, are refused where Prometheus refuses them', async () => {
  const draw = drawing(77);
  const questions = Array.from({ length: 1_000 }, (_, index) =>
    asked(draw, index % 2 === 0 ? damaged(draw) : soup(draw)),
  );
  const { differing, ...counted } = await compare(questions);
  expect(differing).toEqual([]);
  expect(counted.refused).toBeGreaterThan(600);
});

const unsupported: readonly (readonly [query: string, what: string])[] = [
  ['up and up', 'the operator and'],
  ['up or up', 'the operator or'],
  ['up unless up', 'the operator unless'],
  ['up ^ 2', 'the operator ^'],
  ['up atan2 up', 'the operator atan2'],
  ['up * on (job) group_left up{instance="a:80",job="api"}', 'the modifier group_left'],
  ['up{job="x"} * on (job) group_right up', 'the modifier group_right'],
  ['up[5m:1m]', 'a subquery'],
  ['max_over_time(rate(requests_total[5m])[10m:])', 'a subquery'],
  ['up @ 1748777576', 'the modifier @'],
  ['rate(requests_total[5m] @ end())', 'the modifier @'],
  ['"text"', 'a text as a value'],
  ...['topk(2, up)', 'bottomk(2, up)', 'group(up)', 'stddev(up)', 'stdvar(up)', 'count_values("v", up)'].map(
    (query) => [query, `the aggregation ${query.split('(')[0]}`] as const,
  ),
  ...[
    'histogram_quantile(0.9, up)',
    'irate(up[5m])',
    'deriv(up[5m])',
    'changes(up[5m])',
    'label_replace(up, "x", "$1", "job", "(.*)")',
    'label_join(up, "x", "-", "job")',
    'holt_winters(up[5m], 0.5, 0.5)',
    'absent_over_time(up[5m])',
    'stddev_over_time(up[5m])',
    'predict_linear(up[5m], 60)',
    'clamp(up, 0, 1)',
    'sort(up)',
    'time()',
    'timestamp(up)',
    'hour()',
    'pi()',
    'ln(up)',
    'sgn(up)',
  ].map((query) => [query, `the function ${query.split('(')[0]}`] as const),
];

test('what Prometheus has beyond the subset is refused by its name', async () => {
  const ask = await both();
  const answers = [];
  for (const [query] of unsupported) {
    const [theirs, ours] = await ask({ path: 'query', parameters: { query, time: String(endMs / 1_000) } });
    answers.push([query, theirs.status, ours]);
  }
  expect(answers).toEqual(
    unsupported.map(([query, what]) => [
      query,
      200,
      { status: 422, errorType: 'execution', error: `${what} is not part of this subset of PromQL` },
    ]),
  );
});
