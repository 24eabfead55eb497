/**
 * What the page shows, as data: `/state.json` prints it, the page draws it.
 *
 * Derived anew from what was heard, read and sent whenever somebody looks. Tokens are in it decoded, never as sent.
 */
import { type Level, worstOf } from '../pages/level.ts';
import type { DashboardRequest } from './dashboard.ts';
import type { Accepted } from './incident-store.ts';
import type { NumbersByTarget } from './numbers.ts';
import type { Readings } from './readings.ts';
import type { Position } from './scenario.ts';
import type { Story, TargetName } from './story.ts';
import { type ServiceView, viewService } from './view-service.ts';

export type IncidentView = TargetName & {
  readonly id: number;
  /** What the dashboard was told, and when it was told something else. */
  readonly levels: readonly { readonly timeMs: number; readonly status: number }[];
  readonly reports: number;
  readonly lastMs: number;
  /** Reports still come. */
  readonly isOpen: boolean;
};

export type View = {
  readonly nowMs: number;
  /** The worst of all decides. */
  readonly worst: Level;
  readonly services: readonly ServiceView[];
  /** Newest first. */
  readonly incidents: readonly IncidentView[];
  /** Newest first. */
  readonly requests: readonly RequestView[];
  readonly counts: {
    /** Requests that the shop has sent to the collector. */
    readonly measured: number;
    readonly read: number;
    readonly sent: number;
    readonly refused: number;
    readonly stored: number;
  };
  readonly story: Position & { readonly durationMs: number };
  readonly isDashboardDown: boolean;
};

export type RequestView = Pick<
  DashboardRequest,
  'number' | 'timeMs' | 'method' | 'path' | 'service' | 'body' | 'token' | 'answered' | 'answer' | 'key'
> & {
  /** Of the token; '' where it names none. */
  readonly environment: string;
  /** 2 for the second request with the same `Idempotency-Key`, and so on. */
  readonly attempt: number;
};

export type World = {
  readonly nowMs: number;
  readonly pollIntervalMs: number;
  readonly story: Story;
  readonly position: Position;
  readonly readings: Readings;
  readonly numbers: NumbersByTarget;
  readonly measured: number;
  readonly posts: readonly DashboardRequest[];
  readonly accepted: readonly Accepted[];
};

const incidentsShown = 8;
const requestsShown = 12;
/** Without a report for so many polls, an incident is taken for over. */
const quietPolls = 6;

export function look(world: World): View {
  const services = world.story.cast.map(({ target }) => viewService(target, world));
  const refused = world.posts.filter((post) => !isTaken(post));
  return {
    nowMs: world.nowMs,
    worst: worstOf(services),
    services,
    incidents: viewIncidents(world).slice(0, incidentsShown),
    requests: viewRequests(world.posts).slice(0, requestsShown),
    counts: {
      measured: world.measured,
      read: world.readings.count,
      sent: world.posts.at(-1)?.number ?? 0,
      refused: refused.length,
      stored: world.accepted.at(-1)?.id ?? 0,
    },
    story: { ...world.position, durationMs: world.story.durationMs },
    isDashboardDown: (world.posts.at(-1)?.answered ?? 200) >= 500,
  };
}

/** Folds the reports about one target that follow one another into an incident. */
function viewIncidents({ accepted, nowMs, pollIntervalMs }: World): IncidentView[] {
  const quietMs = quietPolls * pollIntervalMs;
  const incidents: IncidentView[] = [];
  const newest = new Map<string, number>();
  for (const report of accepted) {
    const key = JSON.stringify([report.service, report.environment]);
    const index = newest.get(key);
    const known = index === undefined ? undefined : incidents[index];
    if (index !== undefined && known && report.atMs - known.lastMs <= quietMs) {
      incidents[index] = follow(known, report, nowMs - report.atMs <= quietMs);
    } else {
      newest.set(key, incidents.length);
      incidents.push(begin(report, nowMs - report.atMs <= quietMs));
    }
  }
  return incidents.reverse();
}

function begin(report: Accepted, isOpen: boolean): IncidentView {
  const { id, service, environment, status, atMs } = report;
  const levels = [{ timeMs: atMs, status }];
  return { id, service, environment, levels, reports: 1, lastMs: atMs, isOpen };
}

function follow(known: IncidentView, report: Accepted, isOpen: boolean): IncidentView {
  const { status, atMs } = report;
  const isSame = known.levels.at(-1)?.status === status;
  const levels = isSame ? known.levels : [...known.levels, { timeMs: atMs, status }];
  return { ...known, levels, reports: known.reports + 1, lastMs: atMs, isOpen };
}

function viewRequests(posts: readonly DashboardRequest[]): RequestView[] {
  const attempts = new Map<string, number>();
  return posts
    .map(({ number, timeMs, method, path, service, body, token, answered, answer, key }): RequestView => {
      const attempt = (attempts.get(key ?? `#${number}`) ?? 0) + 1;
      attempts.set(key ?? `#${number}`, attempt);
      const environment = String(token.claims?.['environment'] ?? '');
      return {
        number,
        timeMs,
        method,
        path,
        service,
        environment,
        body,
        token,
        answered,
        answer,
        key,
        attempt,
      };
    })
    .reverse();
}

function isTaken({ answered }: DashboardRequest): boolean {
  return answered !== undefined && answered < 400;
}
