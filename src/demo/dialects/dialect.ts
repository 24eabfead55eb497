/**
 * The listener under every fake of a real dashboard: it keeps what came, and fails on demand.
 *
 * A dialect is strict: it answers as the real one does, its refusals too, and nothing is forgiven
 * that the real one refuses.
 */
import { systemClock } from '../../model/clock.ts';
import { dashboardFaults } from '../dashboard-faults.ts';
import { readBody } from '../dashboard-rules.ts';
import { type FaultLimit, FaultSwitch } from '../fault-switch.ts';
import type { DashboardFault } from '../faults.ts';
import { Ledger } from '../ledger.ts';
import { type Exchange, type Reply, reply, type Whole } from '../reply.ts';
import { type RunningServer, type Seen, type ServerOptions, startServer } from '../server.ts';
import { startTrap } from '../trap.ts';

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

export type DialectServer = RunningServer & {
  /** Every request, oldest first; one that never ended is missing. */
  readonly requests: readonly DialectRequest[];
  /** Whoever follows a redirect ends up here. */
  readonly trap: { readonly requests: readonly Seen[] };
  /** Everything but GET gets the fault, or so many of them; undefined: all is well again. */
  readonly fail: (fault: DashboardFault | Reply | undefined, limit?: FaultLimit) => void;
  /** The same for GET. */
  readonly failReads: (fault: DashboardFault | Reply | undefined, limit?: FaultLimit) => void;
  /** The `count`th request that matches, as soon as it is there. */
  readonly waitFor: (
    matches?: (request: DialectRequest) => boolean,
    count?: number,
  ) => Promise<DialectRequest>;
};

/** @param take what the real one does with a request, and answers */
export async function startDialect(
  options: ServerOptions,
  take: (asked: Asked) => Whole | Promise<Whole>,
): Promise<DialectServer> {
  const clock = options.clock ?? systemClock;
  const ledger = new Ledger<DialectRequest>(options.keep ?? 100_000);
  const faults = { read: new FaultSwitch<DashboardFault>(), write: new FaultSwitch<DashboardFault>() };
  const trap = await startTrap(options);

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

  const server = await startServer(options, (exchange, seen) => void answer(exchange, seen));
  return {
    url: server.url,
    stop: async () => {
      ledger.close();
      await Promise.all([server.stop(), trap.stop()]);
    },
    get requests() {
      return ledger.entries;
    },
    trap,
    fail: (fault, limit) => faults.write.set(fault, limit),
    failReads: (fault, limit) => faults.read.set(fault, limit),
    waitFor: (matches = () => true, count = 1) => ledger.waitFor(matches, count),
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
