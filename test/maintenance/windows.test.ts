/** When maintenance is, worked out by hand: also on the days when clocks change. */
import { expect, onTestFinished, test } from 'vitest';
import type { Maintenance } from '../../src/maintenance/settings.ts';
import { openMaintenance } from '../../src/maintenance/windows.ts';
import { limits } from '../../src/model/limits.ts';
import { drawing } from '../chance.ts';

const everything = { services: ['*'], environments: ['*'] };
const api = { service: 'api', environment: 'production' };
const hourMs = 3_600_000;

const at = (text: string) => Date.parse(`${text}Z`);
const unhurried = () => undefined;
const shown = (ms: number) => new Date(ms).toISOString().slice(0, 16);

/** `cron` for `hours`, in Berlin unless the zone is another. */
function recurring(cron: string, hours = 1, timeZone = 'Europe/Berlin'): Maintenance {
  return { ...everything, cron, durationMs: hours * hourMs, timeZone };
}

/** What begins, in UTC. */
async function check(list: readonly Maintenance[], from: string, to: string, expected: readonly string[]) {
  const { between } = await openMaintenance(list);
  const found = await between([api], at(from), at(to), unhurried);
  expect(found.map(({ fromMs }) => shown(fromMs))).toEqual(expected);
}

test('nothing is under maintenance where nothing is configured', async () => {
  const { around, between } = await openMaintenance([]);
  expect(around(api, 0)).toBeUndefined();
  expect(await between([api], 0, at('2030-01-01T00:00'), unhurried)).toEqual([]);
});

test('what knows time zones, and needs memory for it, is made only for a zone', async () => {
  const { DateTimeFormat } = Intl;
  let made = 0;
  Intl.DateTimeFormat = new Proxy(DateTimeFormat, {
    construct: (target, given: ConstructorParameters<typeof DateTimeFormat>) => {
      made++;
      return new target(...given);
    },
  });
  onTestFinished(() => {
    Intl.DateTimeFormat = DateTimeFormat;
  });
  const ask = async (...list: readonly Maintenance[]) => {
    const { around, between } = await openMaintenance(list);
    around(api, 0);
    await between([api], 0, hourMs, unhurried);
    return made;
  };
  expect(await ask({ ...everything, fromMs: 0, toMs: 1 }, recurring('0 2 * * *', 1, 'UTC'))).toBe(0);
  expect(await ask(recurring('0 2 * * *'), recurring('0 3 * * *'))).toBe(1);
});

test('a window begins with its first moment and is over with its last', async () => {
  const fromMs = at('2026-12-01T22:00');
  const toMs = at('2026-12-02T02:00');
  const { around } = await openMaintenance([{ ...everything, fromMs, toMs, reason: 'new disks' }]);
  expect(around(api, fromMs - 1)).toBeUndefined();
  expect(around(api, fromMs)).toEqual({ fromMs, toMs, reason: 'new disks' });
  expect(around(api, toMs - 1)).toEqual({ fromMs, toMs, reason: 'new disks' });
  expect(around(api, toMs)).toBeUndefined();
});

test('an entry is about the services and environments that its globs name, and no other', async () => {
  const [fromMs, toMs] = [0, 1_000];
  const { around, between } = await openMaintenance([
    { services: ['api-*'], environments: ['production'], fromMs, toMs },
  ]);
  const targets = ['api-eu/production', 'api-eu/staging', 'web/production'].map((name) => {
    const [service = '', environment = ''] = name.split('/');
    return { name, service, environment };
  });
  expect(targets.filter((target) => around(target, 0)).map(({ name }) => name)).toEqual([
    'api-eu/production',
  ]);
  const found = await between(targets, 0, 1, unhurried);
  expect(found.map(({ target }) => target.name)).toEqual(['api-eu/production']);
});

test('of several windows the one that ends last counts', async () => {
  const toMs = [3_000, 5_000, 4_000];
  const { around } = await openMaintenance(toMs.map((end) => ({ ...everything, fromMs: 0, toMs: end })));
  expect(around(api, 1_000)?.toMs).toBe(5_000);
  expect(around(api, 4_500)?.toMs).toBe(5_000);
});

test('a week of an ordinary night', () =>
  check([recurring('0 2 * * *')], '2026-06-01T00:30', '2026-06-05T00:00', [
    '2026-06-01T00:00',
    '2026-06-02T00:00',
    '2026-06-03T00:00',
    '2026-06-04T00:00',
  ]));

