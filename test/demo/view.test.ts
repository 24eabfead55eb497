import { expect, test } from 'vitest';
import type { View } from '../../src/demo/view.ts';
import { heard, nowMs, post, reading, view } from './world.ts';

const one = (seen: View) => {
  const service = seen.services[0];
  return [service?.level, service?.upShare, service?.sinceMs && (nowMs - service.sinceMs) / 1000];
};

test('before the first reading nothing is known', () => {
  expect([view().worst, ...one(view())]).toEqual([undefined, undefined, undefined, undefined]);
});
test('the newest reading decides', () =>
  expect(one(view({ readings: heard([0, 2, 0]) }))).toEqual([0, 2 / 3, 0]));
test('degraded counts as up', () => expect(one(view({ readings: heard([0, 1, 1]) }))).toEqual([1, 1, 2]));
test('no data counts as nothing', () =>
  expect(one(view({ readings: heard([0, 3, undefined, undefined]) }))).toEqual([undefined, 0.5, 2]));
test('fifty readings are kept', () =>
  expect(view({ readings: heard(Array(80).fill(0)) }).services[0]?.readings.length).toBe(50));
test('what decided, and why there is no data, is told of the newest reading alone', () => {
  const triggered = [{ name: 'search.slow', query: 'q', op: 'gt', threshold: 400 }];
  const evidence = { matchedExpression: 'search.slow', triggered };
  const readings = heard([0]);
  const now = () => {
    const { matchedExpression, triggered: flags, missing } = view({ readings }).services[0] ?? {};
    return [matchedExpression, flags, missing];
  };
  readings.hear(reading(1, undefined, { evidence }), nowMs);
  expect(now()).toEqual(['search.slow', triggered, undefined]);
  readings.hear(reading(undefined), nowMs);
  expect(now()).toEqual([undefined, [], 'the newest point is 5 s old']);
});

test('the same key again is another attempt', () => {
  const posts = [
    post(),
    post({ number: 2 }),
    post({ number: 3, key: 'other' }),
    post({ number: 4, key: undefined }),
  ];
  expect(view({ posts }).requests.map(({ number, attempt }) => [number, attempt])).toEqual([
    [4, 1],
    [3, 1],
    [2, 2],
    [1, 1],
  ]);
});

test('no token is in it as it was sent', () => {
  const posts = [post({ headers: { authorization: 'Bearer a.b.c' } })];
  expect(JSON.stringify(view({ posts }))).not.toContain('a.b.c');
});
