/** The kind `incidents` where it fails before anything is sent; test/process has what dashboards answer. */
import { expect, onTestFinished, test } from 'vitest';
import { openIncidents } from '../../src/dashboards/incidents/incidents.ts';
import type { IncidentsSettings } from '../../src/dashboards/incidents/settings.ts';
import { startDashboard } from '../../src/demo/dashboard.ts';
import type { Action } from '../../src/model/incident.ts';
import { Secret } from '../../src/model/secret.ts';
import { FakeClock } from '../fake-clock.ts';
import { everyPoll, targetOf } from '../reporter/cast.ts';

test('a token that cannot be signed is a failure of this dashboard, and nothing is sent', async () => {
  const dashboard = await startDashboard();
  onTestFinished(() => dashboard.stop());
  const clock = new FakeClock();
  const settings = {
    ...everyPoll,
    kind: 'incidents',
    url: dashboard.url,
    path: '/api/incidents',
    // An empty key is one that WebCrypto refuses.
    secret: new Secret(''),
    severity: { 1: 1, 2: 2, 3: 3 },
    message: { 1: 'a', 2: 'b', 3: 'c' },
    claims: {},
    timeoutMs: 1_000,
    tls: {},
  } as unknown as IncidentsSettings;
  const target = targetOf('api');
  const action: Action = {
    type: 'open',
    incident: { id: 'api', dashboard: 'default', members: [target], sinceMs: 0 },
    status: 1,
    timeMs: clock.now(),
    reading: { target, status: 1, timeMs: clock.now(), evidence: { triggered: [] } },
    idempotencyKey: 'key',
  };
  const surroundings = {
    clock,
    print: () => undefined,
    reporterId: 'reporter',
    pollIntervalMs: 60_000,
    rateOf: () => undefined,
    note: () => undefined,
  };
  const telling = { action, told: undefined, reference: undefined, isDoubted: false, isWanted: () => true };
  const told = openIncidents(settings, surroundings).tell(telling, new AbortController().signal);
  await expect(told).rejects.toMatchObject({
    code: 'dashboard.unauthorized',
    isAmbiguous: false,
    message: 'the token could not be signed with this secret',
  });
  expect(dashboard.requests).toEqual([]);
});
