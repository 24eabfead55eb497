/**
 * Everything goes wrong at random, then nothing any more: each page shows the truth in the end, and nothing
 * was said twice but where nobody could know.
 */
import { expect, test } from 'vitest';
import type { Status } from '../../src/model/status.ts';
import { type Draw, drawing } from '../chance.ts';
import type { Fate } from './line.ts';
import { dumbPage, incidentPage, keyedPage, naturalPage, type Page } from './pages.ts';
import { type Chaos, calm, type World, world } from './world.ts';

const services = ['api', 'web', 'db'] as const;

const fates: readonly Fate[] = [
  'slow',
  'refused',
  'refused',
  'rejected',
  'peace',
  'lost',
  'lost',
  'swallowed',
  'killed before',
  'killed after',
];

function chaosOf(draw: Draw): Chaos {
  return {
    fate: () => (draw(2) === 0 ? 'ok' : (fates[draw(fates.length)] ?? 'ok')),
    killsAtWrite: () => draw(40) === 0,
    written: (waiting) => draw(waiting + 1),
  };
}

/** One of the things that operators and machines do. */
function happen(on: World, draw: Draw, mayForget: boolean): void {
  const service = services[draw(services.length)] ?? 'api';
  const what = draw(24);
  if (what === 0) on.kill();
  else if (what === 1) on.maintained.add(service);
  else if (what < 4) on.maintained.clear();
  else if (what === 4) on.reload({ policy: { retries: draw(4) } });
  else if (what === 5)
    on.reload({ policy: { mode: (['record', 'paused', 'send'] as const)[draw(3)] ?? 'send' } });
  else if (what === 6) on.reload({ policy: { mode: 'send' } });
  else if (what === 7) on.reload({ services: services.filter((one) => one !== service) });
  else if (what === 8) on.reload({ services });
  else if (what === 9 && mayForget) on.forget();
  else if (what < 14) on.flush();
}

async function live(page: Page, seed: number, mayForget: boolean): Promise<World> {
  const draw = drawing(seed);
  const policy = {
    openAfter: { readings: 1 + (seed % 2) },
    closeAfter: { readings: 1 + ((seed >> 1) % 2) },
    retries: seed % 4,
  };
  const on = world(page, services, policy);
  on.chaos(chaosOf(draw));
  const truth: Record<string, Status | undefined> = {};
  for (let minute = 0; minute < 120; minute++) {
    for (const service of services) {
      if (draw(4) === 0) truth[service] = draw(8) === 0 ? undefined : (draw(4) as Status);
    }
    on.statuses({ ...truth });
    happen(on, draw, mayForget);
    await on.cycle();
  }
  on.chaos(calm);
  on.maintained.clear();
  on.reload({ policy: { mode: 'send' }, services });
  for (const service of services) truth[service] ??= draw(4) as Status;
  on.statuses({ ...truth });
  for (let minute = 0; minute < 20; minute++) await on.cycle();
  expect(services.map((service) => [service, page.shows(service)])).toEqual(
    services.map((service) => [service, truth[service]]),
  );
  expect(on.stale).toEqual([]);
  return on;
}

/**
 * 909: an open that was answered late, and the change after it. 1680: killed between these two. 8874: killed
 * while deliveries that a reload replaced still had an attempt under way.
 */
const seeds = [...Array.from({ length: 40 }, (_, at) => at + 1), 909, 1680, 8874];

test.each(seeds)(
  'a page where each target has a place shows the truth in the end (seed %d)',
  async (seed) => {
    await live(naturalPage(), seed, false);
  },
);

test.each(seeds)('a page that knows keys is told nothing twice (seed %d)', async (seed) => {
  const on = await live(keyedPage(), seed, false);
  expect(on.page.repeats().filter(({ isFlagged }) => !isFlagged)).toEqual([]);
});

test.each(seeds)(
  'a page that knows nothing is told twice only in doubt, and that is counted (seed %d)',
  async (seed) => {
    const on = await live(dumbPage(), seed, false);
    const repeats = on.page.repeats();
    expect(repeats.filter(({ isFlagged }) => !isFlagged)).toEqual([]);
    expect(repeats.length).toBeLessThanOrEqual(on.ambiguous());
  },
);

test.each(seeds)(
  'a page with incidents never has two of ours for one target, whatever is forgotten (seed %d)',
  async (seed) => {
    const page = incidentPage();
    page.openByHand('api');
    const on = await live(page, seed, true);
    expect(on.page.repeats()).toEqual([]);
    expect(page.open().filter(({ isOurs }) => !isOurs)).toHaveLength(1);
    for (const service of services) {
      const ours = page.open().filter((one) => one.isOurs && one.service === service);
      expect(ours.length).toBeLessThanOrEqual(1);
    }
  },
);
