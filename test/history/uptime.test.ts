/** How available something was in a month, against tables that were counted by hand. */
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shareUp } from '../../src/history/availability.ts';
import { temporaryFolder } from './scene.ts';
import { ask, maintenance, observed, run, secondsOf, simply, type Told, writeStory } from './story.ts';

/** Compares the seconds of `api` in October, in UTC, with what they are said to be. */
async function check(
  told: readonly (Told | readonly Told[])[],
  expected: Readonly<Record<string, number>>,
  nowTime?: string,
): Promise<void> {
  const folder = temporaryFolder();
  writeStory(folder, ...told);
  const { targets } = await ask(folder, '2026-10', 'UTC', nowTime);
  expect(secondsOf(targets.find(({ service }) => service === 'api')?.tally)).toEqual(expected);
}

/**
 * Berlin sets its clocks back on Sunday 25 October 2026 at 01:00Z: the month has 31 * 24 + 1 = 745 h,
 * 2,682,000 s, from 30 September 22:00Z to 31 October 23:00Z.
 */
test('October 2026 in Berlin, counted by hand', async () => {
  const folder = temporaryFolder();
  writeStory(
    folder,
    run('2026-09-30T00:00:00Z', '2026-10-20T08:00:00Z'),
    observed('2026-09-30T00:00:05Z', 0),
    // An outage over the beginning: 22:00 to 22:15, 900 s of outage.
    observed('2026-09-30T21:30:00Z', 2),
    observed('2026-09-30T22:15:00Z', 0),
    // 10:00 to 10:30: 1,800 s degraded.
    observed('2026-10-03T10:00:00Z', 1),
    observed('2026-10-03T10:30:00Z', 0),
    // 12:00 to 12:10: 600 s of outage; 12:10 to 12:25: 900 s critical.
    observed('2026-10-05T12:00:00Z', 2),
    observed('2026-10-05T12:10:00Z', 3),
    observed('2026-10-05T12:25:00Z', 0),
    // 01:00 to 03:00: 7,200 s of maintenance, whatever was seen; 03:00 to 03:15: 900 s of outage.
    maintenance('2026-10-10T01:00:00Z', '2026-10-10T03:00:00Z'),
    observed('2026-10-10T01:30:00Z', 2),
    simply('2026-10-10T03:00:00Z', 'maintenance_over', 'api'),
    observed('2026-10-10T03:15:00Z', 0),
    // 05:50 to 06:00 and 06:20 to 06:25: 600 + 300 s of outage; 06:00 to 06:20: 1,200 s of no data.
    observed('2026-10-15T05:50:00Z', 2),
    observed('2026-10-15T06:00:00Z', undefined),
    observed('2026-10-15T06:20:00Z', 2),
    observed('2026-10-15T06:25:00Z', 0),
    // It died after the heartbeat of 08:00:00. 08:01:00 to 09:00:10: 3,550 s of no data.
    run('2026-10-20T09:00:00Z', '2026-10-21T14:00:00Z'),
    observed('2026-10-20T09:00:10Z', 0),
    // A restart within a minute is no gap.
    simply('2026-10-21T14:00:01Z', 'stop'),
    run('2026-10-21T14:00:20Z', '2026-10-28T03:00:20Z'),
    observed('2026-10-21T14:00:25Z', 0),
    // From 02:30 of the summer to 02:30 of the winter, 00:30Z to 01:30Z: 3,600 s of outage.
    observed('2026-10-25T00:30:00Z', 2),
    observed('2026-10-25T01:30:00Z', 0),
    // 02:00:00 to 04:00:05: 7,205 s of maintenance, although the program was away for half an hour of it.
    maintenance('2026-10-28T02:00:00Z', '2026-10-28T04:00:00Z'),
    run('2026-10-28T03:30:00Z', '2026-11-01T01:00:00Z'),
    observed('2026-10-28T03:30:10Z', 0),
    maintenance('2026-10-28T03:30:12Z', '2026-10-28T04:00:00Z', '2026-10-28T03:30:00Z'),
    simply('2026-10-28T03:30:13Z', 'ready'),
    simply('2026-10-28T04:00:05Z', 'maintenance_over', 'api'),
    // Degraded over the end: 22:30 to 23:00, 1,800 s.
    observed('2026-10-31T22:30:00Z', 1),
    observed('2026-11-01T00:00:00Z', 0),
  );
  const { targets, fromMs, toMs } = await ask(folder, '2026-10', 'Europe/Berlin');
  expect((toMs - fromMs) / 1000).toBe(745 * 3600);
  const [api, ...others] = targets;
  expect(others).toEqual([]);
  expect(secondsOf(api?.tally)).toEqual({
    degraded: 1800 + 1800,
    outage: 900 + 600 + 900 + 600 + 300 + 3600,
    critical: 900,
    maintenance: 7200 + 7205,
    noData: 1200 + 3550,
    // 2,682,000 - 3,600 - 6,900 - 900 - 14,405 - 4,750
    healthy: 2_651_445,
  });
  // Up is 2,651,445 + 3,600 = 2,655,045 s of 2,655,045 + 7,800 = 2,662,845 s.
  expect(api && shareUp(api.tally)).toBe(2_655_045 / 2_662_845);
  // The day of 25 hours: 90,000 - 3,600.
  expect(secondsOf(api?.days.find(({ date }) => date === '2026-10-25')?.tally)).toEqual({
    healthy: 86_400,
    outage: 3600,
  });
  // 1 October in Berlin begins at 22:00Z: its first quarter of an hour is outage.
  expect(secondsOf(api?.days[0]?.tally)).toEqual({ healthy: 85_500, outage: 900 });
  expect(api?.days.map(({ date }) => date).at(-1)).toBe('2026-10-31');
});

