/** What the page is drawn from, as a test wants it. */

import type { ConvertorRequest } from '../../src/demo/convertor.ts';
import type { DashboardRequest } from '../../src/demo/dashboard.ts';
import type { Accepted } from '../../src/demo/incident-store.ts';
import { look, type View, type World } from '../../src/demo/view.ts';

export const nowMs = Date.parse('2026-01-20T12:00:00Z');
const search = { service: 'search', environment: 'production' };

const head = { method: 'GET', rawUrl: '', query: {}, headers: {}, socket: 1, remotePort: 1, inFlight: 1 };

/** One poll every two seconds, the last one now. */
export function polls(levels: readonly (number | undefined)[], target = search): ConvertorRequest[] {
  return levels.map((level, i) => ({
    ...head,
    ...target,
    path: '/v1/health',
    number: i + 1,
    timeMs: nowMs - (levels.length - 1 - i) * 2_000,
    fault: undefined,
    state: level === undefined ? { shape: 'H' } : { status: level },
    ended: 'answered',
  }));
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

export function accepted(id: number, agoMs: number, status: number, target = search): Accepted {
  const timestamp = '2026-01-20T12:00:00Z';
  return {
    id,
    ...target,
    status,
    message: 'Service degraded',
    timestamp,
    key: undefined,
    atMs: nowMs - agoMs,
  };
}

export function view(changes: Partial<World> = {}): View {
  return look({
    nowMs,
    pollIntervalMs: 2_000,
    story: { durationMs: 10_000, targets: [search], steps: [] },
    position: { atMs: 1_000, rounds: 0, last: undefined, next: undefined },
    polls: [],
    posts: [],
    accepted: [],
    ...changes,
  });
}
