/** Who asks about health over HTTP, who asks in the same process, and how long each of them is worked for. */
import { expect, test } from 'vitest';
import type { Page } from '../../../src/http/routes.ts';
import { pace } from '../../../src/model/clock.ts';
import { limits } from '../../../src/model/limits.ts';
import { FakeClock } from '../../fake-clock.ts';
import { flag, lastMinutes, noonMs, rulesOf, service, stage, track } from './stage.ts';

const rules = rulesOf([service([flag('api.slow')])]);
const full = limits.healthQuestionsMax + limits.healthQuestionsWaitingMax;

/** No two of them ask for the same. */
const query = (at = 0) =>
  String(new URLSearchParams({ ...lastMinutes, from: String(noonMs / 1_000 - 300 - at) }));

/** Nobody is answered before `answer` is called, but who asks in the same process. */
function flooded(count: number) {
  const given = stage(rules);
  const answer = given.hold('q(api.slow)');
  const pages: Page[] = [];
  const asked = Array.from({ length: count }, async (_, at) => {
    const page = await given.get('/v1/health', query(at));
    pages.push(page);
    return page;
  });
  return { ...given, answer, pages, asked };
}

test('so many are worked on at once, so many wait, and whoever comes then is told to come again', async () => {
  const { get, questions, answer, asked, pages, count, clock } = flooded(full);
  await clock.advance(0);
  expect(questions).toHaveLength(limits.healthQuestionsMax);
  const refused = await get('/v1/health', query(full));
  expect(refused).toMatchObject({
    status: 503,
    headers: { 'retry-after': '1' },
    body: '{"message":"many others have asked already: ask again"}\n',
  });
  expect([pages.length, count('answers_total', 'busy')]).toEqual([0, 1]);
  answer(track(9));
  for (const page of await Promise.all(asked)) expect(page.status).toBe(200);
  expect(questions).toHaveLength(full);
  expect((await get('/v1/health', query(full))).status).toBe(200);
});

test('who asks what is being worked out already takes no place', async () => {
  const { get, answer, asked, clock } = flooded(full);
  await clock.advance(0);
  const same = get('/v1/health', query(0));
  answer(track(9));
  expect((await same).status).toBe(200);
  await Promise.all(asked);
});

test('who waited too long is told so at once, and is not worked for', async () => {
  const { questions, answer, asked, pages, clock } = flooded(full);
  await clock.advance(limits.healthWaitMs);
  expect(pages.map(({ status }) => status)).toEqual(Array(limits.healthQuestionsWaitingMax).fill(503));
  answer(track(9));
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(new Set(statuses.slice(0, limits.healthQuestionsMax))).toEqual(new Set([200]));
  expect(questions).toHaveLength(limits.healthQuestionsMax);
  expect(clock.waiting).toEqual([]);
});

test('who has a place in time leaves no timer behind, and nobody loses theirs', async () => {
  const { answer, asked, clock, get } = flooded(full);
  await clock.advance(limits.healthWaitMs - 1);
  answer(track(9));
  for (const page of await Promise.all(asked)) expect(page.status).toBe(200);
  expect(clock.waiting).toEqual([]);
  expect((await get('/v1/health', query(full))).status).toBe(200);
});

test('the reporter of the same process waits for none of them', async () => {
  const { getInside, questions, clock, pages } = flooded(full);
  await clock.advance(0);
  void getInside('/v1/health', query(0), 5_000);
  await clock.advance(0);
  expect(questions).toHaveLength(limits.healthQuestionsMax + 1);
  expect(pages).toEqual([]);
});

test('its lane has another data source', async () => {
  const own = { ask: async () => [track(9)], timeoutMs: 1_000, stop: () => undefined };
  const { getInside, questions } = stage(rules, { datasourceInside: () => own });
  expect((await getInside('/v1/health', query(), 5_000)).status).toBe(200);
  expect(questions).toEqual([]);
});

test('of all that is read at once only a little is read before everything else has its turn', async () => {
  let read = 0;
  let most = 0;
  const turns = (task: () => void) =>
    void setImmediate(() => {
      most = Math.max(most, read);
      read = 0;
      task();
    });
  const pause = pace({ ...new FakeClock(), soon: turns }, 0);
  const values = new Proxy(Array<number>(2_000).fill(9), {
    get: (list, key) => {
      if (/^\d+$/.test(String(key))) read += 1;
      return Reflect.get(list, key);
    },
  });
  const long = { timesMs: values.map((_, at) => noonMs - (1_999 - at) * 15_000), values };
  const flags = Array.from({ length: 40 }, (_, at) => flag(`api.f${at}`));
  read = 0;
  const { get, getInside, answers } = stage(rulesOf([service(flags)]), { pause });
  for (const { query: text } of flags) answers.set(text, long);
  await Promise.all([get('/v1/health', query(1)), getInside('/v1/health', query(2), 5_000)]);
  expect(most).toBe(1_024);
});

test('work ends when nobody waits for it: after the time of who asked, or of the data source', async () => {
  const { get, getInside, questions, answers, hold, clock, told } = stage(rules);
  const answer = hold('q(api.slow)');
  const pages = [getInside('/v1/health', query(), 3_000), get('/v1/health', query())];
  await clock.advance(0);
  expect(questions.map(({ untilMs }) => untilMs)).toEqual([3_000, 10_000]);
  await clock.advance(3_000);
  answer(track(9));
  expect((await Promise.all(pages)).map(({ status }) => status)).toEqual([500, 200]);
  // Nothing of it is the data source's doing.
  expect(told).toEqual(['question datasource.timeout']);
  answers.clear();
});
