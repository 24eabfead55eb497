/** The `maintenance` section: every mistake with its place and what to do. */
import { expect, test } from 'vitest';
import { loadCollectConfig } from '../../src/config/load.ts';
import type { Maintenance } from '../../src/maintenance/settings.ts';
import { limits } from '../../src/model/limits.ts';
import { load, loadBy, minimal } from '../config/folder.ts';

const everything = { services: ['*'], environments: ['*'] };

/** `entries` stand in line 5 and the following; `expected` is what is wrong, or what they become. */
async function check(entries: string, expected: string | readonly Maintenance[]) {
  const { config, lines } = await load({ 'config.yaml': `${minimal}maintenance:\n${entries}\n` });
  if (typeof expected !== 'string') {
    expect(lines).toBe('');
    expect(config?.maintenance).toEqual(expected);
    return;
  }
  expect(lines).toBe(expected);
}

test('a time needs a day, an hour and a time zone', () =>
  check(
    `  - {from: 2026-12-01, to: 2026-12-02T04:00:00}
  - {from: tomorrow, to: 2026-02-30T04:00:00Z}
  - {from: 2026-12-01T24:00:00Z, to: 1796169600}`,
    `config.yaml:5:12: error: maintenance[0].from: is a date without a time and a time zone. Write it like 2026-12-01T22:00:00+01:00
config.yaml:5:28: error: maintenance[0].to: has no time zone. Add Z, or an offset such as +01:00
config.yaml:6:12: error: maintenance[1].from: must be a time of RFC 3339. Write it like 2026-12-01T22:00:00+01:00
config.yaml:6:26: error: maintenance[1].to: is no day of the calendar. Look at its month and day
config.yaml:7:12: error: maintenance[2].from: must be a time of RFC 3339. Write it like 2026-12-01T22:00:00+01:00
config.yaml:7:38: error: maintenance[2].to: must be a time of RFC 3339. Write it like 2026-12-01T22:00:00+01:00`,
  ));

test('an entry says when it is, in one of two ways', () =>
  check(
    `  - {services: [api]}
  - {from: 2036-12-01T22:00:00Z}
  - {to: 2036-12-01T22:00:00Z, time_zone: Europe/Berlin}
  - {duration: 2h}
  - {cron: 0 2 * * 0}
  - {cron: 0 2 * * 0, duration: 2h, from: 2036-12-01T22:00:00Z, to: 2036-12-02T22:00:00Z}`,
    `config.yaml:5:5: error: maintenance[0]: does not say when it is. Write from and to, or cron and duration
config.yaml:6:5: error: maintenance[1].to: is missing. Add it
config.yaml:7:5: error: maintenance[2].from: is missing. Add it
config.yaml:7:43: error: maintenance[2].time_zone: is for cron. Take it out
config.yaml:8:5: error: maintenance[3].cron: is missing. Add it
config.yaml:9:5: error: maintenance[4].duration: is missing. Add it
config.yaml:10:43: error: maintenance[5].from: cannot stand beside cron. Take it out
config.yaml:10:69: error: maintenance[5].to: cannot stand beside cron. Take it out`,
  ));

test('it ends after it begins, and not long ago', async () => {
  await check(
    `  - {from: 2036-12-01T22:00:00Z, to: 2036-12-01T23:00:00+02:00}
  - {from: 2025-12-01T22:00:00Z, to: 2025-12-01T23:00:00Z}`,
    `config.yaml:5:38: error: maintenance[0].to: is not after from. Write when it is over
config.yaml:6:38: warning: maintenance[1].to: is in the past. Take the entry out`,
  );
});

test('a cron expression has five fields, each with what it may hold', () =>
  check(
    `  - {cron: 0 2 * *, duration: 1h}
  - {cron: "@daily", duration: 1h}
  - {cron: 0 0 2 * * 0, duration: 1h}
  - {cron: 60 2 * * 0, duration: 1h}
  - {cron: 0 2 * * sunday, duration: 1h}
  - {cron: 0 5-3 * * *, duration: 1h}
  - {cron: 0 2 30 2 *, duration: 1h}
  - {cron: 5, duration: 1h}
  - {cron: "0 2 31 2,4,6,9,11 *", duration: 1h}`,
    `config.yaml:5:12: error: maintenance[0].cron: must be 5 fields with a space between them. Write minute, hour, day of month, month and day of week, such as 0 2 * * 0
config.yaml:6:12: error: maintenance[1].cron: must be 5 fields with a space between them. Write minute, hour, day of month, month and day of week, such as 0 2 * * 0
config.yaml:7:12: error: maintenance[2].cron: must be 5 fields with a space between them. Write minute, hour, day of month, month and day of week, such as 0 2 * * 0
config.yaml:8:12: error: maintenance[3].cron: is no cron expression: Invalid value for minute: 60. Write it like 0 2 * * 0
config.yaml:9:12: error: maintenance[4].cron: is no cron expression: configuration entry 5 (0day) contains illegal characters. Write it like 0 2 * * 0
config.yaml:10:12: error: maintenance[5].cron: is no cron expression: From value is larger than to value: '5-3'. Write it like 0 2 * * 0
config.yaml:11:12: error: maintenance[6].cron: never comes. Look at its day and month
config.yaml:12:12: error: maintenance[7].cron: must be 5 fields with a space between them. Write minute, hour, day of month, month and day of week, such as 0 2 * * 0
config.yaml:13:12: error: maintenance[8].cron: never comes. Look at its day and month`,
  ));

