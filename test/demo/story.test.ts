/** The story that ships, played to its end through the real client, collector, reporter and dashboard. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { story, type TargetName } from '../../src/demo/story.ts';
import { levelWord } from '../../src/pages/level.ts';
import { ask } from './ask.ts';
import { type Chain, startChain } from './chain.ts';

/** What the reporter reads after a step, from `withinMs` on until the next step about this target. */
const withinMs = 7_000;

let chain: Chain;
let isDown: readonly boolean[];
let accepted: readonly { readonly atMs: number; readonly service: string; readonly status: number }[];

beforeAll(async () => {
  chain = await startChain();
  await chain.play(50_000);
  const before = await state();
  await chain.play(10_000);
  isDown = [before.isDashboardDown, (await state()).isDashboardDown];
  await chain.play(60_000);
  const startMs = chain.clock.now() - chain.clock.monotonic();
  const stored = JSON.parse(String((await ask(`${chain.settings.dashboardUrl}/api/incidents`)).body));
  accepted = stored.map((one: (typeof accepted)[number]) => ({ ...one, atMs: one.atMs - startMs }));
}, 60_000);
afterAll(() => chain.stop());

async function state() {
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

test('the dashboard hears of nothing while it is away, and soon after how things are', () => {
  expect(isDown).toEqual([true, false]);
  const times = accepted.map(({ atMs }) => atMs / 1000);
  expect(times.filter((at) => at > 44.5 && at < 53)).toEqual([]);
  expect(times.filter((at) => at >= 53 && at < 53 + 7)).not.toEqual([]);
});

test('the first incident is there within ten seconds', () => {
  expect(accepted[0]).toMatchObject({ service: 'search', status: 1 });
  expect(accepted[0]?.atMs).toBeLessThan(10_000);
});

test('who is well is never reported, nor is who has no data', () => {
  expect(accepted.filter(({ service }) => service === 'accounts' || service === 'media')).toEqual([]);
});

test('nothing else is in the log than that the dashboard was away and that nobody measured', () => {
  const messages = chain
    .lines()
    .map((line) => JSON.parse(line).msg.replace(/(, next attempt in .*)?:.*/, ''));
  expect(new Set(messages)).toEqual(
    new Set([
      'No data for service',
      'Dashboard does not take it',
      'Could not send notification to dashboard',
    ]),
  );
});
