/** However much is asked for, answers stay small, few wait, and the rest of the process goes on. */
import { expect, test } from 'vitest';
import { openQueryApi } from '../../../src/collector/query-api/query-api.ts';
import { keyed } from '../../../src/collector/series/labels.ts';
import { findRoute } from '../../../src/http/routes.ts';
import { limits } from '../../../src/model/limits.ts';
import { opened } from '../series/opened.ts';

function setUp(seriesCount: number, labelCharacters = 1_000) {
  const { store, clock } = opened({ seriesMax: 60_000 });
  const metric = { name: 'up', family: 'up', type: 'gauge', unit: '', help: '' } as const;
  for (let at = 0; at < seriesCount; at++) {
    const labels = { at: String(at).padStart(labelCharacters, 'x') };
    expect(store.record(metric, keyed(labels), at, clock.now())).toBe('recorded');
  }
  const api = openQueryApi({ store, clock });
  const ask = async (path: string, query = '') => {
    const asked = { path: `/api/v1/${path}`, query, accept: '' };
    const page = await findRoute(api.routes, asked.path)?.(asked);
    return { status: page?.status, headers: page?.headers, ...JSON.parse(String(page?.body)) };
  };
  const results = () =>
    Object.fromEntries(
      api
        .families()
        .flatMap(({ samples }) => samples)
        .flatMap(({ name, labels, value }) => (name.endsWith('_total') ? [[labels['result'], value]] : [])),
    );
  return { ...api, store, clock, ask, results };
}

const tooLarge = {
  status: 'error',
  errorType: 'execution',
  error: 'the answer would be larger than 8 MiB: narrow the selectors, shorten the time or lengthen the step',
};

test('an answer that would be too large is refused, whatever it is made of', async () => {
  const { ask, results } = setUp(Math.ceil(limits.queryAnswerBytesMax / 1_000));
  for (const [path, query] of [
    ['query', 'query=up'],
    ['query_range', 'query=up&start=1768910400&end=1768910400&step=1'],
    ['series', 'match[]=up'],
  ] as const) {
    expect({ path, ...(await ask(path, query)), headers: undefined }).toEqual({
      path,
      ...tooLarge,
      headers: undefined,
    });
  }
  expect((await ask('query', 'query=sum(up)')).status).toBe('success');
  expect((await ask('series', 'match[]=up&limit=10')).data.length).toBe(10);
  expect(results()).toMatchObject({ ok: 2, execution: 3 });
});

test('a label with too many values is refused', async () => {
  const { ask } = setUp(Math.ceil(limits.queryAnswerBytesMax / 1_000));
  expect(await ask('label/at/values')).toMatchObject(tooLarge);
  expect((await ask('label/at/values', 'limit=3')).data.length).toBe(3);
});

test('points over time count, too', async () => {
  const { ask, store, clock } = setUp(60, 2);
  const metric = { name: 'up', family: 'up', type: 'gauge', unit: '', help: '' } as const;
  for (let at = 0; at < 60; at++) {
    for (let ago = 0; ago < 36; ago++) {
      store.record(
        metric,
        keyed({ at: String(at).padStart(2, 'x') }),
        0.123456789,
        clock.now() - 300_000 * ago,
      );
    }
  }
  const time = `end=1768910400&start=${1_768_910_400 - 10_800}&step=1`;
  expect(await ask('query_range', `query=up&${time}`)).toMatchObject(tooLarge);
  const { data } = await ask('query_range', `query=sum(up)&${time}`);
  expect(data.result[0].values.length).toBeGreaterThan(10_000);
});

test('above the limit nobody waits, and is told to come again', async () => {
  const { ask, results } = setUp(1, 2);
  const asked = Array.from({ length: limits.queriesWaitingMax + 2 }, () => ask('query', 'query=up'));
  const answers = await Promise.all(asked);
  const refused = answers.filter(({ status }) => status !== 'success');
  expect(refused.length).toBe(2);
  expect(refused[0]).toEqual({
    status: 'error',
    errorType: 'unavailable',
    error: '64 queries wait already: ask again',
    headers: { 'retry-after': '1' },
  });
  expect((await ask('query', 'query=up')).status).toBe('success');
  expect(results()).toMatchObject({ ok: limits.queriesWaitingMax + 1, unavailable: 2 });
});