test('what began before the asked time and still lasts is there, and what is over is not', async () => {
  const list = [recurring('0 22 * * 5', 48, 'UTC')];
  await check(list, '2026-11-22T21:59', '2026-11-23T00:00', ['2026-11-20T22:00']);
  await check(list, '2026-11-22T22:00', '2026-11-23T00:00', []);
});

// 2026-03-29 at 01:00 UTC clocks in Berlin go from 02:00 to 03:00.
test('at 02:30 on the night that has none it comes an hour later by the clock', () =>
  check([recurring('30 2 * * *')], '2026-03-27T12:00', '2026-03-31T12:00', [
    '2026-03-28T01:30',
    '2026-03-29T01:30',
    '2026-03-30T00:30',
    '2026-03-31T00:30',
  ]));

test('every hour of the night that has one less', () =>
  check([recurring('30 * * * *', 0.5)], '2026-03-28T23:00', '2026-03-29T03:00', [
    '2026-03-28T23:30',
    '2026-03-29T00:30',
    // 03:30, which is also what 02:30 becomes.
    '2026-03-29T01:30',
    '2026-03-29T02:30',
  ]));

// 2026-10-25 at 01:00 UTC they go from 03:00 back to 02:00.
test('at 02:30 on the night that has two it comes the first time', () =>
  check([recurring('30 2 * * *')], '2026-10-24T00:00', '2026-10-27T00:00', [
    '2026-10-24T00:30',
    '2026-10-25T00:30',
    '2026-10-26T01:30',
  ]));

test('every hour of the night that has one more', () =>
  check([recurring('30 * * * *', 0.5)], '2026-10-24T23:00', '2026-10-25T03:00', [
    '2026-10-24T23:30',
    '2026-10-25T00:30',
    '2026-10-25T01:30',
    '2026-10-25T02:30',
  ]));

test('an occurrence lasts as long as it says, whatever the clocks do meanwhile', async () => {
  const { around } = await openMaintenance([recurring('0 1 * * *', 3)]);
  // From 01:00 to 05:00 by the clock, and from 01:00 to 03:00.
  expect(around(api, at('2026-03-29T00:00'))?.toMs).toBe(at('2026-03-29T03:00'));
  expect(around(api, at('2026-10-24T23:00'))?.toMs).toBe(at('2026-10-25T02:00'));
});

// Clocks on Lord Howe change by half an hour: on 2026-10-04 from 02:00 to 02:30, on 2026-04-05 back from 02:00 to 01:30.
test('clocks that change by half an hour', async () => {
  await check([recurring('15 2 * * *', 1, 'Australia/Lord_Howe')], '2026-10-02T12:00', '2026-10-05T00:00', [
    '2026-10-02T15:45',
    '2026-10-03T15:45',
    '2026-10-04T15:15',
  ]);
  await check([recurring('45 1 * * *', 1, 'Australia/Lord_Howe')], '2026-04-03T12:00', '2026-04-06T00:00', [
    '2026-04-03T14:45',
    '2026-04-04T14:45',
    '2026-04-05T15:15',
  ]);
});

// Midnight of 2018-11-04 was left out in São Paulo.
test('a midnight that is left out', () =>
  check([recurring('0 0 * * *', 1, 'America/Sao_Paulo')], '2018-11-03T00:00', '2018-11-05T12:00', [
    '2018-11-03T03:00',
    '2018-11-04T03:00',
    '2018-11-05T02:00',
  ]));

// Samoa left out 2011-12-30 altogether.
test('a day that is left out', () =>
  check([recurring('0 12 * * *', 1, 'Pacific/Apia')], '2011-12-29T00:00', '2012-01-01T00:00', [
    '2011-12-29T22:00',
    '2011-12-30T22:00',
    '2011-12-31T22:00',
  ]));

test('on a day that few years have, on the last day of a month, and on a day or a weekday', async () => {
  await check([recurring('0 2 29 2 *', 1, 'UTC')], '2026-01-01T00:00', '2032-01-01T00:00', [
    '2028-02-29T02:00',
  ]);
  await check([recurring('0 2 L * *', 1, 'UTC')], '2026-01-15T00:00', '2026-03-15T00:00', [
    '2026-01-31T02:00',
    '2026-02-28T02:00',
  ]);
  await check([recurring('0 2 13 * fri', 1, 'UTC')], '2026-01-01T00:00', '2026-01-17T00:00', [
    '2026-01-02T02:00',
    '2026-01-09T02:00',
    '2026-01-13T02:00',
    '2026-01-16T02:00',
  ]);
});

