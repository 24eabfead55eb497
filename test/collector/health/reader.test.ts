/** Our own reader takes both answers for the same: a status with its evidence, or no data. */
import { expect, test } from 'vitest';
import type { Track } from '../../../src/collector/datasources/datasource.ts';
import { decodeHealth } from '../../../src/convertor/decode.ts';
import { judge, type Verdict } from '../../../src/convertor/judge.ts';
import { drawing } from '../../chance.ts';
import { flag, lastMinutes, noonMs, rulesOf, service, stage, track } from './stage.ts';

const flags = [flag('api.slow'), flag('api.error-rate')];
const rules = rulesOf([
  service(flags, {
    expressions: [
      { text: 'api.slow', weight: 1 },
      { text: 'api.slow && api.error-rate', weight: 3 },
    ],
  }),
]);

/** What is read of both answers, which must be the same. */
async function read(slow: Track, errors: Track): Promise<Verdict> {
  const { ask, answers } = stage(rules);
  answers.set('q(api.slow)', slow);
  answers.set('q(api.error-rate)', errors);
  const [ours, cloudmon] = await Promise.all(
    ['/v1/health', '/api/v1/health'].map(async (path) => {
      const target = { service: 'api', environment: 'production', component: 'API', attributes: {}, ids: {} };
      const { series, category } = decodeHealth(await ask(lastMinutes, path), target as never, noonMs);
      expect(category).toBe('compute');
      const needed = new Set(flags.map(({ name }) => name));
      return judge(series, { nowMs: noonMs, maxDataAgeMs: 600_000, flags: needed });
    }),
  );
  expect(ours).toEqual(cloudmon);
  return ours as Verdict;
}

test('no point is no data, and the status beside it is no status', async () =>
  expect(await read(track(9), track())).toEqual({
    status: undefined,
    reason: 'empty',
    detail: 'the answer has no point with a value',
  }));
test('an old point is no data', async () => {
  const old: Track = { timesMs: [noonMs - 700_000], values: [9] };
  expect(await read(old, old)).toMatchObject({ status: undefined, reason: 'stale' });
});
test('a healthy point has all its flags', async () =>
  expect(await read(track(9, 1), track(9, 9))).toEqual({
    status: 0,
    timeMs: noonMs,
    evidence: { triggered: [] },
  }));
test('evidence arrives', async () =>
  expect(await read(track(1, 9), track(1, 9))).toEqual({
    status: 3,
    timeMs: noonMs,
    evidence: {
      matchedExpression: 'api.slow && api.error-rate',
      triggered: [
        { name: 'api.slow', query: 'q(api.slow)', op: 'gt', threshold: 5 },
        { name: 'api.error_rate', query: 'q(api.error-rate)', op: 'gt', threshold: 5 },
      ],
    },
  }));

test('whatever the values are, what is read is the newest point that has all flags', async () => {
  for (let seed = 1; seed <= 200; seed++) {
    const draw = drawing(seed);
    const values = () => Array.from({ length: 8 }, () => [Number.NaN, 1, 9][draw(3)] ?? 0);
    const [slow, errors] = [values(), values()];
    const at = slow.findLastIndex((value, index) => !Number.isNaN(value + (errors[index] ?? Number.NaN)));
    const expected = slow[at] === 9 ? (errors[at] === 9 ? 3 : 1) : 0;
    const verdict = await read(track(...slow), track(...errors));
    expect(verdict, `seed ${seed}`).toMatchObject(
      at < 0 ? { reason: 'empty' } : { status: expected, timeMs: noonMs - (7 - at) * 15_000 },
    );
  }
});
