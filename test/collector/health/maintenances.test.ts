/** `/v1/maintenances`: what is under way, and what comes within a week. */
import { expect, test } from 'vitest';
import { maintenancesRoute } from '../../../src/collector/health/maintenances-page.ts';
import type { HealthRules } from '../../../src/collector/health/rules.ts';
import type { Maintenance } from '../../../src/maintenance/settings.ts';
import { openMaintenance } from '../../../src/maintenance/windows.ts';
import { limits } from '../../../src/model/limits.ts';
import { FakeClock } from '../../fake-clock.ts';
import { noonMs, stage } from './stage.ts';

const everything = { services: ['*'], environments: ['*'] };
const hourMs = 3_600_000;

/** Services that can be asked about in `environments`. */
function rulesOf(
  services: readonly string[],
  environments: readonly { name: string; region?: string }[],
): HealthRules {
  return {
    datasource: { type: 'embedded' },
    services: services.map((key) => ({
      key,
      category: '',
      metrics: [],
      environments: environments.map((each) => ({ ...each, flags: [] })),
      expressions: [],
    })),
    onMissing: 'no_data',
  };
}

const apiAndWeb = rulesOf(['api', 'web'], [{ name: 'production', region: 'EU-DE' }, { name: 'staging' }]);

async function listOf(
  rules: HealthRules | undefined,
  list: readonly Maintenance[],
): Promise<readonly object[]> {
  const windows = openMaintenance(list);
  const page = await stage(rules, { maintenance: () => windows }).get('/v1/maintenances', 'region=x');
  expect(page.status).toBe(200);
  return JSON.parse(String(page.body));
}

test('without maintenance, and without services, the list is empty', async () => {
  expect(await listOf(apiAndWeb, [])).toEqual([]);
  const always = { ...everything, fromMs: 0, toMs: noonMs + hourMs };
  expect(await listOf(undefined, [always])).toEqual([]);
});

test('what is over, and what comes in more than a week, is left out', async () => {
  const at = (fromMs: number, toMs: number): Maintenance => ({
    services: ['api'],
    environments: ['staging'],
    fromMs: noonMs + fromMs,
    toMs: noonMs + toMs,
  });
  const week = 7 * 24 * hourMs;
  const list = [at(-2 * hourMs, 0), at(-hourMs, 1), at(week - 1, week + hourMs), at(week, week + hourMs)];
  expect(await listOf(apiAndWeb, list)).toEqual([
    {
      service: 'api',
      region: 'staging',
      start: '2026-01-20T11:00:00Z',
      end: '2026-01-20T12:00:00Z',
      reason: '',
    },
    {
      service: 'api',
      region: 'staging',
      start: '2026-01-27T11:59:59Z',
      end: '2026-01-27T13:00:00Z',
      reason: '',
    },
  ]);
});

test('it is told of every service and region that it is about, in the order in which it begins', async () => {
  const list: readonly Maintenance[] = [
    {
      services: ['*'],
      environments: ['prod*'],
      cron: '0 2 * * 0',
      durationMs: 2 * hourMs,
      timeZone: 'Europe/Berlin',
      reason: 'new disks',
    },
    { services: ['web'], environments: ['staging'], fromMs: noonMs - hourMs, toMs: noonMs + hourMs },
  ];
  const sunday = {
    region: 'EU-DE',
    start: '2026-01-25T01:00:00Z',
    end: '2026-01-25T03:00:00Z',
    reason: 'new disks',
  };
  expect(await listOf(apiAndWeb, list)).toEqual([
    {
      service: 'web',
      region: 'staging',
      start: '2026-01-20T11:00:00Z',
      end: '2026-01-20T13:00:00Z',
      reason: '',
    },
    { service: 'api', ...sunday },
    { service: 'web', ...sunday },
  ]);
});

test('the list has an end', async () => {
  const many = rulesOf(
    Array.from({ length: 50 }, (_, index) => `s${index}`),
    [{ name: 'production' }],
  );
  const hourly = { ...everything, cron: '0 * * * *', durationMs: 60_000, timeZone: 'UTC' };
  const list = await listOf(many, [hourly]);
  expect(list).toHaveLength(limits.maintenanceWindowsMax);
  expect(list.at(-1)).toMatchObject({ start: '2026-01-21T07:00:00Z' });
});

test('an answer is given again for a minute, unless rules or maintenance are others', async () => {
  let rules = apiAndWeb;
  let asked = 0;
  const open = async (list: readonly Maintenance[]) => {
    const windows = await openMaintenance(list);
    const between: typeof windows.between = (...given) => {
      asked++;
      return windows.between(...given);
    };
    return { ...windows, between };
  };
  const hourly = { ...everything, cron: '0 * * * *', durationMs: 60_000, timeZone: 'UTC' };
  let windows = open([hourly]);
  const clock = new FakeClock(noonMs);
  const route = maintenancesRoute({ rules: () => rules, maintenance: () => windows, clock });
  const ask = () => route({ path: '', query: '', accept: '' });
  const [first, second] = await Promise.all([ask(), ask()]);
  expect([asked, second]).toEqual([1, first]);
  await clock.advance(59_999);
  await ask();
  expect(asked).toBe(1);
  await clock.advance(1);
  await ask();
  expect(asked).toBe(2);
  rules = rulesOf(['db'], [{ name: 'production' }]);
  expect(String((await ask()).body)).toContain('db');
  windows = open([]);
  expect(String((await ask()).body).trim()).toBe('[]');
  expect(asked).toBe(4);
});
