/** What the status page of the demo shows to the public, and how it came to be told so. */
import type { Level } from '../pages/level.ts';
import { worstOf } from '../pages/level.ts';
import { type Account, type Deed, type Deeds, hasFailed } from './account.ts';
import type { DialectRequest } from './dialects/dialect.ts';
import { readSecondToken } from './dialects/stackmon-token.ts';
import type { DialectEvent } from './dialects/stackmon-v2-events.ts';
import type { StatusPage } from './status-page.ts';
import { decodeToken, type Token } from './token.ts';

export type IncidentView = {
  readonly id: number;
  readonly title: string;
  /** By name. */
  readonly components: readonly string[];
  readonly isOfHuman: boolean;
  /** Oldest first. */
  readonly updates: readonly UpdateView[];
  readonly sinceMs: number;
  readonly endMs: number | undefined;
  /** What the reporter has done about it, request by request. */
  readonly deeds: Deeds;
};

export type UpdateView = { readonly timeMs: number; readonly level: Level; readonly text: string };

export type StatusPageRequest = Pick<
  DialectRequest,
  'number' | 'timeMs' | 'method' | 'path' | 'body' | 'answered' | 'answer'
> & {
  readonly deed: Deed;
  /** The components that it is about, by name. */
  readonly components: readonly string[];
  /** What it tells; undefined where it tells of no impact. */
  readonly level: Level;
  /** Undefined where none is asked for, and none came. */
  readonly token: Token | undefined;
};

export type StatusPageView = {
  readonly components: readonly { readonly name: string; readonly level: Level }[];
  /** Newest first. */
  readonly open: readonly IncidentView[];
  /** Newest first. */
  readonly closed: readonly IncidentView[];
  /** Newest first. */
  readonly requests: readonly StatusPageRequest[];
  /** Since the start. */
  readonly told: Deeds;
  /** Of the requests, those that the page refused, or whose answer was lost. */
  readonly failed: number;
  readonly isAway: boolean;
};

const closedShown = 4;
const openShown = 12;
const requestsShown = 12;

export async function viewStatusPage(page: StatusPage, secret: string): Promise<StatusPageView> {
  const account = page.account();
  const { events, requests } = page.fake;
  const named = (id: number) => page.components.find((each) => each.id === id)?.name ?? `component ${id}`;
  const incidents = [...events]
    .sort((a, b) => b.startMs - a.startMs || b.id - a.id)
    .map((event) => viewIncident(event, account, named));
  const open = incidents.filter(({ endMs }) => endMs === undefined);
  const closed = incidents.filter(({ endMs }) => endMs !== undefined);
  return {
    components: page.components.map(({ name }) => ({ name, level: levelOf(name, open) })),
    open: open.slice(0, openShown),
    closed: closed.sort((a, b) => (b.endMs ?? 0) - (a.endMs ?? 0)).slice(0, closedShown),
    requests: await viewRequests(requests, account, named, secret),
    told: account.total,
    failed: account.failed,
    isAway: page.isAway(),
  };
}

/** What is in no incident is operational: the public is told nothing else. */
function levelOf(name: string, open: readonly IncidentView[]): Level {
  const about = open.filter(({ components }) => components.includes(name));
  const levels = about.map(({ updates }) => ({ level: updates.at(-1)?.level, isRead: true }));
  return worstOf(levels) ?? 0;
}

function viewIncident(event: DialectEvent, account: Account, named: (id: number) => string): IncidentView {
  const { id, title, components, startMs, endMs } = event;
  return {
    id,
    title,
    components: components.map(named),
    isOfHuman: account.isOfHuman(id),
    updates: updatesOf(event),
    sinceMs: startMs,
    endMs,
    deeds: account.of(id),
  };
}

function updatesOf({ updates, endMs }: DialectEvent): readonly UpdateView[] {
  const told = updates.map(({ atMs, status, impact, text }): UpdateView => {
    return { timeMs: atMs, level: status === 'resolved' ? 0 : levelOfImpact(impact), text };
  });
  // A human closes it without a word.
  const isSilent = endMs !== undefined && told.at(-1)?.level !== 0;
  return isSilent ? [...told, { timeMs: endMs, level: 0, text: 'Closed.' }] : told;
}

/** What is looked at before a change is no news, but after a request that went wrong it is why nothing is doubled. */
async function viewRequests(
  requests: readonly DialectRequest[],
  account: Account,
  named: (id: number) => string,
  secret: string,
): Promise<readonly StatusPageRequest[]> {
  const shown: Promise<StatusPageRequest>[] = [];
  for (let i = requests.length - 1; i >= 0 && shown.length < requestsShown; i--) {
    const request = requests[i];
    const entry = request && account.entry(request);
    if (!request || !entry) continue;
    if (entry.deed === 'looked' && !isAfterFailure(requests[i - 1])) continue;
    const { number, timeMs, method, path, body, answered, answer } = request;
    const { deed, impact } = entry;
    const about = { deed, components: entry.components.map(named), level: levelOfImpact(impact) };
    const seen = { number, timeMs, method, path, body, answered, answer, ...about };
    shown.push(tokenOf(request, secret).then((token) => ({ ...seen, token })));
  }
  return Promise.all(shown);
}

function isAfterFailure(before: DialectRequest | undefined): boolean {
  return before !== undefined && hasFailed(before);
}

async function tokenOf(
  { headers: { authorization }, nowMs }: DialectRequest,
  secret: string,
): Promise<Token | undefined> {
  if (authorization === undefined) return undefined;
  const verified = await readSecondToken({ authorization, secret, nowMs });
  const problem = verified ? undefined : 'the token is not good';
  return { ...decodeToken(authorization.replace(/^Bearer /, '')), verified, problem };
}

function levelOfImpact(impact: number | undefined): Level {
  return impact === 1 || impact === 2 || impact === 3 ? impact : undefined;
}
