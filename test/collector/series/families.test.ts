/** What sources deliver is stored in turns, whoever else brings something at the same time. */
import { expect, test } from 'vitest';
import type { Family } from '../../../src/exposition/family.ts';
import { limits } from '../../../src/model/limits.ts';
import { type Opened, opened } from './opened.ts';

function gauge(name: string, values: readonly number[]): Family {
  const samples = values.map((value, index) => ({ name, labels: { i: String(index) }, value }));
  return { name, type: 'gauge', help: '', samples };
}

const many = (count: number) => Array.from({ length: count }, (_none, index) => index);

/** Each look at the clock takes as long as a slice: everybody else has a turn at every pause. */
function inSmallSlices({ clock }: Opened): void {
  let nowMs = 0;
  Object.assign(clock, { monotonic: () => (nowMs += limits.intakeSliceMs) });
}

test('others have their turn while a scrape is stored', async () => {
  const series = opened();
  inSmallSlices(series);
  const counts = new Set<number>();
  const look = () => {
    counts.add(series.store.seriesCount);
    if (series.store.seriesCount < 1_000) setImmediate(look);
  };
  look();
  await series.takeFamilies([gauge('a', many(1_000))], {}, series.clock.now());
  expect(counts.size).toBeGreaterThan(20);
});

test('scrapes at once are stored one after the other, and each is told its own', async () => {
  const series = opened({ seriesMax: 150 });
  inSmallSlices(series);
  const nowMs = series.clock.now();
  const take = (name: string, timeMs: number, values: readonly number[]) =>
    series.takeFamilies([gauge(name, values)], { source: name }, timeMs);
  const taken = await Promise.all([
    take('a', nowMs - 1_000, many(100)),
    take('b', nowMs - 1_000, many(100)),
    take('a', nowMs, many(100)),
  ]);
  expect(taken).toEqual([
    { stored: 100, refused: 0 },
    { stored: 50, refused: 50 },
    { stored: 100, refused: 0 },
  ]);
  expect(series.counted()).toEqual([
    'cloudmon_collector_series: 150',
    'cloudmon_collector_series_points: 250',
    'cloudmon_collector_samples_recorded_total: 250',
    'cloudmon_collector_samples_refused_total series_full: 50',
  ]);
});

test('a scrape does not change the type of what a batch has checked', async () => {
  const series = opened();
  inSmallSlices(series);
  const body = [...many(500).map((i) => ({ name: 'a', value: i })), { name: 'b', type: 'counter', value: 1 }];
  const answer = series.post(body);
  const taken = series.takeFamilies([gauge('b', [1])], {}, series.clock.now());
  expect((await answer).status).toBe(200);
  expect(await taken).toEqual({ stored: 0, refused: 1 });
});

test('what comes while too much waits is refused and counted', async () => {
  const series = opened({ seriesMax: 10 });
  const large = [gauge('a', many(limits.scrapedSamplesWaiting))];
  const taken = [large, [gauge('b', [1])]].map((each) => series.takeFamilies(each, {}, series.clock.now()));
  expect(await taken[1]).toEqual({ stored: 0, refused: 1 });
  expect(series.counted()).toContain('cloudmon_collector_samples_refused_total late: 1');
  // However large it is, what comes alone is stored.
  expect(await taken[0]).toMatchObject({ stored: 10 });
  expect(await series.takeFamilies([gauge('a', [1])], {}, series.clock.now())).toMatchObject({ stored: 1 });
});

test('all is stored when the series are idle', async () => {
  const series = opened();
  inSmallSlices(series);
  void series.takeFamilies([gauge('a', many(300))], {}, series.clock.now());
  await series.idle();
  expect(series.store.seriesCount).toBe(300);
});
