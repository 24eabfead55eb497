/** A telemetry of its own for each test, with a clock that stands still, and what it may be told. */
import type { Routes } from '../../src/http/routes.ts';
import type { Action } from '../../src/model/incident.ts';
import type { Reading } from '../../src/model/reading.ts';
import type { AlarmStatus, Status } from '../../src/model/status.ts';
import { type Target, targetKey } from '../../src/model/target.ts';
import type { DashboardFacts } from '../../src/telemetry/scene.ts';
import { openTelemetry, type TelemetryParts } from '../../src/telemetry/telemetry.ts';
import { FakeClock } from '../fake-clock.ts';

export function targetOf(service: string, environment = 'production'): Target {
  const key = targetKey(service, environment);
  return { key, service, environment, component: service, attributes: {}, ids: {}, flags: [] };
}

export function reading(target: Target, status: Status | undefined, timeMs = 0): Reading {
  if (status === undefined) return { target, status, reason: 'unreachable', detail: 'not there' };
  return { target, status, timeMs, evidence: { triggered: [] } };
}

export function actionFor(target: Target, dashboard: string, status: AlarmStatus = 1): Action {
  return {
    type: 'open',
    incident: { id: 'i', dashboard, members: [target], sinceMs: 0 },
    status,
    timeMs: 0,
    reading: { target, status, timeMs: 0, evidence: { triggered: [] } },
    idempotencyKey: 'key',
  };
}

/** Opened with these targets and dashboards, a cycle a minute. */
export function stage(
  targets: readonly Target[],
  dashboards: readonly string[] = ['default'],
  parts: Partial<Pick<TelemetryParts, 'reports' | 'collector'>> = {},
) {
  const clock = new FakeClock();
  const inFlight = new Map<string, number>();
  const telemetry = openTelemetry({
    clock,
    host: {
      version: '1.2.3',
      runtime: 'v20.19.0',
      residentBytes: () => 50_000_000,
      cpuSeconds: () => 1.5,
      openFiles: () => 20,
    },
    inFlight: () => inFlight,
    reports: true,
    ...parts,
  });
  const configure = (
    newTargets: readonly Target[],
    newDashboards: readonly (string | DashboardFacts)[] = dashboards,
    pollIntervalMs = 60_000,
  ) =>
    telemetry.configure({
      pollIntervalMs,
      targets: newTargets,
      dashboards: newDashboards.map((each) =>
        typeof each === 'string' ? { name: each, kind: 'incidents', mode: 'send' } : each,
      ),
    });
  configure(targets);
  const askAt =
    (routes: Routes) =>
    async (path: string, accept = '') => {
      const page = await routes.get(path)?.({ path, query: '', accept });
      if (!page) throw new Error(`there is no ${path}`);
      return { ...page, body: String(page.body) };
    };
  return { ...telemetry, clock, inFlight, configure, askAt, ask: askAt(telemetry.routes) };
}
