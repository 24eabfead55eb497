/**
 * The listener under every fake of a real dashboard: it keeps what came, and fails on demand.
 *
 * A dialect is strict: it answers as the real one does, its refusals too, and nothing is forgiven
 * that the real one refuses.
 */
import { dashboardFaults } from '../dashboard-faults.ts';
import { readBody } from '../dashboard-rules.ts';
import { type FaultLimit, FaultSwitch } from '../fault-switch.ts';
import type { DashboardFault } from '../faults.ts';
import { beginPeer, type Peer } from '../peer.ts';
import { type Exchange, type Reply, reply, type Whole } from '../reply.ts';
import type { Seen, ServerOptions } from '../server.ts';

/** One request, whole. */
export type Asked = Seen & {
  /** Byte for byte. */
  readonly body: string;
  /** Of the body; undefined where it is no JSON. */
  readonly json: unknown;
  /** When it was there as a whole, wall clock. */
  readonly nowMs: number;
};

export type DialectRequest = Asked & {
  /** The status answered; undefined where a fault answers on the wire, or not at all. */
  readonly answered: number | undefined;
  readonly answer: string | undefined;
};

/** A request that never ended is missing. */
export type DialectServer = Peer<DialectRequest> & {
  /** Everything but GET gets the fault, or so many of them; undefined: all is well again. */
  readonly fail: (fault: DashboardFault | Reply | undefined, limit?: FaultLimit) => void;
  /** The same for GET. */
  readonly failReads: (fault: DashboardFault | Reply | undefined, limit?: FaultLimit) => void;
};

/** @param take what the real one does with a request, and answers */
export async function startDialect(
  options: ServerOptions,
  take: (asked: Asked) => Whole | Promise<Whole>,
): Promise<DialectServer> {
  const { clock, ledger, trap, start } = await beginPeer<DialectRequest>(options);
  const faults = { read: new FaultSwitch<DashboardFault>(), write: new FaultSwitch<DashboardFault>() };

  async function answer(exchange: Exchange, seen: Seen): Promise<void> {
    const { body } = await readBody(exchange.request);
    const asked: Asked = { ...seen, body, json: parsed(body), nowMs: clock.now() };
    const isRead = seen.method === 'GET' || seen.method === 'HEAD';
    const wanted = faults[isRead ? 'read' : 'write'].take('');
    const said = await decide(asked, wanted);
    const isWhole = typeof said !== 'function';
    ledger.add({
      ...asked,
      answered: isWhole ? (said.status ?? 200) : undefined,
      answer: isWhole && said.body !== undefined ? String(said.body) : undefined,
    });
    reply(exchange, said);
  }

  async function decide(asked: Asked, wanted: DashboardFault | Reply | undefined): Promise<Reply> {
    if (wanted === undefined) return take(asked);
    if (typeof wanted !== 'string') return wanted;
    const fault = dashboardFaults[wanted];
    const question = { nowMs: asked.nowMs, trapUrl: trap.url, rawUrl: asked.rawUrl };
    return fault.reply({ ...question, answer: fault.accepts ? await take(asked) : {} });
  }

  const peer = await start((exchange, seen) => void answer(exchange, seen));
  return Object.assign(peer, {
    fail: faults.write.set.bind(faults.write),
    failReads: faults.read.set.bind(faults.read),
  });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
