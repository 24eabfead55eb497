/** What `--dry-run` shows: every request that would change something, as far as it is known without asking. */
import { expect, test } from 'vitest';
import { stage } from './stage.ts';

const place = 'http://127.0.0.1:9';
const one = '[{name: api, component: API, ids: {page: "7"}}]';

/** Degraded, then an outage, degraded again, and recovered. */
async function check(section: string, expected: readonly string[]): Promise<void> {
  const { walk, previews } = await stage(section.replace('}', `, url: "${place}", mode: record}`), one);
  await walk(1, 2, 1, 0);
  expect(previews.map(({ target, body }) => `${target.replace(place, '')} ${body}`)).toEqual(expected);
}

const meta =
  '"meta":{"cloudmon_reporter":"cloudmon-reporter","cloudmon_target":"api/production","cloudmon_since":"2026-01-20T12:00:00Z"}';
const said = (status: number, message: string) =>
  `POST /api/incidents/{id}/updates {"status":${status},"message":"${message}"}`;

test('cachet, version 3: the component, what is said, and the end', () =>
  check('{kind: cachet, token: t}', [
    `POST /api/incidents {"name":"Problem with API","status":1,"message":"API is degraded.","visible":true,"notifications":false,"components":[{"id":7,"status":2}],${meta}}`,
    'PUT /api/components/7 {"status":4}',
    said(1, 'API has an outage.'),
    'PUT /api/components/7 {"status":2}',
    said(1, 'API is degraded.'),
    'PUT /api/components/7 {"status":1}',
    said(4, 'API has recovered.'),
    'PUT /api/incidents/{id} {"status":4}',
  ]));

test('cachet, version 2: the component is set with its incident', () => {
  const set = (status: number) =>
    `PUT /api/v1/incidents/{id} {"status":1,"visible":1,"stickied":false,"notify":false,"component_id":7,"component_status":${status}}`;
  const saidOn2 = (status: number, message: string) => said(status, message).replace('/api', '/api/v1');
  return check('{kind: cachet, token: t, version: 2}', [
    `POST /api/v1/incidents {"name":"Problem with API","message":"API is degraded.","status":1,"visible":1,"component_id":7,"component_status":2,"notify":false,"stickied":false,${meta}}`,
    set(4),
    saidOn2(1, 'API has an outage.'),
    set(2),
    saidOn2(1, 'API is degraded.'),
    set(1),
    saidOn2(4, 'API has recovered.'),
  ]);
});

test('stackmon-v2: what becomes less bad, or is over, changes its event', () => {
  const opening = (impact: number) =>
    `POST /v2/events {"title":"System incident from monitoring system","description":"System-wide incident affecting one or multiple components. Created automatically.","impact":${impact},"components":[7],"start_date":"2026-01-20T12:00:00Z","system":true,"type":"incident"}`;
  return check('{kind: stackmon-v2, secret: s}', [
    opening(1),
    opening(2),
    'PATCH /v2/events/{id} {"impact":1,"status":"impact changed","message":"The monitoring system has changed the impact to 1.","update_date":"2026-01-20T12:02:00Z"}',
    'PATCH /v2/events/{id} {"status":"resolved","message":"Recovered: the monitoring system has closed the incident.","update_date":"2026-01-20T12:03:00Z"}',
  ]);
});

test('alertmanager: the alert with another severity ends with the same request', async () => {
  const { walk, previews } = await stage(`{kind: alertmanager, url: "${place}", mode: record}`, one);
  await walk(1, 2, 0);
  const alerts = previews.map(({ body }) =>
    (JSON.parse(body) as { labels: { severity: string }; endsAt: string }[]).map(
      ({ labels, endsAt }) => `${labels.severity} ${endsAt}`,
    ),
  );
  expect(alerts).toEqual([
    ['warning 2026-01-20T12:05:00Z'],
    ['warning 2026-01-20T12:01:00Z', 'critical 2026-01-20T12:06:00Z'],
    ['critical 2026-01-20T12:02:00Z'],
  ]);
});
