/**
 * The whole way from readings to a dashboard, with a clock that stands still and real sockets: the
 * configuration is loaded, cycles decide, deliveries tell a dialect.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { findKind } from '../../src/dashboards/auto/find-kind.ts';
import { openDashboard } from '../../src/dashboards/kinds.ts';
import { rateKeeper } from '../../src/dashboards/surroundings.ts';
import { openMaintenance } from '../../src/maintenance/windows.ts';
import type { Preview } from '../../src/model/dashboard.ts';
import { Failure } from '../../src/model/failure.ts';
import type { Evidence } from '../../src/model/reading.ts';
import type { Status } from '../../src/model/status.ts';
import type { Target } from '../../src/model/target.ts';
import { Absence } from '../../src/reporter/absence.ts';
import { Breaker } from '../../src/reporter/breaker.ts';
import { runCycle } from '../../src/reporter/cycle.ts';
import { Deliveries } from '../../src/reporter/deliveries.ts';
import type { Journal } from '../../src/reporter/journal.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { UnderMaintenance } from '../../src/reporter/under-maintenance.ts';
import { load } from '../config/folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { silent } from '../reporter/cast.ts';

/** What each service is read as; one that is missing, or undefined, has no data. */
export type Statuses = Readonly<Record<string, Status | undefined>>;

const minuteMs = 60_000;

/**
 * @param dashboard the section of the dashboard, which is named `page`, as YAML in one line or in braces
 * @param services of `reporter.services`, as YAML in brackets
 * @param clock also the dialect's, where times are compared
 * @param witness hears what happens, too
 */
export function stage(
  dashboard: string,
  services = '[{name: api, component: API}]',
  clock = new FakeClock(),
  witness: Partial<Journal> = {},
) {
  const parts = [
    'convertor: {url: http://127.0.0.1:9}',
    `dashboards: {page: ${dashboard}}`,
    `reporter: {services: ${services}}`,
  ];
  return stageOf(parts.join('\n'), clock, witness);
}

/** The same of a whole configuration with one dashboard. */
export async function stageOf(text: string, clock: FakeClock, witness: Partial<Journal> = {}) {
  const { config, lines } = await load({ 'config.yaml': text });
  const [written] = config?.dashboards ?? [];
  if (!config || !written) throw new Error(lines);
  const outcomes: string[] = [];
  const notes: string[] = [];
  const previews: Preview[] = [];
  const shelf = new Map<string, unknown>();
  const rateOf = rateKeeper(clock);
  const note = (text: string) => void notes.push(text);
  const { signal } = new AbortController();
  const settings = written.kind === 'auto' ? await findKind(written, { clock, rateOf }, signal) : written;
  let evidence: Evidence = { triggered: [] };

  function open() {
    if (!config) throw new Error(lines);
    const ledger = new Ledger(
      { put: (key, value) => void (value ? shelf.set(key, value) : shelf.delete(key)) },
      new Map(shelf),
    );
    const dashboard = openDashboard(settings, {
      clock,
      print: (text) => outcomes.push(`printed ${text.trimEnd()}`),
      reporterId: config.reporter.id,
      pollIntervalMs: minuteMs,
      rateOf,
      note,
    });
    const journal: Journal = {
      ...silent,
      ...witness,
      recorded: (_action, requests) => previews.push(...requests),
      delivered: ({ reading, type, status }, outcome, failure, answer) =>
        outcomes.push(
          [
            `${reading.target.service} ${type} ${status}: ${outcome}`,
            ...(failure ? [`${failure.reason}: ${failure.message}`] : []),
            ...(answer?.reference === undefined ? [] : [`reference ${answer.reference}`]),
            ...(answer?.note === undefined ? [] : [answer.note]),
          ].join(', '),
        ),
    };
    const parts = {
      dashboard,
      policy: settings,
      ledger,
      journal,
      clock,
      chance: () => 0,
      maxDataAgeMs: 600_000,
    };
    return { ledger, journal, deliveries: new Deliveries(parts) };
  }

  let current = open();
  onTestFinished(() => current.deliveries.parts.dashboard.stop());

  async function cycle(statuses: Statuses): Promise<void> {
    if (!config) throw new Error(lines);
    const { ledger, journal, deliveries } = current;
    const readHealth = async (target: Target) => {
      const status = statuses[target.service];
      if (status === undefined) throw new Failure('convertor', 'failed', 'no answer');
      return { target, status, timeMs: clock.now(), evidence };
    };
    await runCycle(
      {
        settings: { ...config.reporter, pollIntervalMs: minuteMs },
        readHealth,
        breaker: new Breaker(clock),
        absence: new Absence(clock),
        ledger,
        dashboards: () => [(use) => use(deliveries)],
        maintenance: () => openMaintenance([]),
        underMaintenance: new UnderMaintenance(),
        settleIntents: (decide) => decide(),
        journal,
        clock,
      },
      new AbortController().signal,
    );
  }

  /** Moves the clock on while deliveries wait for it, so that retries need no time. */
  async function settled(): Promise<void> {
    let isIdle = false;
    const idle = current.deliveries.idle().then(() => {
      isIdle = true;
    });
    await turn();
    while (!isIdle) {
      if (clock.waiting.length > 0) await clock.advance(Math.min(...clock.waiting));
      else await Promise.race([idle, clock.asked()]);
      await turn();
    }
  }

  return {
    clock,
    config,
    settings,
    /** One line for each delivery that ended: `api open 1: sent, reference 12`. */
    outcomes,
    /** What an operator is told to look at. */
    notes,
    /** What a crash takes from nobody. */
    shelf: shelf as ReadonlyMap<string, unknown>,
    /** Mode `record`: what would have been sent. */
    previews,
    ledger: () => current.ledger,
    deliveries: () => current.deliveries,
    evidence: (given: Evidence) => {
      evidence = given;
    },
    /** One cycle with all its deliveries, retries included; the next one begins on the next full minute. */
    cycle: async (statuses: Statuses) => {
      await cycle(statuses);
      await settled();
      await clock.advance(minuteMs - (clock.monotonic() % minuteMs));
    },
    /** One after the other, of the service `api`. */
    walk: async (...statuses: (Status | undefined)[]) => {
      for (const status of statuses) {
        await cycle({ api: status });
        await settled();
        await clock.advance(minuteMs - (clock.monotonic() % minuteMs));
      }
    },
    /** What is open there, as far as it is ours or somebody else's. */
    find: async (targets: readonly Target[]) => {
      const { dashboard, ledger, policy } = current.deliveries.parts;
      if (!dashboard.tellsTogether) throw new Error(`the kind ${dashboard.kind} looks for nothing`);
      return dashboard.find(targets, new AbortController().signal, ledger.known(policy));
    },
    /** The program is killed and started again with what it had put on its shelf. */
    restart: () => {
      current.deliveries.parts.dashboard.stop();
      current = open();
    },
    /** The same, and the shelf is lost. */
    forget: () => {
      shelf.clear();
      current.deliveries.parts.dashboard.stop();
      current = open();
    },
  };
}
