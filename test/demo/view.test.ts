import { expect, test } from 'vitest';
import type { View } from '../../src/demo/view.ts';
import { accepted, heard, nowMs, post, reading, view } from './world.ts';

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

test('reports that follow one another are one incident', () => {
  const seen = view({ accepted: [accepted(1, 6_000, 1), accepted(2, 4_000, 2), accepted(3, 2_000, 2)] });
  expect(seen.incidents).toEqual([
    {
      id: 1,
      service: 'search',
      environment: 'production',
      levels: [
        { timeMs: nowMs - 6_000, status: 1 },
        { timeMs: nowMs - 4_000, status: 2 },
      ],
      reports: 3,
      lastMs: nowMs - 2_000,
      isOpen: true,
    },
  ]);
});

test('six polls without a report end an incident, and the next report begins another', () => {
  const seen = view({ accepted: [accepted(1, 40_000, 1), accepted(2, 14_000, 1)] });
  expect(seen.incidents.map(({ id, isOpen }) => [id, isOpen])).toEqual([
    [2, false],
    [1, false],
  ]);
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

test('a dashboard that answered 503 last is down', () => {
  expect(view({ posts: [post({ answered: 503 })] }).isDashboardDown).toBe(true);
  expect(view({ posts: [post({ answered: 503 }), post()] }).isDashboardDown).toBe(false);
});

test('no token is in it as it was sent', () => {
  const posts = [post({ headers: { authorization: 'Bearer a.b.c' } })];
  expect(JSON.stringify(view({ posts }))).not.toContain('a.b.c');
});