test('windows of several entries and targets stand in the order in which they begin', async () => {
  const other = { service: 'web', environment: 'staging' };
  const { between } = await openMaintenance([
    recurring('0 3 * * *', 1, 'UTC'),
    { services: ['web'], environments: ['*'], fromMs: at('2026-01-02T01:00'), toMs: at('2026-01-02T02:00') },
  ]);
  const found = await between([api, other], at('2026-01-01T12:00'), at('2026-01-03T12:00'), unhurried);
  expect(found.map(({ target, fromMs }) => `${target.service} ${shown(fromMs)}`)).toEqual([
    'web 2026-01-02T01:00',
    'api 2026-01-02T03:00',
    'web 2026-01-02T03:00',
    'api 2026-01-03T03:00',
    'web 2026-01-03T03:00',
  ]);
});

test('a list of windows has an end, of all entries together', async () => {
  const named = (names: string, minute: number): Maintenance => ({
    ...recurring(`${minute} * * * *`, 0.5, 'UTC'),
    services: [names],
  });
  const { between } = await openMaintenance([named('s*', 0), named('s1', 20), named('nobody', 30)]);
  const targets = Array.from({ length: 6 }, (_, index) => ({ service: `s${index}`, environment: 'e' }));
  const found = await between(targets, 1, 7 * 24 * hourMs, unhurried);
  expect(found).toHaveLength(limits.maintenanceWindowsMax);
  // Seven windows an hour.
  expect(shown(found.at(-1)?.fromMs ?? 0)).toBe('1970-01-06T22:00');
  const all = await Promise.all(targets.map((target) => between([target], 1, 7 * 24 * hourMs, unhurried)));
  const fromMs = all.flat().map((window) => window.fromMs);
  expect(found.map((window) => window.fromMs)).toEqual(fromMs.sort((a, b) => a - b).slice(0, found.length));
});

test('everybody else has a turn after each entry', async () => {
  const list = Array.from({ length: 5 }, () => recurring('0 * * * *'));
  const { between } = await openMaintenance(list);
  let turns = 0;
  await between([api], 0, hourMs, async () => {
    turns++;
  });
  expect(turns).toBe(5);
});

test('when an entry about nobody comes is not even worked out', async () => {
  const { DateTimeFormat } = Intl;
  const asked: unknown[] = [];
  const { formatToParts } = DateTimeFormat.prototype;
  DateTimeFormat.prototype.formatToParts = function (moment) {
    asked.push(moment);
    return formatToParts.call(this, moment);
  };
  onTestFinished(() => {
    DateTimeFormat.prototype.formatToParts = formatToParts;
  });
  const { between } = await openMaintenance([{ ...recurring('0 * * * *'), services: ['nobody'] }]);
  await between([api], 0, hourMs, unhurried);
  expect(asked).toEqual([]);
});

test('a clock that is set back or ahead finds what is under way then', async () => {
  const { around } = await openMaintenance([recurring('0 2 * * *', 1, 'UTC')]);
  expect(around(api, at('2026-01-05T02:30'))?.fromMs).toBe(at('2026-01-05T02:00'));
  expect(around(api, at('2025-01-05T02:30'))?.fromMs).toBe(at('2025-01-05T02:00'));
  expect(around(api, at('2025-01-05T03:30'))).toBeUndefined();
  expect(around(api, at('2027-01-05T02:30'))?.fromMs).toBe(at('2027-01-05T02:00'));
});

test('minute by minute, a target is under maintenance exactly within what is listed', async () => {
  const draw = drawing(11);
  const pick = <T>(from: readonly T[]) => from[draw(from.length)] as T;
  const days = ['2026-03-28', '2026-03-29', '2026-10-24', '2026-10-25', '2026-06-10'];
  for (let round = 0; round < 10; round++) {
    const list = Array.from({ length: 1 + draw(3) }, () => {
      const minute = pick(['0', '30', '*/20', '15,45']);
      const cron = `${minute} ${pick(['*', '2', '1-3', '*/2', '23'])} * * ${pick(['*', '0', 'sat-sun'])}`;
      const zone = pick(['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe']);
      return recurring(cron, pick([0.1, 0.25, 1, 30]), zone);
    });
    const { around, between } = await openMaintenance(list);
    const startMs = at(`${pick(days)}T00:00`) + draw(12) * hourMs;
    const listed = await between([api], startMs, startMs + 12 * hourMs, unhurried);
    for (let nowMs = startMs; nowMs < startMs + 12 * hourMs; nowMs += 7 * 60_000) {
      const expected = listed.some(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
      expect(around(api, nowMs) !== undefined, `${JSON.stringify(list)} ${shown(nowMs)}`).toBe(expected);
    }
  }
});
