/** A dashboard of kind `auto` that becomes another one in its place is found out again, and nothing is forgotten. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openAddressee } from '../../src/app/open-addressee.ts';
import { type StackmonV1Options, startStackmonV1 } from '../../src/demo/dialects/stackmon-v1.ts';
import { startStackmonV2 } from '../../src/demo/dialects/stackmon-v2.ts';
import { openMaintenance } from '../../src/maintenance/windows.ts';
import type { Status } from '../../src/model/status.ts';
import { Absence } from '../../src/reporter/absence.ts';
import { Breaker } from '../../src/reporter/breaker.ts';
import { runCycle } from '../../src/reporter/cycle.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { UnderMaintenance } from '../../src/reporter/under-maintenance.ts';
import { load } from '../config/folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { silent } from '../reporter/cast.ts';

async function play() {
  const clock = new FakeClock();
  const first = await startStackmonV1({ clock });
  const port = Number(new URL(first.url).port);
  const { config, lines } = await load({
    'config.yaml': [
      'convertor: {url: http://127.0.0.1:9}',
      `dashboards: {page: {kind: auto, url: "${first.url}", retries: 0}}`,
      'reporter: {services: [{name: api, component: API}]}',
    ].join('\n'),
  });
  const [settings] = config?.dashboards ?? [];
  if (!config || !settings) throw new Error(lines);
  const said: string[] = [];
  const journal = {
    ...silent,
    undecided: (_name: string, failure: object | undefined) => void (failure && said.push('undecided')),
    decided: (_name: string, kind: string) => void said.push(kind),
  };
  const ledger = new Ledger({ put: () => undefined }, new Map());
  const rateOf = () => undefined;
  const note = () => undefined;
  const addressee = openAddressee(
    settings,
    { clock, rateOf, note, print: note, reporterId: config.reporter.id, pollIntervalMs: 60_000 },
    { ledger, journal, clock, chance: () => 0, maxDataAgeMs: 600_000 },
    undefined,
  );
  const ended = new AbortController();
  ended.abort();
  onTestFinished(() => addressee.drain(ended.signal));

  async function cycle(status: Status): Promise<void> {
    if (!config) throw new Error(lines);
    const readHealth = async (target: (typeof config.reporter.targets)[number]) => {
      return { target, status, timeMs: clock.now(), evidence: { triggered: [] } };
    };
    await addressee.ready();
    const parts = {
      settings: config.reporter,
      readHealth,
      breaker: new Breaker(clock),
      absence: new Absence(clock),
      ledger,
      dashboards: () => [addressee.reach],
      maintenance: () => openMaintenance([]),
      underMaintenance: new UnderMaintenance(),
      settleIntents: (decide: () => Promise<void>) => decide(),
      journal,
      clock,
    };
    await runCycle(parts, new AbortController().signal);
    // Who is found out in the middle of it is told a little later.
    for (let part = 0; part < 5; part++) {
      await addressee.over();
      await turn();
    }
    await clock.advance(60_000);
  }
  let page: { readonly stop: () => Promise<void> } = first;
  onTestFinished(() => page.stop());
  const replaceBy = async <Of extends typeof page>(start: (options: StackmonV1Options) => Promise<Of>) => {
    await page.stop();
    const next = await start({ clock, port });
    page = next;
    return next;
  };
  const walk = async (...statuses: Status[]) => {
    for (const status of statuses) await cycle(status);
  };
  return { first, said, walk, replaceBy };
}

test('after three answers in a row that there is nothing, the newer one is told, and what was told is known', async () => {
  const { first, said, walk, replaceBy } = await play();
  await walk(2);
  expect(first.incidents).toHaveLength(1);
  const second = await replaceBy(startStackmonV2);
  // As whoever upgraded it took it over.
  second.report(2, [1]);
  // The first attempt may find the old connection closed.
  await walk(2, 2, 2, 2, 2);
  expect(second.requests.filter(({ path }) => path === '/api/v1/component_status')).toHaveLength(3);
  expect(said).toEqual(['stackmon-v1', 'stackmon-v2']);
  await walk(2, 2, 0);
  expect(second.events.map(({ status }) => status)).toEqual(['resolved']);
  expect(second.requests.filter(({ method, path }) => method === 'POST' && path === '/v2/events')).toEqual(
    [],
  );
});

test('one that moves to another path is found there', async () => {
  const { said, walk, replaceBy } = await play();
  await walk(1);
  const moved = await replaceBy((options) => startStackmonV1({ ...options, prefix: '' }));
  await walk(2, 2, 2, 2, 2);
  expect(said).toEqual(['stackmon-v1', 'stackmon-v1']);
  expect(moved.incidents.map(({ impact }) => impact)).toEqual([2]);
});

test('where it is still the same, or cannot be told, it is told as before', async () => {
  const { first, said, walk } = await play();
  await walk(1);
  first.fail({ status: 404 });
  await walk(2, 2, 2, 2);
  first.failReads({ status: 404 });
  await walk(2, 2, 2, 2);
  const asked = first.requests.filter(({ path }) => path === '/v2/components').length;
  expect(asked).toBe(3);
  first.fail(undefined);
  await walk(2);
  expect(said).toEqual(['stackmon-v1']);
  expect(first.incidents.map(({ impact }) => impact)).toEqual([2]);
});

test('answers that there is nothing, with another one in between, mean nothing', async () => {
  const { first, walk } = await play();
  for (let round = 0; round < 3; round++) {
    first.fail({ status: 404 }, { times: 2 });
    await walk(1, 1, 1);
  }
  expect(first.requests.filter(({ path }) => path === '/v2/components')).toHaveLength(1);
});
