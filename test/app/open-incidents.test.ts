/** What `status` says of each way in which a target can stand at a dashboard. */
import { expect, test } from 'vitest';
import { undecidedDashboards, unownedIncidents } from '../../src/app/noticed.ts';
import { type Hold, openIncidents, underMaintenance } from '../../src/app/open-incidents.ts';
import { loadConfig } from '../../src/config/load.ts';
import { pageMark } from '../../src/config/page-mark.ts';
import type { KindSettings } from '../../src/dashboards/kinds.ts';
import { openMaintenance } from '../../src/maintenance/windows.ts';
import type { AlarmStatus } from '../../src/model/status.ts';
import { targetKey } from '../../src/model/target.ts';
import { pageName, placeKey } from '../../src/reporter/place.ts';
import type { Saved } from '../../src/reporter/saved.ts';
import { file } from '../process/program.ts';

const nowMs = Date.parse('2026-01-20T12:00:00Z');
const minuteMs = 60_000;
const ago = (minutes: number) => nowMs - minutes * minuteMs;

const yaml = (more = '') => `
convertor: {url: "http://127.0.0.1:1"}
dashboards:
  public: {kind: console, open_after: 3}
  shadow: {kind: console, mode: record, open_after: 2m}
  silenced: {kind: console, mode: paused}
  narrow: {kind: console, match: {services: [web]}}
reporter:
  services: [{name: api, environment: production, component: API}, {name: web, environment: production}]
${more}`;

const ofConsole = pageMark({ kind: 'console', url: '' } as KindSettings);

const keyOf = (name: string, service = 'api', isRecord = false, mark = ofConsole) =>
  placeKey(pageName({ name, mark }, isRecord), targetKey(service, 'production'));

const incident = (dashboard: string, service = 'api') => ({
  id: 'an-id',
  dashboard,
  sinceMs: ago(10),
  member: { key: targetKey(service, 'production'), service, environment: 'production', component: 'Was' },
});
const told = (status: AlarmStatus) => ({ status, atMs: ago(9) });

async function known(more?: string) {
  const { config } = await loadConfig([file(yaml(more))], {});
  if (!config) throw new Error('the configuration loads');
  return { config, windows: await openMaintenance(config.maintenance), nowMs };
}

async function rows(kept: Readonly<Record<string, unknown>>, more?: string) {
  return openIncidents(new Map(Object.entries(kept)), await known(more));
}

/** The row that one standing becomes, in a few words. */
async function check(
  key: string,
  saved: Saved,
  expected: readonly [...row: string[], why: string],
  more?: string,
) {
  const [row] = await rows({ [key]: saved }, more);
  if (!row) throw new Error('there is a row');
  const held = row.held.map(({ why }) => why).join(' ');
  expect([row.dashboard, row.component, row.word, row.told ?? 'never', row.reference ?? '-', held]).toEqual(
    expected,
  );
}

const toldAt = '2026-01-20T11:51:00Z';
const failed = { reason: 'timeout', text: 'no answer in time', sinceMs: ago(4) } as const;

test('an incident on a page that went by the name before', () =>
  check(keyOf('public', 'api', false, 'before'), { incident: incident('public'), told: told(2) }, [
    'public',
    'API',
    'outage',
    toldAt,
    '-',
    'removed',
  ]));

test('an incident that the dashboard took', () =>
  check(keyOf('public'), { incident: incident('public'), told: told(2), reference: 'p8x' }, [
    'public',
    'API',
    'outage',
    toldAt,
    'p8x',
    '',
  ]));

test('one whose delivery fails', async () => {
  const saved: Saved = { incident: incident('public'), told: told(1), trouble: failed };
  await check(keyOf('public'), saved, ['public', 'API', 'degraded', toldAt, '-', 'failing']);
  const [row] = await rows({ [keyOf('public')]: saved });
  expect(row?.held).toEqual([
    {
      why: 'failing',
      text: 'fails since 2026-01-20T11:56:00Z: timeout: no answer in time',
      since: '2026-01-20T11:56:00Z',
      reason: 'timeout',
    } satisfies Hold,
  ]);
});

