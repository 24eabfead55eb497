/** The story that ships, played to its end through the real client, collector, reporter and dashboards. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { story, type TargetName } from '../../src/demo/story.ts';
import type { View } from '../../src/demo/view.ts';
import { levelWord } from '../../src/pages/level.ts';
import { ask } from './ask.ts';
import { type Chain, startChain } from './chain.ts';

/** What the reporter reads after a step, from `withinMs` on until the next step about this target. */
const withinMs = 7_000;
/** When somebody looks, in seconds; the story begins anew after 120. */
const moments = [10, 20, 29, 33, 45, 55, 59, 69, 81, 92, 101, 112, 120, 130];

let chain: Chain;
/** What the page said, by the second of the story. */
const said = new Map<number, View>();
let accepted: readonly {
  readonly atMs: number;
  readonly service: string;
  readonly environment: string;
  readonly status: number;
}[];

beforeAll(async () => {
  chain = await startChain();
  let atSeconds = 0;
  for (const moment of moments) {
    await chain.play((moment - atSeconds) * 1000);
    atSeconds = moment;
    said.set(moment, await state());
  }
  const startMs = chain.clock.now() - chain.clock.monotonic();
  const stored = JSON.parse(String((await ask(`${chain.settings.dashboardUrl}/api/incidents`)).body));
  accepted = stored.map((one: (typeof accepted)[number]) => ({ ...one, atMs: one.atMs - startMs }));
}, 60_000);
afterAll(() => chain.stop());

/** In JSON what is undefined is null. */
async function state(): Promise<View> {
  return JSON.parse(String((await ask(`${chain.demo.url}/state.json`)).body));
}

function levels({ service, environment }: TargetName, fromMs: number, toMs: number): string[] {
  const within = chain.heard.filter(
    ({ atMs, reading: { target } }) =>
      atMs > fromMs && atMs <= toMs && target.service === service && target.environment === environment,
  );
  return within.map(({ reading }) => levelWord(reading.status));
}

/** What the story says of a step, in the words of the page. */
function wordOf(says: string): string {
  const words = ['degraded', 'outage', 'critical', 'no data'];
  return words.find((word) => new RegExp(`: (an )?${word}`).test(says)) ?? 'operational';
}

const changes = story.steps.flatMap((step) => {
  const { change, atMs, says } = step;
  return change.type === 'traffic' ? [{ atMs, says, target: change.target }] : [];
});

for (const { atMs, says, target } of changes) {
  test(`${atMs / 1000} s: ${says}`, () => {
    const next = changes.find(
      (other) =>
        other.atMs > atMs &&
        other.target.service === target.service &&
        other.target.environment === target.environment,
    );
    const read = levels(target, atMs + withinMs, next?.atMs ?? story.durationMs);
    expect(new Set(read)).toEqual(new Set([wordOf(says)]));
  });
}

test('before its first step a service is well, from its first points on', () => {
  const early = story.cast.flatMap(({ target }) => {
    const first = changes.find((change) => change.target === target)?.atMs ?? story.durationMs;
    return levels(target, 3_000, first);
  });
  expect(new Set(early)).toEqual(new Set(['operational']));
});

test('every status and no data come in the story', () => {
  expect(new Set(changes.map(({ says }) => wordOf(says)))).toEqual(
    new Set(['operational', 'degraded', 'outage', 'critical', 'no data']),
  );
});

test('each status is told with the expression that decided and the flags that are up', () => {
  const told = new Map(
    chain.heard.flatMap(({ reading }) =>
      reading.status === undefined || reading.status === 0
        ? []
        : [
            [
              `${reading.target.service} ${reading.status}`,
              [reading.evidence.matchedExpression, reading.evidence.triggered.map(({ name }) => name)],
            ],
          ],
    ),
  );
  expect(told.get('search 1')).toEqual(['search.slow', ['search.slow']]);
  expect(told.get('payments 3')).toEqual([
    'payments.down && payments.slow',
    ['payments.slow', 'payments.errors', 'payments.down'],
  ]);
});

function at(seconds: number): View['statusPage'] {
  const view = said.get(seconds);
  if (!view) throw new Error(`nobody looked at ${seconds} s`);
  return view.statusPage;
}

/** `Payments 2,3`: the component, and the levels it went through. */
function lines(incidents: View['statusPage']['open']): string[] {
  return incidents.map(
    ({ components, updates }) => `${components.join('+')} ${updates.map(({ level }) => level).join(',')}`,
  );
}

