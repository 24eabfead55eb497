/** A listener that nobody may ever ask: redirects point to it. It answers as if all were well. */

import { Ledger } from './ledger.ts';
import { json, reply } from './reply.ts';
import { type RunningServer, type Seen, type ServerOptions, startServer } from './server.ts';

export type Trap = RunningServer & { readonly requests: readonly Seen[] };

/** @param of whose redirects point here: its host and its clock, on a port of its own */
export async function startTrap({ host, clock }: ServerOptions): Promise<Trap> {
  const ledger = new Ledger<Seen>(1_000);
  const server = await startServer(
    { ...(host !== undefined && { host }), ...(clock && { clock }) },
    (exchange, seen) => {
      ledger.add(seen);
      reply(exchange, json(200, { service: seen.query['service'], status: 2, id: 1 }));
    },
  );
  return {
    ...server,
    get requests() {
      return ledger.entries;
    },
  };
}