test('one that was never taken', () => {
  const intended = { key: 'k', type: 'open', status: 3 } as const;
  const saved: Saved = { incident: incident('public'), intended: [intended] };
  return check(keyOf('public'), saved, ['public', 'API', 'critical', 'never', '-', 'unanswered']);
});

test('one that may have been taken', () => {
  const saved: Saved = {
    incident: incident('public'),
    told: told(1),
    doubts: [{ key: 'k', type: 'open', status: 1 }],
  };
  return check(keyOf('public'), saved, ['public', 'API', 'degraded', toldAt, '-', 'unanswered']);
});

test('one that waits for open_after', async () => {
  const above = { firstMs: ago(1), newestMs: ago(1), readings: 1 };
  const saved: Saved = { above, level: { status: 1, sinceMs: ago(1) } };
  await check(keyOf('public'), saved, ['public', 'API', 'degraded', 'never', '-', 'open_after']);
  const [row] = await rows({ [keyOf('shadow', 'api', true)]: saved });
  expect(row?.since).toBe('2026-01-20T11:59:00Z');
  expect(row?.held.map(({ text }) => text)).toEqual([
    'waits for open_after (2m)',
    'only recorded (mode record)',
  ]);
});

test('one under maintenance', () =>
  check(
    keyOf('public'),
    { incident: incident('public'), told: told(2) },
    ['public', 'API', 'outage', toldAt, '-', 'maintenance'],
    'maintenance: [{services: [api], from: 2026-01-20T11:00:00Z, to: 2026-01-20T13:00:00Z}]',
  ));

const heldKey = JSON.stringify(['held', targetKey('api', 'production')]);
const held = (minutes: number) => ({ service: 'api', environment: 'production', untilMs: ago(-minutes) });

test('one under maintenance that the convertor announced, until it is over', async () => {
  const saved: Saved = { incident: incident('public'), told: told(2) };
  const [before] = await rows({ [keyOf('public')]: saved, [heldKey]: held(5) });
  expect(before?.held.map(({ text }) => text)).toEqual(['under maintenance until 2026-01-20T12:05:00Z']);
  const [after] = await rows({ [keyOf('public')]: saved, [heldKey]: held(0) });
  expect(after?.held).toEqual([]);
});

test('who is under maintenance is listed, whether or not something is open', async () => {
  const configured =
    'maintenance: [{services: [web], from: 2026-01-20T11:00:00Z, to: 2026-01-20T13:00:00Z, reason: disks}]';
  const kept = new Map([[heldKey, { ...held(5), reason: 'network' }]]);
  expect(underMaintenance(kept, await known(configured))).toEqual([
    { service: 'api', environment: 'production', until: '2026-01-20T12:05:00Z', reason: 'network' },
    { service: 'web', environment: 'production', until: '2026-01-20T13:00:00Z', reason: 'disks' },
  ]);
});

test('one that is better and waits for close_after', async () => {
  const below = { firstMs: ago(1), newestMs: ago(1), readings: 1 };
  const level = { status: 0, sinceMs: ago(1) } as const;
  const saved: Saved = { incident: incident('public'), told: told(2), below, level };
  await check(keyOf('public'), saved, ['public', 'API', 'outage', toldAt, '-', 'close_after']);
  const [row] = await rows({ [keyOf('public')]: saved });
  expect([row?.now, row?.held[0]?.text]).toEqual([
    'healthy',
    'better since 2026-01-20T11:59:00Z: waits for close_after (1 reading)',
  ]);
  const sent = { key: 'k', type: 'close', status: 2 } as const;
  const [closing] = await rows({ [keyOf('public')]: { ...saved, intended: [sent] } });
  expect(closing?.held.map(({ text }) => text)).toEqual(['its end was sent and is not answered yet']);
  await check(keyOf('public'), { ...saved, trouble: failed }, [
    'public',
    'API',
    'outage',
    toldAt,
    '-',
    'failing',
  ]);
});

test('one whose end the dashboard puts off', async () => {
  const below = { firstMs: ago(1), newestMs: ago(1), readings: 1 };
  const saved: Saved = { incident: incident('public'), told: told(2), below, suppressed: 'others are down' };
  await check(keyOf('public'), saved, ['public', 'API', 'outage', toldAt, '-', 'suppressed']);
  const [row] = await rows({ [keyOf('public')]: saved });
  expect(row?.held[0]?.text).toBe('the dashboard does not show it yet: others are down');
});

