/** What a window costs in memory and in time, alone in its process; started with --expose-gc. */

import { windowRoutes } from '../../src/collector/window/stats.ts';
import { Window } from '../../src/collector/window/window.ts';
import { systemClock } from '../../src/model/clock.ts';

const { sizes } = JSON.parse(process.argv[2]);

const settings = { historyMs: 1_800_000, metricsMax: 2_000_000, namesMax: 50_000, hashIps: false };
const asked = { path: '', query: '', accept: '' };

const measured = [];
for (const size of sizes) measured.push(await measure(size));
console.log(JSON.stringify(measured));

async function measure(size) {
  const before = used();
  const window = new Window(settings, systemClock, () => undefined);
  const startedMs = performance.now();
  for (let n = 0; n < size; n++) add(window, n);
  const addNs = ((performance.now() - startedMs) / size) * 1e6;
  const bytes = (used() - before) / size;
  const routes = windowRoutes(window, systemClock);
  const time = async (path) => {
    const times = [];
    for (let round = 0; round < 200; round++) {
      const startMs = performance.now();
      await routes.get(path)(asked);
      times.push(performance.now() - startMs);
    }
    return times.sort((a, b) => a - b)[100];
  };
  return {
    size,
    addNs,
    bytes,
    residentMib: process.memoryUsage.rss() / 1_048_576,
    statsMs: await time('/api/stats'),
    servicesMs: await time('/api/services'),
    held: window.count,
  };
}

function add(window, n) {
  const take = (names, text) => names.take(text);
  window.add(
    Date.now(),
    (n * 7) % 250,
    n % 50 === 0 ? 500 : 200,
    take(window.services, `service-${n % 20}`),
    take(window.paths, `/api/path-${n % 50}`),
    take(window.ips, `192.168.${(n % 1_000) >> 8}.${(n % 1_000) & 255}`),
    take(window.environments, 'production'),
    65_535,
    take(window.peers, '127.0.0.1'),
  );
  // As every 15 seconds at 20,000 a second.
  if (n % 300_000 === 299_999) window.intervals();
}

function used() {
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
