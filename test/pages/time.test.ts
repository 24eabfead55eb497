import { expect, test } from 'vitest';
import { clockTime, drawTime, latencyText, spanText } from '../../src/pages/time.ts';

const nowMs = Date.parse('2026-01-20T12:00:00Z');

test('a time of today is a time, any other has its date', () => {
  const times = ['2026-01-20T00:00:00Z', '2026-01-19T23:59:59Z', '2026-01-21T00:00:01Z'];
  expect(times.map((time) => clockTime(Date.parse(time), nowMs))).toEqual([
    '00:00:00',
    '2026-01-19 23:59:59',
    '2026-01-21 00:00:01',
  ]);
});

test('machines read the whole time', () =>
  expect(drawTime(nowMs, nowMs).text).toBe('<time datetime="2026-01-20T12:00:00Z">12:00:00</time>'));

function checkSpan(seconds: number, expected: string): void {
  expect(spanText(seconds * 1000).replaceAll('\u00a0', ' ')).toBe(expected);
}

test('a moment', () => checkSpan(0.9, '0 s'));
test('seconds', () => checkSpan(59.9, '59 s'));
test('minutes and seconds', () => checkSpan(200, '3 min 20 s'));
test('whole minutes', () => checkSpan(120, '2 min'));
test('hours and minutes', () => checkSpan(7_384, '2 h 3 min'));
test('days and hours', () => checkSpan(273_600, '3 d 4 h'));
test('days without hours do not show their minutes', () => checkSpan(86_460, '1 d'));
test('a clock that was set back makes no negative span', () => checkSpan(-5, '0 s'));

test('latencies have up to three digits', () => {
  expect(
    [0.04, 3.44, 9.96, 120.4, 999.6, 1_204, 61_000].map((ms) => latencyText(ms).replaceAll('\u00a0', ' ')),
  ).toEqual(['0.0 ms', '3.4 ms', '10 ms', '120 ms', '1.00 s', '1.20 s', '61.0 s']);
});
