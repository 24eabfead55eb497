/** Which open incidents are somebody else's: the metrics and `status` say the same, and none of ours is among them. */
import { expect, onTestFinished, test } from 'vitest';
import { unownedIncidents } from '../../src/app/noticed.ts';
import { startCachet } from '../../src/demo/dialects/cachet.ts';
import { component } from '../../src/demo/dialects/stackmon-components.ts';
import { startStackmonV2 } from '../../src/demo/dialects/stackmon-v2.ts';
import { startStatuspage } from '../../src/demo/dialects/statuspage.ts';
import { FakeClock } from '../fake-clock.ts';
import { targetOf, stage as telemetryStage } from '../telemetry/stage.ts';
import { stage } from './stage.ts';

/** A page is looked at as often as this. */
const lookMinutes = 15;

async function watched(section: string, clock: FakeClock, services = '[{name: api, component: API}]') {
  const telemetry = telemetryStage([targetOf('api')], ['page']);
  const on = await stage(section, services, clock, telemetry.witness);
  return {
    ...on,
    /** After the next look: what a whole page of metrics counts, and what `status` lists. */
    seen: async (statuses: Parameters<typeof on.cycle>[0]) => {
      for (let minute = 0; minute < lookMinutes; minute++) await on.cycle(statuses);
      const { body } = await telemetry.ask('/metrics');
      const [, count] = /^cloudmon_reporter_unowned_incidents\{dashboard="page"\} (\S+)$/m.exec(body) ?? [];
      const [listed] = unownedIncidents(on.shelf);
      return { count: Number(count), listed: listed?.incidents.map(({ reference }) => reference) ?? [] };
    },
  };
}

async function stackmon(services?: string) {
  const clock = new FakeClock();
  const components = ['API', 'Web', 'Mail', 'Human'].map((name, at) => component(at + 1, name));
  const page = await startStackmonV2({ clock, secret: 'dev', components });
  onTestFinished(() => page.stop());
  const section = `{kind: stackmon-v2, url: "${page.url}", secret: dev, retries: 0}`;
  return { page, ...(await watched(section, clock, services)) };
}

const none = { count: 0, listed: [] };

test('stackmon-v2: what a human, or another program, opened is counted and listed; ours is not', async () => {
  const { page, seen } = await stackmon();
  expect(await seen({ api: 1 })).toEqual(none);
  const human = page.openIncident(2, [4]);
  page.report(3, [2]);
  expect(await seen({ api: 1 })).toEqual({ count: 2, listed: ['3', String(human)] });
  page.closeIncident(human);
  page.closeIncident(3);
  expect(await seen({ api: 1 })).toEqual(none);
});

test('stackmon-v2: a restart in the middle of an incident makes ours nobody else’s', async () => {
  const { page, seen, walk, restart } = await stackmon();
  await walk(1);
  restart();
  expect(await seen({ api: 1 })).toEqual(none);
  page.openIncident(2, [4]);
  restart();
  expect(await seen({ api: 1 })).toEqual({ count: 1, listed: ['2'] });
});

test('stackmon-v2: what ours was split into is ours, and a human’s once a human has written there', async () => {
  const services = '[{name: api, component: API}, {name: web, component: Web}]';
  const { page, seen, cycle, restart } = await stackmon(services);
  await cycle({ api: 2, web: 2 });
  const [ours] = page.events;
  const id = page.openIncident(2, [1], ours?.title);
  const split = page.events.find((event) => event.id === id);
  // As it is after an extract: nothing but where it came from.
  split?.updates.shift();
  restart();
  // Nobody has told the one that left yet.
  expect(await seen({})).toEqual(none);
  expect(await seen({ api: 2, web: 2 })).toEqual(none);
  split?.updates.push({ status: 'fixing', text: 'We are on it.', atMs: 0, impact: 2 });
  expect(await seen({ api: 2, web: 2 })).toEqual({ count: 1, listed: ['2'] });
});

test('stackmon-v2: as long as an answer is missing, what may be ours is nobody else’s', async () => {
  const { page, seen, walk, restart } = await stackmon();
  await walk(0);
  page.fail('reset-after-accept');
  await walk(1);
  restart();
  expect(await seen({})).toEqual(none);
});

test('stackmon-v2: without its state it does not know what is its own', async () => {
  const { seen, walk, forget } = await stackmon();
  await walk(1);
  forget();
  expect(await seen({})).toEqual({ count: 1, listed: ['1'] });
});

type OtherPage = {
  readonly url: string;
  readonly incidents: readonly object[];
  readonly human: { readonly open: (keys: { name: string; message: string }) => unknown };
};

/** Our mark is gone from it, as it is for a reporter with a new id. */
async function checkUnmarked(page: OtherPage, clock: FakeClock, keys: string): Promise<void> {
  const { seen, walk } = await watched(`{${keys}, url: "${page.url}"}`, clock);
  await walk(1);
  expect(page.incidents).toHaveLength(1);
  for (const incident of page.incidents) Object.assign(incident, { meta: {}, metadata: {} });
  expect(await seen({ api: 1 })).toEqual(none);
  page.human.open({ name: 'Disk', message: 'A digger.' });
  expect((await seen({ api: 1 })).count).toBe(1);
}

test('cachet: what the state knows is ours, whatever it carries', async () => {
  const clock = new FakeClock();
  const page = await startCachet({ clock, components: [{ name: 'API' }] });
  onTestFinished(() => page.stop());
  await checkUnmarked(page, clock, 'kind: cachet, token: token');
});

test('statuspage: what the state knows is ours, whatever it carries', async () => {
  const clock = new FakeClock();
  const page = await startStatuspage({ clock, components: [{ name: 'API' }] });
  onTestFinished(() => page.stop());
  await checkUnmarked(page, clock, 'kind: statuspage, page_id: page, api_key: key');
});
