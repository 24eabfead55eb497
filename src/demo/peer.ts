/** What stands under every fake peer: a listener, what it has seen, and the trap that its redirects lead to. */
import { type Clock, systemClock } from '../model/clock.ts';
import { Ledger } from './ledger.ts';
import type { Exchange } from './reply.ts';
import { type RunningServer, type Seen, type ServerOptions, startServer } from './server.ts';
import { startTrap, type Trap } from './trap.ts';

export type Peer<Entry> = RunningServer & {
  /** Every request, oldest first. */
  readonly requests: readonly Entry[];
  /** Whoever follows a redirect ends up here. */
  readonly trap: { readonly requests: readonly Seen[] };
  /** The `count`th request that matches, as soon as it is there. */
  readonly waitFor: (matches?: (request: Entry) => boolean, count?: number) => Promise<Entry>;
};

/** A peer that does not listen yet. */
type PeerBeginning<Entry> = {
  readonly clock: Clock;
  /** Whoever answers writes into it. */
  readonly ledger: Ledger<Entry>;
  readonly trap: Trap;
  readonly start: (onRequest: (exchange: Exchange, seen: Seen) => void) => Promise<Peer<Entry>>;
};

export const keptByDefault = 100_000;

export async function beginPeer<Entry>(options: ServerOptions): Promise<PeerBeginning<Entry>> {
  const ledger = new Ledger<Entry>(options.keep ?? keptByDefault);
  const trap = await startTrap(options);
  return {
    clock: options.clock ?? systemClock,
    ledger,
    trap,
    start: async (onRequest) => {
      const server = await startServer(options, onRequest);
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
        waitFor: (matches = () => true, count = 1) => ledger.waitFor(matches, count),
      };
    },
  };
}
