import { afterEach, expect, test } from 'vitest';
import { type Convertor, startConvertor } from '../../src/demo/convertor.ts';
import type { TargetState } from '../../src/demo/target-state.ts';
import { FakeClock } from '../fake-clock.ts';
import { ask } from './ask.ts';

const clock = new FakeClock();
const nowS = clock.now() / 1000;
let convertor: Convertor;

afterEach(() => convertor?.stop());

const query = 'from=2026-01-20T11:55:00Z&to=2026-01-20T12:00:00Z&service=ecs&environment=eu-de';

async function check(state: TargetState, expected: unknown): Promise<void> {
  convertor = await startConvertor({ clock });
  convertor.set('ecs', 'eu-de', state);
  const answer = await ask(`${convertor.url}/v1/health?${query}`);
  expect(answer.headers['content-type']).toBe('application/json');
  expect(JSON.parse(String(answer.body))).toEqual(expected);
}

test('a target that nobody set is healthy as of now, in shape A', async () => {
  convertor = await startConvertor({ clock });
  const answer = await ask(`${convertor.url}/api/v1/health?${query}`);
  expect(JSON.parse(String(answer.body))).toEqual({
    name: 'ecs',
    service_category: 'compute',
    environment: 'eu-de',
    metrics: [
      { timestamp: nowS, weight: 0, metric_states: { 'ecs.api_down': false }, triggered_metric_details: [] },
    ],
  });
});

test('shape A tells the flags that were raised', () =>
  check(
    { status: 2, ageMs: 30_000 },
    {
      name: 'ecs',
      service_category: 'compute',
      environment: 'eu-de',
      metrics: [
        {
          timestamp: nowS - 30,
          weight: 2,
          metric_states: { 'ecs.api_down': true },
          matched_expression: 'ecs.api_down',
          triggered_metric_details: [
            { name: 'ecs.api_down', query: 'stats.eu-de.ecs.api_down', op: 'gt', threshold: 100 },
          ],
        },
      ],
    },
  ));

test('shape A with aliases', () =>
  check(
    { status: 1, shape: 'A-aliases' },
    { name: 'ecs', environment: 'eu-de', metrics: [{ ts: nowS, status: 1 }] },
  ));

test('shape B is pairs', () =>
  check(
    { status: 1, shape: 'B' },
    { name: 'ecs', service_category: 'compute', environment: 'eu-de', metrics: [[nowS, 1]] },
  ));

test('shape C has a series for every region', () =>
  check(
    { status: 1, shape: 'C', regions: ['a', 'b'] },
    {
      name: 'ecs',
      category: 'compute',
      environment: 'eu-de',
      metrics: [
        { region: 'a', datapoints: [[nowS, 1]] },
        { region: 'b', datapoints: [[nowS, 1]] },
      ],
    },
  ));

test('shape D has one series without a region', () =>
  check(
    { status: 1, shape: 'D' },
    { name: 'ecs', category: 'compute', environment: 'eu-de', metrics: { datapoints: [[nowS, 1]] } },
  ));

test('shape F is one flat status', () =>
  check(
    { status: 1, shape: 'F' },
    {
      service: 'ecs',
      environment: 'eu-de',
      status: 1,
      message: 'Service degraded',
      timestamp: '2026-01-20T12:00:00Z',
    },
  ));

test('shape H has no points', () =>
  check(
    { status: 1, shape: 'H' },
    { name: 'ecs', service_category: 'compute', environment: 'eu-de', metrics: [] },
  ));

test('shape G is a list with a neighbour that feels the opposite', async () => {
  convertor = await startConvertor({ clock });
  convertor.set('ecs', 'eu-de', { status: 1, shape: 'G' });
  const answer = await ask(`${convertor.url}/v1/health?${query}`);
  const list = JSON.parse(String(answer.body));
  expect(
    list.map((one: { name: string; metrics: { weight: number }[] }) => [one.name, one.metrics[0]?.weight]),
  ).toEqual([
    ['ecs-neighbour', 0],
    ['ecs', 1],
  ]);
});

test('the Graphite facade answers shape E, and nothing for another target', async () => {
  convertor = await startConvertor({ clock });
  convertor.set('ecs', 'eu-de', { status: 2 });
  const known = await ask(`${convertor.url}/render?target=health.eu-de.ecs&from=-5min&until=now&format=json`);
  expect(JSON.parse(String(known.body))).toEqual([{ target: 'ecs', datapoints: [[2, nowS]] }]);
  const other = await ask(`${convertor.url}/render?target=stats.eu-de.ecs`);
  expect(String(other.body)).toBe('[]');
});
