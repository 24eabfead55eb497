/** `log` and `uptime` as they are called. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { call, eventful, month } from './calls.ts';
import { temporaryFolder } from './scene.ts';

test('the trail says what was observed, decided, sent and answered', async () => {
  const { out, err, code } = await call(await eventful(), 'log');
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out).toBe(`\
2025-10-05T12:00:00Z  cloudmon-reporter  started
2025-10-05T12:00:00Z  cloudmon-reporter  configured: 2 targets
2025-10-05T12:00:00Z  api (production)  observed 1 degraded: category slow; matched api.slow; flags api.slow gt 400
2025-10-05T12:00:00Z  web (production)  observed no data: timeout, no answer within 10 s
2025-10-05T12:00:00Z  api (production)  told public: open 1 degraded: sent; HTTP 201; as p8x2k; 2 attempts; incident 0123456789ab
2025-10-05T12:01:00Z  web (production)  only recorded for public: open 1 degraded; incident 0123456789ab; POST https://dashboard.example.com/
2025-10-05T12:01:00Z  web (production)  under maintenance until 2025-10-05T13:01:00Z: database
2025-10-05T12:01:00Z  api (production)  could not tell public: change 2 outage: failed (timeout, no answer within 10 s); incident 0123456789ab
2025-10-05T12:02:00Z  web (production)  observed 2 outage: no data counts as this: timeout, no answer within 10 s
2025-10-05T12:02:00Z  web (production)  maintenance is over
2025-10-05T12:02:00Z  api (production)  told public: close: known; closed by a human; incident 0123456789ab
2025-10-05T12:02:00Z  cloudmon-reporter  configured: 1 target
2025-10-05T12:02:00Z  web (production)  gone from the configuration
2025-10-05T12:02:00Z  cloudmon-reporter  stopped
`);
});

/** Which lines of it are printed, by their types. */
async function checkTypes(args: readonly string[], expected: readonly string[], said = ''): Promise<void> {
  const { out, err, code } = await call(await eventful(), 'log', '--format', 'json', ...args);
  const types = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).type);
  expect({ types, err, code }).toEqual({ types: expected, err: said, code: 0 });
}

test('--dashboard prints what it was told', () =>
  checkTypes(
    ['--dashboard', 'pub*'],
    ['delivered', 'recorded', 'delivered', 'delivered'],
    'No dashboard "pub*" is configured now; there are default.\n',
  ));
test('--dashboard that is configured and was told nothing prints nothing, and says so', () =>
  checkTypes(
    ['--dashboard', 'def*'],
    [],
    'Nothing of that kind has happened. There is history of 2025-10.\n',
  ));
test('--service prints what is about it', () =>
  checkTypes(
    ['--service', 'web'],
    ['observed', 'recorded', 'maintenance', 'observed', 'maintenance_over', 'gone'],
  ));
test('--environment that there is none of prints nothing, and says so', () =>
  checkTypes(
    ['--environment', 'staging'],
    [],
    'Nothing of that kind has happened. There is history of 2025-10.\n',
  ));
test('--since and --until are both included', () =>
  checkTypes(
    ['--since', '2025-10-05T14:01:00+02:00', '--until', '2025-10-05T12:01:59Z'],
    ['recorded', 'maintenance', 'delivered'],
  ));
test('--limit prints the newest', () => checkTypes(['--limit', '2'], ['gone', 'stop']));

/** A command that is not accepted, with what it says. */
async function checkRefused(args: readonly string[], expected: string, code = 64): Promise<void> {
  const result = await call(temporaryFolder(), ...args);
  expect({
    err: result.err.split('\n')[0]?.replace(/\/\S*history-\w+/, 'FOLDER'),
    code: result.code,
  }).toEqual({
    err: expected,
    code,
  });
}

test('a time that is none is refused', () =>
  checkRefused(
    ['log', '--since', 'monday'],
    "error: option '--since <time>' argument 'monday' is invalid. Write a time such as 2026-10-05T12:00:00Z, or a duration such as 2h.",
  ));
test('a limit of nothing is refused', () =>
  checkRefused(
    ['log', '--limit', '0'],
    "error: option '--limit <count>' argument '0' is invalid. Write a number from 1 to 9999999.",
  ));
test('a time that begins after its end is refused', () =>
  checkRefused(
    ['log', '--since', '2025-10-05T12:00:00Z', '--until', '2025-10-05T11:00:00Z'],
    'error: --since 2025-10-05T12:00:00Z is after --until 2025-10-05T11:00:00Z: swap them',
  ));
