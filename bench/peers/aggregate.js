/** What a page of aggregates costs: fifteen series with a day of points, every query another one. */
import { openSeries } from '../../src/collector/series/series.ts';
import { systemClock } from '../../src/model/clock.ts';

const { series: count, points } = JSON.parse(process.argv[2]);

const settings = {
  historyMs: 1_800_000,
  collectIntervalMs: 15_000,
  pointsPerSeriesMax: 5_760,
  seriesMax: 10_000,
  pointsMax: 2_000_000,
};
const nothing = () => undefined;
const series = openSeries({
  settings: () => settings,
  clock: systemClock,
  journal: { capped: nothing },
  admission: { admit: nothing, settle: nothing, drain: nothing },
});

const nowMs = Date.now();
for (let point = points - 1; point >= 0; point--) {
  const samples = Array.from({ length: count }, (_none, id) => ({
    name: 'queue_length',
    labels: { queue: `queue-${id}` },
    value: Math.floor(Math.random() * 100_000) / 100,
  }));
  const family = { name: 'queue_length', type: 'gauge', help: 'Length of a queue.', samples };
  await series.takeFamilies([family], {}, nowMs - point * 14_000);
}
const route = series.routes.get('/metrics/aggregated');
const times = [];
for (let round = 0; round < 120; round++) {
  const startMs = performance.now();
  const page = await route({ path: '', query: `window=${86_400 - round}`, accept: '' });
  times.push(performance.now() - startMs);
  if (page.status !== 200 || page.body.length < 5_000) throw new Error(String(page.body).slice(0, 200));
}
// The first ones are made while the code is still being optimised.
const warm = times.slice(40).sort((a, b) => a - b);
console.log(JSON.stringify({ ms: warm[warm.length >> 1], stored: series.store.pointsCount }));
process.exit();
