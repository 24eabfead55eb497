/**
 * A reporter that can be killed at any moment, a disk that keeps what was written before, and a dashboard
 * between which and the reporter everything can go wrong. The clock stands still until a test moves it.
 */
import type { Windows } from '../../src/maintenance/windows.ts';
import type { Dashboard, Telling } from '../../src/model/dashboard.ts';
import { Failure } from '../../src/model/failure.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { Status } from '../../src/model/status.ts';
import type { Target } from '../../src/model/target.ts';
import { Absence } from '../../src/reporter/absence.ts';
import { Breaker } from '../../src/reporter/breaker.ts';
import { runCycle } from '../../src/reporter/cycle.ts';
import { Deliveries } from '../../src/reporter/deliveries.ts';
import type { Journal } from '../../src/reporter/journal.ts';
import { intendedOf, Ledger } from '../../src/reporter/ledger.ts';
import { mayRepeat } from '../../src/reporter/standing.ts';
import { UnderMaintenance } from '../../src/reporter/under-maintenance.ts';
import { FakeClock } from '../fake-clock.ts';
import { closing, everyPoll, silent, targetOf } from './cast.ts';
import { type Fate, type Line, look, oneByOne, request } from './line.ts';
import type { IncidentPage, Page } from './pages.ts';

export type Chaos = {
  readonly fate: () => Fate;
  /** Whether the program is killed at this write. */
  readonly killsAtWrite: () => boolean;
  /** Of so many writes that wait, how many the disk has by the time of a kill. */
  readonly written: (waiting: number) => number;
};

export const calm: Chaos = { fate: () => 'ok', killsAtWrite: () => false, written: (waiting) => waiting };

export const minuteMs = 60_000;

export type World = ReturnType<typeof world>;