/**
 * Berlin sets its clocks forward on Sunday 29 March 2026 at 01:00Z: the month has 31 * 24 - 1 = 743 h,
 * 2,674,800 s, from 28 February 23:00Z to 31 March 22:00Z.
 */
test('March 2026 in Berlin, counted by hand, with a target that comes and goes', async () => {
  const folder = temporaryFolder();
  writeStory(
    folder,
    // The history begins on 2 March at 00:00:00Z: 25 h = 90,000 s without data.
    run('2026-03-01T23:59:00Z', '2026-04-02T00:00:00Z'),
    observed('2026-03-02T00:00:00Z', 0),
    // From 01:30 of the winter to 03:30 of the summer, 00:30Z to 01:30Z: 3,600 s of outage.
    observed('2026-03-29T00:30:00Z', 3),
    observed('2026-03-29T01:30:00Z', 0),
    // From 10 March 09:00Z to 20 March 09:00Z: 10 days, of which 2 h degraded.
    observed('2026-03-10T09:00:00Z', 1, 'web'),
    observed('2026-03-10T11:00:00Z', 0, 'web'),
    simply('2026-03-20T09:00:00Z', 'gone', 'web'),
    // After the month.
    observed('2026-04-01T12:00:00Z', 0, 'later'),
  );
  const { targets, fromMs, toMs } = await ask(folder, '2026-03', 'Europe/Berlin');
  expect((toMs - fromMs) / 1000).toBe(743 * 3600);
  expect(targets.map(({ service, tally }) => [service, secondsOf(tally)])).toEqual([
    // 2,674,800 - 90,000 - 3,600
    ['api', { healthy: 2_581_200, critical: 3600, noData: 90_000 }],
    // 864,000 - 7,200; 2,674,800 - 864,000
    ['web', { healthy: 856_800, degraded: 7200, noData: 1_810_800 }],
  ]);
  const [api, web] = targets;
  expect(api && shareUp(api.tally)).toBe(2_581_200 / 2_584_800);
  expect(web && shareUp(web.tally)).toBe(1);
  expect(secondsOf(api?.days.find(({ date }) => date === '2026-03-29')?.tally)).toEqual({
    healthy: 79_200,
    critical: 3600,
  });
});

/** October in UTC. */
const october = 744 * 3600;
const always = run('2026-09-30T12:00:00Z', '2026-11-01T12:00:00Z');

test('a target that was always healthy was up all the time', () =>
  check([always, observed('2026-09-30T12:00:01Z', 0)], { healthy: october }));

test('of the month under way, what has passed counts', () =>
  check(
    [run('2026-09-30T12:00:00Z', '2026-10-03T00:00:00Z'), observed('2026-09-30T12:00:01Z', 2)],
    { outage: 2 * 86_400 + 30 },
    '2026-10-03T00:00:30Z',
  ));

test('a program that died a while ago knows nothing since', () =>
  check(
    [run('2026-09-30T12:00:00Z', '2026-10-03T00:00:00Z'), observed('2026-09-30T12:00:01Z', 2)],
    { outage: 2 * 86_400 + 60, noData: 86_400 - 60 },
    '2026-10-04T00:00:00Z',
  ));

test('a program that was stopped a moment ago is believed for a minute', () =>
  check(
    [
      run('2026-09-30T12:00:00Z', '2026-10-03T00:00:00Z'),
      observed('2026-09-30T12:00:01Z', 2),
      simply('2026-10-03T00:00:30Z', 'stop'),
    ],
    { outage: 2 * 86_400 + 90, noData: 30 },
    '2026-10-03T00:02:00Z',
  ));