test('a time in the future is no beginning, where nothing is said of the end', () =>
  checkRefused(
    ['log', '--since', '2999-01-01T00:00:00Z'],
    'error: --since 2999-01-01T00:00:00Z is in the future',
  ));
test('a folder that does not exist is said, and not made', async () => {
  const missing = join(temporaryFolder(), 'missing');
  expect(await call(missing, 'log')).toEqual({
    out: '',
    err: `There is no history: the folder ${missing} does not exist.\n`,
    code: 1,
  });
  expect(existsSync(missing)).toBe(false);
});
test('a month that is none is refused', () =>
  checkRefused(
    ['uptime', '--month', '2026-13'],
    "error: option '--month <month>' argument '2026-13' is invalid. Write a month such as 2026-10.",
  ));
test('a time zone that is none is refused', () =>
  checkRefused(
    ['uptime', '--time-zone', 'Mars/Base'],
    "error: option '--time-zone <name>' argument 'Mars/Base' is invalid. Write an IANA name such as Europe/Berlin.",
  ));
test('a folder without a history is said', () =>
  checkRefused(
    ['uptime', '--month', '2025-10'],
    'There is no history of such targets in 2025-10. FOLDER holds no history.',
    0,
  ));
test('a month that has not begun is said', () =>
  checkRefused(['uptime', '--month', '9999-12'], '9999-12 has not begun. FOLDER holds no history.', 0));

test('the table shows each target, and the rule beneath it', async () => {
  const { out, code } = await call(month(), 'uptime', '--month', '2025-10', '--time-zone', 'Europe/Berlin');
  expect(code).toBe(0);
  expect(out).toBe(`\
2025-10 in Europe/Berlin: 745h, from 2025-09-30T22:00:00Z to 2025-10-31T23:00:00Z

SERVICE          ENVIRONMENT  AVAILABILITY       UP  DEGRADED  OUTAGE  MAINTENANCE  NO DATA
api              production       99.910 %  463h36m       30m     25m           2h  278h59m
web, "the" site  production      100.000 %   247h1m        0s      0s           0s  497h59m

Availability = up / (up + outage). Up: healthy or degraded; outage: outage or critical. Maintenance and no data count neither way.
Degraded is part of up; up, outage, maintenance and no data add up to the time above.
`);
});

test('CSV has seconds, and all digits of the percentage', async () => {
  const { out } = await call(month(), 'uptime', '--month', '2025-10', '--format', 'csv');
  // Known from 1 October 00:00 to 20 October 08:01: 464:01 h, of which 2 h maintenance and 25 min outage.
  // Up is 461:36 h = 1,661,760 s of 1,663,260 s.
  expect(out).toBe(`\
month,time_zone,service,environment,availability_percent,up_seconds,degraded_seconds,outage_seconds,critical_seconds,maintenance_seconds,no_data_seconds
2025-10,UTC,api,production,99.909815663216,1661760,1800,1500,1500,7200,1007940
2025-10,UTC,"web, ""the"" site",production,100,889260,0,0,0,0,1789140
`);
});

test('JSON has each day, too, and --service chooses', async () => {
  const { out } = await call(month(), 'uptime', '--month', '2025-10', '--format', 'json', '--service', 'a*');
  const { targets, rule, ...about } = JSON.parse(out);
  expect(about).toEqual({
    month: '2025-10',
    time_zone: 'UTC',
    from: '2025-10-01T00:00:00Z',
    to: '2025-11-01T00:00:00Z',
    under_way: false,
    seconds: 2_678_400,
    damaged_lines: 0,
  });
  expect(rule).toContain('Availability = up');
  expect(targets).toHaveLength(1);
  expect(targets[0].days[4]).toEqual({
    date: '2025-10-05',
    // 84,900 of 86,400.
    availability_percent: 98.263888888889,
    up_seconds: 84_900,
    degraded_seconds: 0,
    outage_seconds: 1500,
    critical_seconds: 1500,
    maintenance_seconds: 0,
    no_data_seconds: 0,
  });
});

test('HTML is a whole page', async () => {
  const { out } = await call(month(), 'uptime', '--month', '2025-10', '--format', 'html');
  expect(out.startsWith('<!doctype html>')).toBe(true);
  expect(out.endsWith('</html>\n')).toBe(true);
});
