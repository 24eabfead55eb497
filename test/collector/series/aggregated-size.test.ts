/** However many series there are, `/metrics/aggregated` takes little memory. */
import { expect, test } from 'vitest';
import { PageBytes } from '../../../src/collector/series/page-bytes.ts';
import { type Opened, opened } from './opened.ts';

/** Each comes to about 7,400 bytes. */
function fill(series: Opened, count: number): void {
  for (let index = 0; index < count; index++) {
    series.fill(index < count / 2 ? 'x' : 'y', { i: String(index), text: 'x'.repeat(1_000) }, [index]);
  }
}

const refused = {
  success: false,
  message: 'the page would be larger than 8 MiB: ask for less with metric= or label=',
};

test('a page that would be too large is refused, and a part of it is not', async () => {
  const series = opened();
  fill(series, 1_200);
  const { status, text } = await series.get('/metrics/aggregated');
  expect([status, JSON.parse(text)]).toEqual([422, refused]);
  const part = await series.get('/metrics/aggregated', 'metric=x');
  expect(part.status).toBe(200);
  expect(part.text.match(/stat="avg"/g)).toHaveLength(600);
  expect(part.body.length).toBe(part.text.length);
  expect((await series.get('/metrics/aggregated', 'by=none')).text.split('\n')).toHaveLength(19);
});

test('nothing more is made of it once that is known', async () => {
  const series = opened();
  fill(series, 1_200);
  series.fill('last', {}, [1]);
  const [last] = series.store.select('last');
  if (!last) throw new Error('no series');
  const asked: number[] = [];
  Object.assign(last, { range: () => [asked.push(1)] });
  expect((await series.get('/metrics/aggregated')).status).toBe(422);
  expect(asked).toEqual([]);
});

test('of large pages only so many are made as connections may hold', async () => {
  const series = opened();
  fill(series, 1_000);
  const statuses = async (...windows: readonly number[]) => {
    const all = windows.map((seconds) => series.get('/metrics/aggregated', `window=${seconds}s`));
    return (await Promise.all(all)).map(({ status }) => status);
  };
  // Each takes 7 MiB of 32, and another may take 8.
  expect(await statuses(1, 2, 3, 4, 5, 6)).toEqual([200, 200, 200, 200, 503, 503]);
  const { text, headers } = await series.get('/metrics/aggregated', 'window=7s');
  expect([JSON.parse(text), headers]).toEqual([
    { success: false, message: 'many large pages were asked for in the last seconds: ask again' },
    { 'retry-after': '1' },
  ]);
  await series.clock.advance(6_999);
  expect(await statuses(8)).toEqual([503]);
  await series.clock.advance(1_001);
  expect(await statuses(3_600)).toEqual([200]);
});

test('as many small pages as anybody wants are made', async () => {
  const series = opened();
  series.fill('x', {}, [1]);
  for (let seconds = 1; seconds < 500; seconds++) {
    expect((await series.get('/metrics/aggregated', `window=${seconds}s`)).status).toBe(200);
  }
});

test('no page and no timer is left at the end', async () => {
  const series = opened();
  series.fill('x', {}, [1]);
  await series.get('/metrics/aggregated');
  expect(series.clock.waiting).toHaveLength(1);
  await series.idle();
  expect(series.clock.waiting).toEqual([]);
  await series.get('/metrics/aggregated');
  expect(series.clock.waiting).toEqual([]);
});

function check(texts: readonly string[], added: readonly boolean[], expected: string): void {
  const page = new PageBytes(200_000);
  expect(texts.map((text) => page.add(text))).toEqual(added);
  const bytes = page.finish();
  expect(String(bytes)).toBe(expected);
  // It holds on to little more than itself.
  expect(bytes.buffer.byteLength).toBeLessThanOrEqual(Math.max(8_192, 2 * bytes.length));
}

const long = 'x'.repeat(100_000);
test('a page of nothing', () => check([], [], ''));
test('a page of little', () => check(['a', '', 'ä'], [true, true, true], 'aä'));
test('a page grows', () => check(['a', long, 'b'], [true, true, true], `a${long}b`));
test('a page may be as large as its limit', () =>
  check([long, long, 'a', ''], [true, true, false, true], long + long));
test('signs of several bytes count as such', () =>
  check([long, 'ä'.repeat(50_001), 'ä'.repeat(50_000)], [true, false, true], long + 'ä'.repeat(50_000)));