test('a machine that slept is a gap, after which it stands as before', () =>
  check(
    [
      run('2026-09-30T12:00:00Z', '2026-10-03T00:00:00Z'),
      observed('2026-09-30T12:00:01Z', 0),
      run('2026-10-03T01:00:00Z', '2026-11-01T12:00:00Z').slice(1),
    ],
    // The first heartbeat is that of 01:01:00: from 00:01:00 to then nothing is known.
    { healthy: october - 3600, noData: 3600 },
  ));

test('a program that starts again and again without a reading is not believed', () =>
  check(
    [
      always,
      observed('2026-09-30T12:00:01Z', 0),
      ...['00:00:30', '00:01:10', '00:01:50', '00:02:30'].map((time) =>
        simply(`2026-10-03T${time}Z`, 'start'),
      ),
      observed('2026-10-03T00:10:00Z', 0),
    ],
    // The last line before the first start is the heartbeat of 00:00:00; from 00:01:00 to 00:10:00.
    { healthy: october - 540, noData: 540 },
  ));

test('maintenance that nobody could end ends when it was meant to', () =>
  check(
    [
      run('2026-09-30T12:00:00Z', '2026-10-03T00:30:00Z'),
      observed('2026-09-30T12:00:01Z', 0),
      maintenance('2026-10-03T00:00:00Z', '2026-10-03T01:00:00Z'),
      run('2026-10-03T02:00:00Z', '2026-11-01T12:00:00Z'),
      observed('2026-10-03T02:00:00Z', 0),
      simply('2026-10-03T02:00:01Z', 'ready'),
    ],
    { healthy: october - 7200, maintenance: 3600, noData: 3600 },
  ));

test('maintenance that a restart does not know of any more ends with its first cycle', () =>
  check(
    [
      run('2026-09-30T12:00:00Z', '2026-10-03T00:30:00Z'),
      observed('2026-09-30T12:00:01Z', 0),
      maintenance('2026-10-03T00:00:00Z', '2026-10-03T04:00:00Z'),
      run('2026-10-03T00:30:20Z', '2026-11-01T12:00:00Z'),
      observed('2026-10-03T00:30:25Z', 0),
      simply('2026-10-03T00:31:00Z', 'ready'),
    ],
    { healthy: october - 1860, maintenance: 1860 },
  ));

test('maintenance counts from when it was planned, not from the cycle that saw it', () =>
  check(
    [
      always,
      observed('2026-09-30T12:00:01Z', 0),
      observed('2026-10-03T00:04:58Z', 2),
      maintenance('2026-10-03T00:05:00Z', '2026-10-03T01:00:00Z', '2026-10-03T00:01:00Z'),
      observed('2026-10-03T00:50:00Z', 0),
      simply('2026-10-03T01:00:00Z', 'maintenance_over', 'api'),
    ],
    { healthy: october - 3540, maintenance: 3540 },
  ));

test('a file alone says enough: that of the month before may be gone', () =>
  check(
    [
      { ...observed('2026-10-01T00:00:20Z', 1), again: true },
      { ...maintenance('2026-10-01T00:00:20Z', '2026-10-01T06:00:00Z', '2026-09-30T23:00:00Z'), again: true },
      run('2026-09-30T12:00:00Z', '2026-11-01T12:00:00Z').filter(({ time }) => time > '2026-10-01T00:00:20Z'),
      simply('2026-10-01T06:00:00Z', 'maintenance_over', 'api'),
    ],
    { maintenance: 6 * 3600, degraded: october - 6 * 3600 },
  ));

test('a month of which nothing is known has no targets', async () => {
  const folder = temporaryFolder();
  writeStory(
    folder,
    run('2026-08-01T00:00:00Z', '2026-08-02T00:00:00Z'),
    observed('2026-08-01T00:00:01Z', 0),
  );
  const { targets } = await ask(folder, '2026-10');
  expect(targets).toEqual([]);
});

test('what a clock that was set back says again holds', async () => {
  const folder = temporaryFolder();
  const early = run('2026-10-03T10:00:00Z', '2026-10-03T12:00:00Z');
  const story = [
    ...early,
    observed('2026-10-03T12:00:00Z', 2),
    // An hour back: the outage begins at 11:00:30 instead, and there is one hour less.
    simply('2026-10-03T11:00:30Z', 'alive'),
    ...run('2026-10-03T11:00:30Z', '2026-10-03T13:00:30Z').slice(1),
  ];
  story.splice(1, 0, observed('2026-10-03T10:00:00Z', 0));
  writeFileSync(`${folder}/history-2026-10`, story.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const { targets } = await ask(folder, '2026-10', 'UTC', '2026-10-03T13:00:30Z');
  const noData = (2 * 24 + 10) * 3600;
  expect(secondsOf(targets[0]?.tally)).toEqual({ healthy: 3630, outage: 7200, noData });
});
