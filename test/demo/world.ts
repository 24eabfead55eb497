/** What the page is drawn from, as a test wants it. */
import { type Deeds, noDeeds } from '../../src/demo/account.ts';
import type { DashboardRequest } from '../../src/demo/dashboard.ts';
import { Readings } from '../../src/demo/readings.ts';
import type { Story } from '../../src/demo/story.ts';
import { look, type View, type World } from '../../src/demo/view.ts';
import type { IncidentView, StatusPageRequest, StatusPageView } from '../../src/demo/view-status-page.ts';
import type { Reading } from '../../src/model/reading.ts';
import type { Status } from '../../src/model/status.ts';
import { targetKey } from '../../src/model/target.ts';

export const nowMs = Date.parse('2026-01-20T12:00:00Z');
const search = { service: 'search', environment: 'production' };

const head = { method: 'GET', rawUrl: '', query: {}, headers: {}, socket: 1, remotePort: 1, inFlight: 1 };

/** What the reporter heard about one target: a level, or why there is none. */
export function reading(level: Status | undefined, target = search, changes: object = {}): Reading {
  const about = {
    ...target,
    key: targetKey(target.service, target.environment),
    component: target.service,
    attributes: {},
    ids: {},
    flags: [],
  };
  return level === undefined
    ? { target: about, status: undefined, reason: 'stale', detail: 'the newest point is 5 s old', ...changes }
    : { target: about, status: level, timeMs: nowMs, evidence: { triggered: [] }, ...changes };
}

/** One reading every two seconds, the last one now. */
export function heard(
  levels: readonly (Status | undefined)[],
  target = search,
  readings = new Readings(),
): Readings {
  levels.forEach((level, i) => {
    readings.hear(reading(level, target), nowMs - (levels.length - 1 - i) * 2_000);
  });
  return readings;
}

export function post(changes: Partial<DashboardRequest> = {}): DashboardRequest {
  return {
    ...head,
    method: 'POST',
    path: '/api/incidents',
    number: 1,
    timeMs: nowMs,
    body: '{"service":"search"}',
    service: 'search',
    key: 'k',
    token: {
      header: { alg: 'HS256', typ: 'JWT' },
      claims: { ...search, status: 1, timestamp: nowMs / 1000 },
      verified: true,
      problem: undefined,
    },
    fault: undefined,
    reasons: [],
    accepted: true,
    answered: 201,
    answer: '{"id":1}',
    ...changes,
  };
}

export function deeds(changes: Partial<Deeds> = {}): Deeds {
  return { ...noDeeds, ...changes };
}

/** Opened a minute ago, worse half a minute later, and open still. */
export function incident(changes: Partial<IncidentView> = {}): IncidentView {
  return {
    id: 1,
    title: 'Found by monitoring',
    components: ['Search'],
    isOfHuman: false,
    updates: [
      { timeMs: nowMs - 60_000, level: 1, text: 'The incident is detected.' },
      { timeMs: nowMs - 30_000, level: 2, text: 'impact changed from 1 to 2' },
    ],
    sinceMs: nowMs - 60_000,
    endMs: undefined,
    deeds: deeds({ opened: 1, worsened: 1 }),
    ...changes,
  };
}

export function told(changes: Partial<StatusPageRequest> = {}): StatusPageRequest {
  return {
    number: 1,
    timeMs: nowMs,
    method: 'POST',
    path: '/v2/events',
    body: '{"impact":1}',
    answered: 200,
    answer: '{"result":[]}',
    deed: 'opened',
    components: ['Search'],
    level: 1,
    token: {
      header: { alg: 'HS256', typ: 'JWT' },
      claims: { stackmon: 'dummy' },
      verified: true,
      problem: undefined,
    },
    ...changes,
  };
}

export function statusPage(changes: Partial<StatusPageView> = {}): StatusPageView {
  return {
    components: [{ name: 'Search', level: 0 }],
    open: [],
    closed: [],
    requests: [],
    told: deeds(),
    failed: 0,
    isAway: false,
    ...changes,
  };
}

/** A story in which nothing happens. */
export function about(targets: readonly (typeof search)[]): Story {
  const traffic = { perSecond: 1, latencyMs: 1, errorShare: 0, path: '/' };
  return { durationMs: 10_000, cast: targets.map((target) => ({ target, traffic })), steps: [] };
}

export function view(changes: Partial<World> = {}): View {
  return look({
    nowMs,
    story: about([search]),
    position: { atMs: 1_000, rounds: 0, last: undefined, next: undefined },
    readings: new Readings(),
    numbers: new Map(),
    measured: 0,
    posts: [],
    stored: 0,
    statusPage: statusPage(),
    ...changes,
  });
}
