import { expect, test } from 'vitest';
import type { Level } from '../../src/pages/level.ts';
import { summaryOf } from '../../src/pages/summary.ts';

function check(levels: Readonly<Record<string, Level>>, expected: string, isRead = true): void {
  const standings = Object.entries(levels).map(([name, level]) => ({ name, level, isRead }));
  expect(
    summaryOf(standings, 2)
      .text.replace(/<\/?bdi>/g, '')
      .replaceAll('\u00a0', ' '),
  ).toBe(expected);
}

test('before the first reading nobody is named', () =>
  check({ a: undefined }, 'The reporter is starting.', false));
test('the healthy are only counted', () => check({ a: 0, b: 0 }, '2 of 2 services operational.'));
test('one service is one service', () => check({ a: 0 }, '1 of 1 service operational.'));
test('the ill are named, the worst first', () => check({ a: 0, b: 1, c: 3 }, 'c: critical · b: degraded'));
test('who has no data is named last', () => check({ a: undefined, b: 2, c: 0 }, 'b: outage · a: no data'));
test('not everybody is named', () =>
  check({ a: 1, b: 1, c: 1, d: undefined }, 'a: degraded · b: degraded · and 2 others'));
test('a long name is cut, and no letter in halves', () =>
  check({ ['\u{1f9e8}'.repeat(40)]: 1 }, `${'\u{1f9e8}'.repeat(29)}…: degraded`));

test('a name that turns the direction of writing turns only itself', () =>
  expect(summaryOf([{ name: '\u202ea', level: 1, isRead: true }], 1).text).toBe(
    '<bdi>\u202ea</bdi>: degraded',
  ));
