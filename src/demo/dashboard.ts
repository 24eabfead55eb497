/**
 * The fake dashboard: seed 001's `POST /api/incidents`, strict about every byte.
 *
 * Nothing is forgiven that a real dashboard might refuse, and everything that came is in
 * the ledger. A service whose name asks for a fault gets it (faults.ts).
 */
import { type DashboardQuestion, dashboardFaults } from './dashboard-faults.ts';
import { type Judged, judge, readBody } from './dashboard-rules.ts';
import { type FaultLimit, FaultSwitch } from './fault-switch.ts';
import { type DashboardFault, dashboardFaultNames, faultFor } from './faults.ts';
import { type Accepted, IncidentStore, type Memory, type Taken } from './incident-store.ts';
import { beginPeer, keptByDefault, type Peer } from './peer.ts';
import { type Exchange, json, type Reply, reply, text } from './reply.ts';
import { type Report, serviceOf } from './report.ts';
import type { Seen, ServerOptions } from './server.ts';
import { readToken, type Token } from './token.ts';

export type DashboardOptions = ServerOptions & {
  /** Absent: no token is asked for. */
  readonly secret?: string;
  /** Default `keyed`. */
  readonly memory?: Memory;
  /** Default `/api/incidents`. */
  readonly path?: string;
};

/** One request, as the dashboard saw it. */
export type DashboardRequest = Seen & {
  /** Byte for byte. */
  readonly body: string;
  /** Of the body; '' where it names none. */
  readonly service: string;
  readonly key: string | undefined;
  readonly token: Token;
  readonly fault: DashboardFault | 'unknown' | undefined;
  /** Why a strict dashboard refuses it; empty when nothing is wrong. Judged under a fault too. */
  readonly reasons: readonly string[];
  /** Whether it was stored as something new. */
  readonly accepted: boolean;
  /** The status answered; undefined where a fault answers on the wire, or not at all. */
  readonly answered: number | undefined;
  /** The body of the answer, where it is one. */
  readonly answer: string | undefined;
};

/** A request that never ended is missing. */
export type Dashboard = Peer<DashboardRequest> & {
  /** What was stored, oldest first. */
  readonly accepted: readonly Accepted[];
  /** Replaces the secret, as when an operator rotates it. */
  readonly setSecret: (secret: string | undefined) => void;
  /** Every POST gets the fault, or so many of them; undefined: all is well again. */
  readonly fail: (fault: DashboardFault | Reply | undefined, limit?: FaultLimit) => void;
  /** A human closes an incident. */
  readonly close: (service: string, environment: string) => void;
};

export async function startDashboard(options: DashboardOptions = {}): Promise<Dashboard> {
  const { clock, ledger, trap, start } = await beginPeer<DashboardRequest>(options);
  const store = new IncidentStore(options.memory ?? 'keyed', options.keep ?? keptByDefault);
  const faults = new FaultSwitch<DashboardFault>();
  let { secret } = options;

  async function answer(exchange: Exchange, seen: Seen): Promise<void> {
    const received = await readBody(exchange.request);
    const nowMs = clock.now();
    const token = await readToken(seen.headers.authorization, secret, nowMs);
    const judged = judge(seen, received, token, options.path ?? '/api/incidents', nowMs);
    const service = serviceOf(received.body);
    const fault = faultFor('dashboard', service);
    const key = String(seen.headers['idempotency-key'] ?? '') || undefined;

    const wanted = (seen.method === 'POST' ? faults.take(service) : undefined) ?? fault;
    const question = { nowMs, trapUrl: trap.url, rawUrl: seen.rawUrl };
    const decided = decide(judged, wanted, question, store, (report) =>
      store.take(report, received.body, key, nowMs),
    );
    ledger.add({
      ...seen,
      body: received.body,
      service,
      key,
      token,
      fault: typeof wanted === 'string' ? wanted : undefined,
      reasons: judged.verdict === 'refused' ? judged.reasons : [],
      accepted: decided.isNew,
      ...answerOf(decided.reply),
    });
    reply(exchange, decided.reply);
  }

  const peer = await start((exchange, seen) => void answer(exchange, seen));
  const own: Omit<Dashboard, keyof Peer<never> | 'accepted'> = {
    setSecret: (changed) => {
      secret = changed;
    },
    fail: (fault, limit) => faults.set(fault, limit),
    close: (service, environment) => store.close(service, environment),
  };
  return Object.defineProperty(Object.assign(peer, own), 'accepted', {
    get: () => store.accepted,
  }) as Dashboard;
}

/** What is answered, and whether something new was stored. */
function decide(
  judged: Judged,
  wanted: DashboardFault | 'unknown' | Reply | undefined,
  question: Omit<DashboardQuestion, 'answer'>,
  store: IncidentStore,
  take: (report: Report) => Taken,
): { readonly reply: Reply; readonly isNew: boolean } {
  const only = (answer: Reply) => ({ reply: answer, isNew: false });
  if (typeof wanted === 'object' || typeof wanted === 'function') return only(wanted);
  if (wanted === 'unknown') {
    return only(text(500, `no such fault; there are: ${dashboardFaultNames.join(' ')}`));
  }
  const fault = wanted && dashboardFaults[wanted];
  if (fault?.accepts === false) return only(fault.reply({ ...question, answer: {} }));
  if (judged.verdict === 'list') return only(json(200, store.accepted));
  if (judged.verdict === 'refused') return only(judged.refusal);
  const { answer, isNew } = take(judged.report);
  return { reply: fault ? fault.reply({ ...question, answer }) : answer, isNew };
}

function answerOf(sent: Reply): Pick<DashboardRequest, 'answered' | 'answer'> {
  if (typeof sent === 'function') return { answered: undefined, answer: undefined };
  return { answered: sent.status ?? 200, answer: String(sent.body ?? '') };
}
