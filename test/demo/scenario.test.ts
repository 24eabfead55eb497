import { expect, test } from 'vitest';
import { type Position, startScenario } from '../../src/demo/scenario.ts';
import type { Change, Story } from '../../src/demo/story.ts';
import { FakeClock } from '../fake-clock.ts';

const search = { service: 'search', environment: 'production' };
const fast = { perSecond: 1, latencyMs: 10, errorShare: 0, path: '/' };
const slow = { ...fast, latencyMs: 900 };

const short: Story = {
  durationMs: 10_000,
  cast: [{ target: search, traffic: fast }],
  steps: [
    { atMs: 2_000, says: 'ill', change: { type: 'traffic', target: search, traffic: slow } },
    { atMs: 5_000, says: 'down', change: { type: 'page', becomes: 'away' } },
    { atMs: 9_000, says: 'well', change: { type: 'traffic', target: search, traffic: fast } },
  ],
};

function play(told: Story, speed = 1) {
  const clock = new FakeClock();
  const seen: [number, Change][] = [];
  const scenario = startScenario(told, {
    clock,
    speed,
    apply: (change) => seen.push([clock.monotonic(), change]),
  });
  return { clock, seen, scenario };
}

function place({ atMs, rounds, last, next }: Position): unknown[] {
  return [atMs, rounds, last?.says, next?.says];
}

test('every step comes at its time, and all of them again in the next round', async () => {
  const { clock, seen } = play(short);
  await clock.advance(25_000);
  const [ill, down, well] = short.steps.map(({ change }) => change);
  expect(seen).toEqual([
    [2_000, ill],
    [5_000, down],
    [9_000, well],
    [12_000, ill],
    [15_000, down],
    [19_000, well],
    [22_000, ill],
    [25_000, down],
  ]);
});

test('ten times as fast takes a tenth of the time', async () => {
  const { clock, seen } = play(short, 10);
  await clock.advance(1_300);
  expect(seen.map(([ms]) => ms)).toEqual([200, 500, 900, 1_200]);
});

test('it knows where it is', async () => {
  const { clock, scenario } = play(short);
  expect(place(scenario.position())).toEqual([0, 0, undefined, 'ill']);
  await clock.advance(6_000);
  expect(place(scenario.position())).toEqual([6_000, 0, 'down', 'well']);
  await clock.advance(5_000);
  expect(place(scenario.position())).toEqual([1_000, 1, 'well', 'ill']);
});

test('after a stop nothing comes and no timer is left', async () => {
  const { clock, seen, scenario } = play(short);
  await clock.advance(3_000);
  scenario.stop();
  expect(clock.waiting).toEqual([]);
  await clock.advance(60_000);
  expect(seen.length).toBe(1);
});
