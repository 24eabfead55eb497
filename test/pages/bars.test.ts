import { expect, test } from 'vitest';
import { barsShown, drawBars, drawSpells } from '../../src/pages/bars.ts';
import type { Level } from '../../src/pages/level.ts';

const nowMs = Date.parse('2026-01-20T12:00:00Z');

const readings = (levels: readonly Level[]) =>
  levels.map((level, i) => ({ timeMs: nowMs - (levels.length - 1 - i) * 1000, level }));

/** Each bar: its class, where it stands, of how many parts it is, and what it says. */
function bars(levels: readonly Level[], missing?: string): string[] {
  const { text } = drawBars(readings(levels), nowMs, missing);
  const found = text.matchAll(/<path class="(b\w)" d="M(\d+) 0([^"]*)"><title>([^<]*)<\/title>/g);
  return [...found].map(([, name, x, d, title]) => `${name} ${x} ${d?.match(/z/g)?.length} ${title}`);
}

test('the newest bar stands on the right, and the shape tells what the colour tells', () => {
  expect(bars([0, 1, 2, 3, undefined])).toEqual([
    'b0 360 1 11:59:56 operational',
    'b1 368 2 11:59:57 degraded',
    'b2 376 3 11:59:58 outage',
    'b3 384 4 11:59:59 critical',
    'bn 392 1 12:00:00 no data',
  ]);
});

test('what is not known yet is a row of dots', () => {
  const { text } = drawBars(readings([0, 0]), nowMs);
  expect(/class="be" d="([^"]*)"/.exec(text)?.[1]?.match(/M/g)?.length).toBe(barsShown - 2);
});

test('only the newest fifty are drawn', () => {
  expect(bars(Array(60).fill(0)).length).toBe(50);
  expect(drawBars(readings(Array(60).fill(0)), nowMs).text).not.toContain('class="be"');
});

test('the newest bar says why there is no data, escaped', () => {
  expect(bars([undefined, undefined], '<stale>')).toEqual([
    'bn 384 1 11:59:59 no data',
    'bn 392 1 12:00:00 no data: &#60;stale&#62;',
  ]);
});

test('the table has a line for every spell', () => {
  const { text } = drawSpells('<name>', readings([0, 0, 2, undefined]), nowMs);
  expect(text).toContain('<caption>&#60;name&#62;</caption>');
  const rows = [...text.matchAll(/<tr><td>.*?<\/tr>/g)].map(([row]) => row.replace(/<[^>]*>/g, ' ').trim());
  expect(rows.map((row) => row.replace(/\s+/g, ' '))).toEqual([
    '11:59:57 11:59:58 operational',
    '11:59:59 11:59:59 outage',
    '12:00:00 12:00:00 no data',
  ]);
});