test('there is an hour from one beginning to the next', () =>
  check(
    `  - {cron: "* * * * *", duration: 1m}
  - {cron: "0,30 2 1 * *", duration: 1m}
  - {cron: "59,0 * * * *", duration: 1m}`,
    `config.yaml:5:12: error: maintenance[0].cron: begins again within an hour. Let it begin less often, and last longer
config.yaml:6:12: error: maintenance[1].cron: begins again within an hour. Let it begin less often, and last longer
config.yaml:7:12: error: maintenance[2].cron: begins again within an hour. Let it begin less often, and last longer`,
  ));

test('it is over before it begins again, and no longer than a week', () =>
  check(
    `  - {cron: 0 * * * *, duration: 2h}
  - {cron: "0 */5 * * *", duration: 4h1m}
  - {cron: "0 22 1,2 * *", duration: 2d}
  - {cron: 0 2 * * 0, duration: 8d}
  - {cron: 0 2 * * 0, duration: 30s}`,
    `config.yaml:5:12: error: maintenance[0].cron: begins again before duration is over. Make duration shorter
config.yaml:6:12: error: maintenance[1].cron: begins again before duration is over. Make duration shorter
config.yaml:7:12: error: maintenance[2].cron: begins again before duration is over. Make duration shorter
config.yaml:8:33: error: maintenance[3].duration: must be from 1m to 7d. Write seconds (30) or a text such as 30s, 5m or 2h30m
config.yaml:9:33: error: maintenance[4].duration: must be from 1m to 7d. Write seconds (30) or a text such as 30s, 5m or 2h30m`,
  ));

test('a time zone has a name that is known', () =>
  check(
    `  - {cron: 0 2 * * 0, duration: 1h, time_zone: Europe/Atlantis}
  - {cron: 0 2 * * 0, duration: 1h, time_zone: "+02:00"}`,
    `config.yaml:5:48: error: maintenance[0].time_zone: is no known time zone. Write an IANA name such as Europe/Berlin
config.yaml:6:48: error: maintenance[1].time_zone: is no known time zone. Write an IANA name such as Europe/Berlin`,
  ));

test('a misspelt key would make it about everything, so it is an error', () =>
  check(
    '  - {service: api, from: 2036-12-01T22:00:00Z, to: 2036-12-02T22:00:00Z}',
    'config.yaml:5:6: error: maintenance[0].service: no such key. Did you mean services?',
  ));

test('nobody and nowhere are no maintenance', () =>
  check(
    `  - {services: [], environments: [], cron: 0 2 * * 0, duration: 1h}
  - {services: api, cron: 0 2 * * 0, duration: 1h}
  - {reason: ${'x'.repeat(201)}, cron: 0 2 * * 0, duration: 1h}
  - now`,
    `config.yaml:5:6: error: maintenance[0].services: is empty. Write "*" for all
config.yaml:5:20: error: maintenance[0].environments: is empty. Write "*" for all
config.yaml:6:16: error: maintenance[1].services: must be a list. Begin each entry with a dash and a space
config.yaml:7:14: error: maintenance[2].reason: is longer than 200 characters
config.yaml:8:5: error: maintenance[3]: must be a section of keys and values. Write its keys below it, indented: services, environments, from, to, cron, duration, time_zone, reason`,
  ));

test('there is a list of entries, and it has an end', async () => {
  const count = limits.maintenanceMax + 1;
  await check(
    '  - {cron: 0 2 * * 0, duration: 1h}\n'.repeat(count),
    `config.yaml:4:1: error: maintenance: has ${count} entries, more than 200. Use * and cron to need fewer`,
  );
  await check(
    '  services: [api]',
    'config.yaml:4:1: error: maintenance: must be a list. Begin each entry with a dash and a space',
  );
});

test('once, with what is to be told', () =>
  check(
    `  - services: [ap*, api]
    environments: [production]
    from: 2036-12-01T22:00:00+01:00
    to: 2036-12-02 02:00:00.5Z
    reason: new disks`,
    [
      {
        services: ['ap*', 'api'],
        environments: ['production'],
        reason: 'new disks',
        fromMs: Date.parse('2036-12-01T21:00:00Z'),
        toMs: Date.parse('2036-12-02T02:00:00Z'),
      },
    ],
  ));

test('again and again, in the time of a zone', () =>
  check(
    `  - {cron: "  0 2  * * sun", duration: 2h, time_zone: Europe/Berlin}
  - {cron: 0 0 * * *, duration: 1d}`,
    [
      { ...everything, cron: '0 2 * * sun', durationMs: 7_200_000, timeZone: 'Europe/Berlin' },
      { ...everything, cron: '0 0 * * *', durationMs: 86_400_000, timeZone: 'UTC' },
    ],
  ));

test('without the section there is none, and a collector alone has it, too', async () => {
  await check('', []);
  const entry = 'maintenance: [{cron: 0 2 * * 0, duration: 1h}]\n';
  const { config, lines } = await loadBy(loadCollectConfig, { 'config.yaml': entry });
  expect(lines).toBe('');
  expect(config?.maintenance).toHaveLength(1);
});
