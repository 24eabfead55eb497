/**
 * The fake convertor: CloudMon's health API in every form that it ever had, on a real socket.
 *
 * Every target is healthy as of now until `set` says otherwise; a service whose name asks
 * for a fault gets it (faults.ts).
 */
import { Announcer, type Announcing } from './convertor-announcer.ts';
import { convertorFaults } from './convertor-faults.ts';
import { type ConvertorRules, refuse } from './convertor-rules.ts';
import { type FaultLimit, FaultSwitch } from './fault-switch.ts';
import { type ConvertorFault, convertorFaultNames, faultFor } from './faults.ts';
import { beginPeer, type Peer } from './peer.ts';
import { type Exchange, json, type Reply, reply, text } from './reply.ts';
import type { Seen, ServerOptions } from './server.ts';
import { stateReply, type TargetState } from './target-state.ts';

export type ConvertorOptions = ServerOptions &
  ConvertorRules & {
    /** Only targets that were `set` exist; others answer 409. */
    readonly strict?: boolean;
  };

/** One request, as the convertor saw it. */
export type ConvertorRequest = Seen & {
  /** Undefined where the query does not say. */
  readonly service: string | undefined;
  readonly environment: string | undefined;
  readonly fault: ConvertorFault | 'unknown' | undefined;
  /** What the answer is made of; undefined where a fault or a refusal is answered. */
  readonly state: TargetState | undefined;
  /** `cut`: the connection ended before the answer did. Undefined: still under way. */
  ended: 'answered' | 'cut' | undefined;
};

export type Convertor = Omit<Peer<ConvertorRequest>, 'waitFor'> & {
  /** What it is asked about maintenance, which counts for nothing above. */
  readonly maintenances: Announcing;
  /** Replaces what was set for this target. */
  readonly set: (service: string, environment: string, state: TargetState) => void;
  /** Every request gets the fault, or so many of them; undefined: all is well again. */
  readonly fail: (fault: ConvertorFault | Reply | undefined, limit?: FaultLimit) => void;
  /** The `count`th request that matches, as soon as it is there. */
  readonly waitForRequest: (
    matches?: (request: ConvertorRequest) => boolean,
    count?: number,
  ) => Promise<ConvertorRequest>;
};

export async function startConvertor(options: ConvertorOptions = {}): Promise<Convertor> {
  const { clock, ledger, trap, start } = await beginPeer<ConvertorRequest>(options);
  const states = new Map<string, TargetState>();
  const faults = new FaultSwitch<ConvertorFault>();
  const announcer = new Announcer(options);

  function answer(exchange: Exchange, seen: Seen): void {
    if (announcer.isAsked(seen)) announcer.answer(exchange, seen);
    else answerHealth(exchange, seen);
  }

  function answerHealth(exchange: Exchange, seen: Seen): void {
    const target = targetOf(seen);
    const { service = '', environment = '' } = target;
    const wanted = faults.take(service) ?? faultFor('convertor', service);
    const isPlain = wanted === undefined && refuse(seen, options) === undefined;
    const known =
      states.get(keyOf(service, environment)) ?? (options.strict ? undefined : defaultState(service));
    const entry: ConvertorRequest = {
      ...seen,
      ...target,
      fault: typeof wanted === 'string' ? wanted : undefined,
      state: isPlain ? known : undefined,
      ended: undefined,
    };
    exchange.response.once('close', () => {
      entry.ended = exchange.response.writableFinished ? 'answered' : 'cut';
      ledger.touch();
    });
    ledger.add(entry);
    reply(exchange, wanted === undefined ? usual(entry) : faulty(entry, wanted));
  }

  function usual(entry: ConvertorRequest): Reply {
    const { service = '', environment = '', state } = entry;
    if (state) return stateReply({ service, environment }, state, entry.path, clock.now());
    return refuse(entry, options) ?? unsupported(service, states);
  }

  function faulty(entry: ConvertorRequest, wanted: ConvertorFault | 'unknown' | Reply): Reply {
    if (typeof wanted !== 'string') return wanted;
    if (wanted === 'unknown') return text(500, `no such fault; there are: ${convertorFaultNames.join(' ')}`);
    const refusal = refuse(entry, options);
    if (refusal) return refusal;
    const { service = '', environment = '', rawUrl } = entry;
    const question = { service, environment, nowMs: clock.now(), trapUrl: trap.url, rawUrl };
    return convertorFaults[wanted].reply(question);
  }

  const peer = await start(answer);
  const own: Omit<Convertor, keyof Peer<never>> = {
    maintenances: announcer,
    set: (service, environment, state) => void states.set(keyOf(service, environment), state),
    fail: (fault, limit) => faults.set(fault, limit),
    waitForRequest: peer.waitFor,
  };
  return Object.assign(peer, own);
}

function keyOf(service: string, environment: string): string {
  return JSON.stringify([service, environment]);
}

/** A service that asks for a fault of the dashboard is ill, so that the dashboard hears of it. */
function defaultState(service: string): TargetState {
  return { status: faultFor('dashboard', service) === undefined ? 0 : 1 };
}

function targetOf(seen: Seen): { service: string | undefined; environment: string | undefined } {
  if (seen.path !== '/render')
    return { service: seen.query['service'], environment: seen.query['environment'] };
  const [, environment, service] = /^health\.([^.]+)\.(.+)$/.exec(seen.query['target'] ?? '') ?? [];
  return { service, environment };
}

function unsupported(service: string, states: ReadonlyMap<string, TargetState>): Reply {
  const isKnown = [...states.keys()].some((key) => JSON.parse(key)[0] === service);
  return json(409, { message: isKnown ? 'Environment for service not supported' : 'Service not supported' });
}