test('answers that nobody may have read yet take no more than their room', async () => {
  const size = limits.queryAnswerBytesMax - 100_000;
  const { ask, clock } = setUp(Math.floor(size / 1_050));
  let count = 0;
  let last = await ask('series', 'match[]=up');
  while (last.status === 'success' && count < 20) {
    count++;
    last = await ask('series', 'match[]=up');
  }
  expect(count).toBe(Math.ceil(limits.queryAnswersBytesMax / limits.queryAnswerBytesMax));
  expect(last).toMatchObject({ errorType: 'unavailable', headers: { 'retry-after': '1' } });
  await clock.advance(limits.connectionPhaseMs + 1_000);
  expect((await ask('series', 'match[]=up')).status).toBe('success');
});

test('long work lets everything else have its turn', async () => {
  const { store, clock } = setUp(2_000, 10);
  let elapsedMs = 0;
  const ticking = Object.create(clock, {
    monotonic: { value: () => ++elapsedMs },
  }) as typeof clock;
  const api = openQueryApi({ store, clock: ticking });
  let turns = 0;
  let isDone = false;
  const others = () => {
    turns++;
    if (!isDone) setImmediate(others);
  };
  others();
  const route = api.routes.get('/api/v1/series');
  await route?.({ path: '', query: 'match[]=up', accept: '' });
  isDone = true;
  expect(turns).toBeGreaterThan(100);
});

/** How often somebody else has a turn, where each look at the clock takes a tenth of a millisecond. */
async function turnsDuring(path: string, query: string, seriesCount: number): Promise<number> {
  const { store, clock } = setUp(seriesCount, 10);
  let elapsedMs = 0;
  const ticking = Object.create(clock, {
    monotonic: { value: () => ++elapsedMs / 10 },
  }) as typeof clock;
  const api = openQueryApi({ store, clock: ticking });
  let turns = 0;
  let isDone = false;
  const others = () => {
    turns++;
    if (!isDone) setImmediate(others);
  };
  others();
  await api.routes.get(`/api/v1/${path}`)?.({ path: '', query, accept: '' });
  isDone = true;
  return turns;
}

test('each regular expression that is matched, and each that is read', async () => {
  const many = Array.from({ length: 20 }, (_, at) => `at!~".*a${at}"`).join(',');
  expect(await turnsDuring('series', `match[]=up{${many}}`, 200)).toBeGreaterThan(100);
  expect(await turnsDuring('query', `query=up{${many}}`, 200)).toBeGreaterThan(100);
  const selectors = Array.from({ length: 200 }, (_, at) => `match[]=a${at}`).join('&');
  expect(await turnsDuring('labels', selectors, 1)).toBeGreaterThan(5);
});

test('all selectors of a request together are no more than one query', async () => {
  const { ask } = setUp(1, 2);
  const few = 'match[]=up{a=~"b.*"}';
  const regexes = Array.from({ length: limits.queryRegexesMax + 1 }, () => few).join('&');
  expect(await ask('series', regexes)).toMatchObject({
    status: 'error',
    errorType: 'bad_data',
    error: `all match[] have ${limits.queryRegexesMax} regular expressions together at most`,
  });
  const long = `match[]=up{a="${'x'.repeat(limits.queryCharactersMax / 2)}"}`;
  expect(await ask('labels', `${long}&${long}`)).toMatchObject({
    error: `all match[] have ${limits.queryCharactersMax} characters together at most`,
  });
  expect(await ask('labels', long)).toMatchObject({ status: 'success' });
});

test('a query is read when its turn has come', async () => {
  const { ask } = setUp(500, 2);
  const answers: string[] = [];
  const told = async (path: string, query: string) =>
    answers.push((await ask(path, query)).errorType ?? 'answered');
  await Promise.all([
    told('query', 'query=sum(up)'),
    told('query', 'query=sum('),
    told('series', 'match[]=up'),
    told('series', 'match[]=up{'),
    told('series', ''),
  ]);
  // Only what costs nothing is said at once.
  expect(answers).toEqual(['bad_data', 'answered', 'bad_data', 'answered', 'bad_data']);
});