test('what was only recorded is not listed once the dashboard is told', async () => {
  const saved: Saved = { incident: incident('public'), told: told(2) };
  expect(await rows({ [keyOf('public', 'api', true)]: saved })).toEqual([]);
});

test('one on a dashboard that is paused, and one that is only recorded', async () => {
  const saved = (name: string): Saved => ({ incident: incident(name), told: told(2) });
  await check(keyOf('silenced'), saved('silenced'), ['silenced', 'API', 'outage', toldAt, '-', 'paused']);
  await check(keyOf('shadow', 'api', true), saved('shadow'), [
    'shadow',
    'API',
    'outage',
    toldAt,
    '-',
    'record',
  ]);
});

test('one whose dashboard or target is no longer configured keeps the name that it had', async () => {
  const gone = { incident: incident('gone'), told: told(2) };
  await check(keyOf('gone'), gone, ['gone', 'API', 'outage', toldAt, '-', 'removed']);
  const old = { incident: incident('public', 'old'), told: told(2) };
  await check(keyOf('public', 'old'), old, ['public', 'Was', 'outage', toldAt, '-', 'removed']);
  const narrowed = { incident: incident('narrow'), told: told(2), leftMs: ago(3) };
  await check(keyOf('narrow'), narrowed, ['narrow', 'API', 'outage', toldAt, '-', 'removed']);
  const [row] = await rows({ [keyOf('narrow')]: narrowed });
  expect(row?.held).toEqual([
    {
      why: 'removed',
      text: 'match of the dashboard leaves it out: left as it is',
      since: '2026-01-20T11:57:00Z',
    },
  ]);
});

test('rows are sorted, and what is no standing is no row', async () => {
  const saved = (name: string, service: string) => ({ incident: incident(name, service), told: told(1) });
  const found = await rows({
    [keyOf('silenced')]: saved('silenced', 'api'),
    [keyOf('public', 'web')]: saved('public', 'web'),
    [keyOf('public')]: saved('public', 'api'),
    [JSON.stringify(['unowned', 'public'])]: [{ reference: 'x', title: 'Fire' }],
    [JSON.stringify(['held', 'public'])]: {},
    [JSON.stringify(['something', 'of', 'later'])]: 5,
    [keyOf('shadow')]: {},
  });
  expect(found.map(({ dashboard, service }) => `${dashboard} ${service}`)).toEqual([
    'public api',
    'public web',
    'silenced api',
  ]);
});

test('what is not ours is listed by dashboard', () => {
  const kept = new Map<string, unknown>([
    [keyOf('public'), { incident: incident('public'), told: told(1) }],
    [JSON.stringify(['unowned', 'public']), [{ reference: 'x', title: 'Fire' }]],
    [JSON.stringify(['unowned', 'other']), []],
  ]);
  expect(unownedIncidents(kept)).toEqual([
    { dashboard: 'public', incidents: [{ reference: 'x', title: 'Fire' }] },
  ]);
});

test('what waits on a dashboard that is paused is paused, and waits for nothing', async () => {
  const streak = { firstMs: ago(1), newestMs: ago(1), readings: 1 };
  const better: Saved = { incident: incident('silenced'), told: told(2), below: streak };
  await check(keyOf('silenced'), better, ['silenced', 'API', 'outage', toldAt, '-', 'paused']);
  const worse: Saved = { above: streak, level: { status: 1, sinceMs: ago(1) } };
  await check(keyOf('silenced'), worse, ['silenced', 'API', 'degraded', 'never', '-', 'paused']);
});

test('a dashboard whose kind is not known is listed, and nothing that makes no sense', () => {
  const kept = new Map<string, unknown>([
    [JSON.stringify(['undecided', 'page']), { why: 'answered 503' }],
    [JSON.stringify(['undecided', 'other']), { why: 5 }],
    [JSON.stringify(['undecided', 'third']), null],
  ]);
  expect(undecidedDashboards(kept)).toEqual([{ dashboard: 'page', why: 'answered 503' }]);
});
