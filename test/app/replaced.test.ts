/** Reloads that change a dashboard of kind `auto`: who is replaced is forgotten, but for what its dashboard asked for. */
import { setImmediate as turn } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import { expect, onTestFinished, test } from 'vitest';
import { Addressee } from '../../src/app/addressee.ts';
import { openAddressee } from '../../src/app/open-addressee.ts';
import { startStackmonV2 } from '../../src/demo/dialects/stackmon-v2.ts';
import type { Deliveries } from '../../src/reporter/deliveries.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { load } from '../config/folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { silent } from '../reporter/cast.ts';

const ended = AbortSignal.abort();

async function setUp() {
  const clock = new FakeClock();
  const page = await startStackmonV2({ clock });
  onTestFinished(() => page.stop());
  const { config, lines } = await load({
    'config.yaml': [
      'convertor: {url: http://127.0.0.1:9}',
      `dashboards: {page: {kind: auto, url: "${page.url}"}}`,
      'reporter: {services: [{name: api, component: API}]}',
    ].join('\n'),
  });
  const [settings] = config?.dashboards ?? [];
  if (!settings) throw new Error(lines);
  const nothing = () => undefined;
  const ledger = new Ledger({ put: nothing });
  const journal = { ...silent, undecided: nothing, decided: nothing };
  const surroundings = { clock, rateOf: nothing, note: nothing, print: nothing, reporterId: 'reporter' };
  const open = (before?: Addressee) =>
    openAddressee(
      settings,
      { ...surroundings, pollIntervalMs: 60_000 },
      { ledger, journal, clock, chance: () => 0, maxDataAgeMs: 600_000 },
      before,
    );
  /** As a reload does. */
  async function replace(before: Addressee): Promise<Addressee> {
    const next = open(before);
    await next.ready();
    await before.handOver(ended);
    await next.over();
    return next;
  }
  return { page, open, replace };
}

test('who is found out keeps none of those that it replaces', async () => {
  const { open, replace } = await setUp();
  let current = open();
  await current.ready();
  for (let reload = 0; reload < 5; reload++) current = await replace(current);
  await turn();
  expect(queryObjects(Addressee)).toBe(1);
  await current.drain(ended);
});

test('who is not found out keeps none of them either, once they are over', async () => {
  const { page, open, replace } = await setUp();
  page.failReads({ status: 503 });
  let current = open();
  for (let reload = 0; reload < 5; reload++) current = await replace(current);
  await turn();
  expect(queryObjects(Addressee)).toBe(1);
  await current.drain(ended);
});

test('a dashboard that asked to be left alone is left alone by who is found out after that one is over', async () => {
  const { page, open } = await setUp();
  const before = open();
  await before.ready();
  before.holds?.set('', 1_000);
  page.failReads({ status: 503 });
  const next = open(before);
  await next.ready();
  await before.handOver(ended);
  await before.over();
  await turn();
  page.failReads(undefined);
  await next.ready();
  let found: Deliveries | undefined;
  next.reach((deliveries) => {
    found = deliveries;
  });
  expect(found?.holds).toBe(before.holds);
  await next.drain(ended);
});
