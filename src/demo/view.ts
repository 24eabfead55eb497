/**
 * What the page shows, as data: `/state.json` prints it, the page draws it.
 *
 * Derived anew from what was heard, read and sent whenever somebody looks. Tokens are in it decoded, never as sent.
 */
import { type Level, worstOf } from '../pages/level.ts';
import type { DashboardRequest } from './dashboard.ts';
import type { NumbersByTarget } from './numbers.ts';
import type { Readings } from './readings.ts';
import type { Position } from './scenario.ts';
import type { Story } from './story.ts';
import { type ServiceView, viewService } from './view-service.ts';
import type { StatusPageView } from './view-status-page.ts';

export type View = {
  readonly nowMs: number;
  /** The worst of all decides. */
  readonly worst: Level;
  readonly services: readonly ServiceView[];
  readonly statusPage: StatusPageView;
  /** To the dashboard that cannot close, newest first. */
  readonly requests: readonly RequestView[];
  readonly counts: {
    /** Requests that the shop has sent to the collector. */
    readonly measured: number;
    readonly read: number;
    /** To the dashboard that cannot close. */
    readonly sent: number;
    readonly refused: number;
    readonly stored: number;
  };
  readonly story: Position & { readonly durationMs: number };
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
  readonly story: Story;
  readonly position: Position;
  readonly readings: Readings;
  readonly numbers: NumbersByTarget;
  readonly measured: number;
  readonly posts: readonly DashboardRequest[];
  readonly stored: number;
  readonly statusPage: StatusPageView;
};

const requestsShown = 5;

export function look(world: World): View {
  const services = world.story.cast.map(({ target }) => viewService(target, world));
  const refused = world.posts.filter((post) => !isTaken(post));
  return {
    nowMs: world.nowMs,
    worst: worstOf(services),
    services,
    statusPage: world.statusPage,
    requests: viewRequests(world.posts).slice(0, requestsShown),
    counts: {
      measured: world.measured,
      read: world.readings.count,
      sent: world.posts.at(-1)?.number ?? 0,
      refused: refused.length,
      stored: world.stored,
    },
    story: { ...world.position, durationMs: world.story.durationMs },
  };
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