export function world(
  page: Page,
  services: readonly string[],
  given: Partial<Policy> = {},
  kind: Partial<Dashboard['abilities']> = {},
) {
  const clock = new FakeClock();
  const startMs = clock.now();
  /** What the disk holds. */
  const disk = new Map<string, string>();
  let waiting: [key: string, text: string | undefined][] = [];
  let life = 0;
  let chaos = calm;
  let statuses: Readonly<Record<string, Status | undefined>> = {};
  let targets: readonly Target[] = services.map((name) => targetOf(name));
  let policy: Policy = { ...everyPoll, send: 'on_change', ...given };
  const maintained = new Set<string>();
  /** Answers that nobody heard, requests whose end a kill left open. */
  let ambiguous = 0;
  /** Requests since the disk has had everything, and those under way. */
  let unsure = 0;
  let slow = 0;
  const outcomes: string[] = [];
  const stale: string[] = [];
  const left: string[] = [];
  let flagged = 0;

  const windows: Windows = {
    around: ({ service }) =>
      maintained.has(service) ? { fromMs: 0, toMs: clock.now() + minuteMs } : undefined,
    between: async () => [],
  };

  function flush(): void {
    for (const [key, text] of waiting.splice(0)) {
      if (text === undefined) disk.delete(key);
      else disk.set(key, text);
    }
    unsure = slow;
  }

  function kill(): Promise<never> {
    life++;
    ambiguous += unsure;
    slow = 0;
    waiting = waiting.slice(0, chaos.written(waiting.length));
    flush();
    return new Promise(() => undefined);
  }

  function boot() {
    const mine = ++life;
    const isAlive = () => mine === life;
    const journal: Journal = {
      ...silent,
      attempted: (_action, _ms, _failure, repeats) => {
        if (isAlive() && repeats) flagged++;
      },
      delivered: ({ type, status, reading }, outcome, failure) => {
        const minute = Math.floor((clock.now() - startMs) / minuteMs);
        const reason = failure ? ` ${failure.reason}` : '';
        if (isAlive())
          outcomes.push(`${minute} ${reading.target.service} ${type} ${status} ${outcome}${reason}`);
      },
    };
    const ledger = new Ledger(
      {
        put: (key, value) => {
          if (isAlive()) waiting.push([key, value && JSON.stringify(value)]);
        },
      },
      new Map([...disk].map(([key, text]) => [key, JSON.parse(text)])),
    );
    const parts = { ledger, journal, clock, chance: () => 0.5, maxDataAgeMs: 10 * minuteMs };
    const open = (before?: Deliveries) =>
      new Deliveries({ ...parts, policy, dashboard: dashboardOf(isAlive, ledger) }, before);
    return {
      isAlive,
      ledger,
      journal,
      open,
      deliveries: open(),
      breaker: new Breaker(clock),
      absence: new Absence(clock),
      underMaintenance: new UnderMaintenance(),
    };
  }

  function dashboardOf(isAlive: () => boolean, ledger: Ledger): Dashboard {
    const told = policy;
    const common = {
      name: told.name,
      kind: 'fake',
      abilities: { ...closing, ...kind },
      preview: () => [],
      renewSecrets: async () => false,
      stop: () => undefined,
    };
    const line: Line = {
      clock,
      isAlive,
      fate: () => chaos.fate(),
      kill,
      begun: ({ action: { reading, idempotencyKey } }) => {
        unsure++;
        if (clock.now() - reading.timeMs > 10 * minuteMs) stale.push(idempotencyKey);
      },
      unanswered: () => {
        ambiguous++;
      },
      slow: (more) => {
        slow += more;
      },
      take: (telling) => {
        const standing = ledger.get(told, telling.action.reading.target.key);
        return page.take(telling, mayRepeat(standing, intendedOf(telling.action), told.send));
      },
    };
    const tell = (telling: Telling, signal: AbortSignal) => request(line, telling, signal);
    if (!('open' in page)) return { ...common, tellsTogether: false, tell };
    return {
      ...common,
      tellsTogether: true,
      tellAll: (tellings, settle, signal) => oneByOne(tellings, settle, (each) => tell(each, signal)),
      find: (asked) => look(line, page as IncidentPage, asked),
    };
  }

  let reporter = boot();

  function runOne(): Promise<void> {
    const { ledger, journal, breaker, absence, underMaintenance } = reporter;
    const current = reporter;
    return runCycle(
      {
        settings: { id: 'reporter', pollIntervalMs: minuteMs, concurrency: 1, targets, stateDir: 'auto' },
        readHealth: async (target) => {
          const status = statuses[target.service];
          if (status === undefined) throw new Failure('convertor', 'failed', 'no answer');
          return { target, status, timeMs: clock.now(), evidence: { triggered: [] } };
        },
        breaker,
        absence,
        ledger,
        dashboards: () => [(use) => use(reporter.deliveries)],
        maintenance: async () => windows,
        underMaintenance,
        settleIntents: async (decide) => {
          await decide();
          if (!current.isAlive()) return new Promise<never>(() => undefined);
          if (!chaos.killsAtWrite()) return flush();
          // What the disk has of them may have been sent, as far as the next life knows.
          unsure += targets.length;
          return kill();
        },
        journal,
        clock,
      },
      new AbortController().signal,
    );
  }

  return {
    clock,
    page,
    outcomes,
    stale,
    /** Open incidents that were left as they are. */
    left,
    disk,
    maintained,
    ambiguous: () => ambiguous,
    flagged: () => flagged,
    ledger: () => reporter.ledger,
    policy: () => policy,
    chaos: (next: Chaos) => {
      chaos = next;
    },
    statuses: (next: typeof statuses) => {
      statuses = next;
    },
    /** A cycle and the rest of its minute; a reporter that was killed is started again. */
    cycle: async () => {
      void runOne();
      await clock.advance(minuteMs);
      if (!reporter.isAlive()) reporter = boot();
    },
    /** The disk gets what was acknowledged. */
    flush,
    kill: () => {
      void kill();
      reporter = boot();
    },
    /** Killed, and the disk is lost. */
    forget: () => {
      void kill();
      disk.clear();
      reporter = boot();
    },
    /** The configuration is read again; deliveries under way have 4 s. */
    reload: (next: { readonly policy?: Partial<Policy>; readonly services?: readonly string[] }) => {
      policy = { ...policy, ...next.policy };
      if (next.services) targets = next.services.map((name) => targetOf(name));
      for (const { incident } of reporter.ledger.keepOnly([policy], targets, clock.now())) {
        left.push(incident?.members[0]?.service ?? '');
      }
      const before = reporter.deliveries;
      reporter.deliveries = reporter.open(before);
      const deadline = new AbortController();
      clock.after(4_000, () => deadline.abort());
      void before.handOver(deadline.signal);
    },
  };
}