test('the status page shows the first incident within ten seconds, and its component', () => {
  expect(lines(at(10).open)).toEqual(['Search 1']);
  expect(at(10).components.find(({ name }) => name === 'Search')?.level).toBe(1);
});

test('an incident gets worse, and what is over is closed while the other stays open', () => {
  expect(lines(at(20).open)).toEqual(['Payments 2', 'Search 1']);
  expect(lines(at(29).open)).toEqual(['Payments 2,3', 'Search 1']);
  expect([lines(at(45).open), lines(at(45).closed)]).toEqual([['Payments 2,3'], ['Search 1,0']]);
});

test('a status page that is away hears how things are when it is back, and of nothing in between', () => {
  expect([at(33), at(45), at(55)].map(({ isAway }) => isAway)).toEqual([false, true, false]);
  expect(at(45).told.refused).toBeGreaterThan(1);
  expect(lines(at(55).open)).toEqual(['Payments 2,3,1']);
  expect(at(55).told.eased).toBe(1);
});

test('the other dashboard hears all the same while the status page is away', () => {
  const times = accepted.map(({ atMs }) => atMs / 1000);
  expect(times.filter((seconds) => seconds > 34.5 && seconds < 46).length).toBeGreaterThan(3);
});

test('a report whose answer is lost is not sent again', () => {
  expect(lines(at(81).open)).toContain('Checkout 1');
  const lost = at(81).requests.filter(({ answered }) => answered === null);
  expect(lost.map(({ deed, components }) => [deed, components])).toEqual([['opened', ['Checkout']]]);
  const next = at(81).requests.find(({ number }) => number === (lost[0]?.number ?? 0) + 1);
  expect([next?.method, next?.deed]).toEqual(['GET', 'looked']);
  expect(at(81).told).toMatchObject({ opened: 3, again: 0 });
});

test('a human’s incident stays as it is, and what it covers is not opened beside it', () => {
  for (const seconds of [59, 69, 81, 92, 101, 112]) {
    const mail = at(seconds).open.filter(({ components }) => components.includes('Mail'));
    expect(mail.map(({ isOfHuman, updates }) => [isOfHuman, updates.length])).toEqual([[true, 1]]);
  }
  expect(at(101).told.left).toBe(1);
  const [closed] = at(120).closed;
  expect([closed?.components, closed?.isOfHuman]).toEqual([['Mail'], true]);
  expect(closed?.deeds).toMatchObject({ left: 1, touched: 0, closed: 0 });
});

test('at the end all is closed: opened once, closed once, and nothing of a human touched', () => {
  expect(at(120).open).toEqual([]);
  expect(at(120).told).toMatchObject({ opened: 3, closed: 3, again: 0, touched: 0, split: 0 });
  expect(at(120).told).toMatchObject({ left: 1 });
  for (const { isOfHuman, deeds } of at(120).closed) {
    if (!isOfHuman) expect(deeds).toMatchObject({ opened: 1, closed: 1 });
  }
  expect(at(120).components.map(({ level }) => level)).toEqual([0, 0, 0, 0, 0, 0]);
});

test('every token that came to the status page was good, and it never heard of staging', () => {
  const seen = [...said.values()].flatMap(({ statusPage }) => statusPage.requests);
  expect(new Set(seen.map(({ token }) => token?.verified))).toEqual(new Set([true]));
  expect(accepted.some(({ environment }) => environment === 'staging')).toBe(true);
  expect(at(120).closed.length).toBe(4);
});

test('the story begins anew', () => {
  expect(said.get(130)?.story.rounds).toBe(1);
  expect(lines(at(130).open)).toEqual(['Search 1']);
  expect(at(130).told).toMatchObject({ opened: 4, closed: 3, again: 0 });
});

test('the first incident is there within ten seconds', () => {
  expect(accepted[0]).toMatchObject({ service: 'search', status: 1 });
  expect(accepted[0]?.atMs).toBeLessThan(10_000);
});

test('who is well is never reported, nor is who has no data', () => {
  expect(accepted.filter(({ service }) => service === 'accounts' || service === 'media')).toEqual([]);
});

test('nothing else is in the log than what went wrong on the status page, and that nobody measured', () => {
  const messages = chain
    .lines()
    .map((line) => JSON.parse(line).msg.replace(/(, next attempt in .*)?:.*/, ''));
  expect(new Set(messages)).toEqual(new Set(['No data for service', 'Dashboard does not take it']));
});
