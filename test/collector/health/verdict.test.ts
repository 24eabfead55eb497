import { expect, test } from 'vitest';
import type { Track } from '../../../src/collector/datasources/datasource.ts';
import { parseExpression } from '../../../src/collector/health/expression.ts';
import type { FlagRule, HealthRules, Operator } from '../../../src/collector/health/rules.ts';
import { type Flag, statesOf, type Verdict, verdicts } from '../../../src/collector/health/verdict.ts';
import type { Status } from '../../../src/model/status.ts';
import { type Draw, drawing } from '../../chance.ts';

/** Times and values of each series, by flag. */
type Series = readonly (readonly (readonly [number, number])[])[];
type Case = {
  readonly flags: Readonly<Record<string, Series>>;
  readonly rules?: Readonly<Record<string, Partial<FlagRule>>>;
  readonly expressions?: readonly (readonly [string, Status])[];
  readonly onMissing?: HealthRules['onMissing'];
};

function trackOf(points: readonly (readonly [number, number])[]): Track {
  return { timesMs: points.map(([timeMs]) => timeMs), values: points.map(([, value]) => value) };
}

function ruleOf(name: string, rule: Partial<FlagRule> = {}): FlagRule {
  return { name, metric: name, query: name, op: 'gt', threshold: 0, ...rule };
}

async function verdictsOf({
  flags,
  rules = {},
  expressions = [],
  onMissing = 'no_data',
}: Case): Promise<readonly Verdict[]> {
  const found: Flag[] = [];
  for (const [name, series] of Object.entries(flags)) {
    const rule = ruleOf(name, rules[name]);
    found.push({ rule, states: await statesOf(rule, series.map(trackOf), () => undefined) });
  }
  const readable = expressions.map(([text, weight]) => {
    const expression = parseExpression(text, Object.keys(flags));
    if (typeof expression === 'string') throw new Error(expression);
    return { text, weight, expression };
  });
  return [...verdicts(found, readable, onMissing)].filter((verdict) => verdict !== undefined);
}

/** @param expected time, weight and what matched, newest first */
async function check(given: Case, expected: readonly (readonly [number, number, string?])[]): Promise<void> {
  const got = (await verdictsOf(given)).map(({ timeMs, weight, matched }) =>
    matched === undefined ? [timeMs, weight] : [timeMs, weight, matched],
  );
  expect(got).toEqual(expected);
}

test('a service without flags has no points', () => check({ flags: {}, expressions: [['true', 3]] }, []));
test('a service without flags has none either where a missing flag is down', () =>
  check({ flags: {}, expressions: [['true', 3]], onMissing: 'false' }, []));
test('flags without values have no points', () =>
  check({ flags: { a: [], b: [[]] }, expressions: [['true', 3]], onMissing: 'false' }, []));
test('a time at which one flag has no value has no point', () =>
  check(
    {
      flags: {
        a: [
          [
            [1, 1],
            [2, 1],
          ],
        ],
        b: [
          [
            [2, 0],
            [3, 1],
          ],
        ],
      },
      expressions: [['a', 2]],
    },
    [[2, 2, 'a']],
  ));
test('a flag that never has a value leaves no point at all, however bad the others are', () =>
  check({ flags: { a: [[[1, 1]]], b: [] }, expressions: [['a', 3]] }, []));
test('as CloudMon has it, a missing flag is down', () =>
  check(
    {
      flags: { a: [[[1, 1]]], b: [[[2, 1]]] },
      expressions: [
        ['a || b', 1],
        ['!a', 3],
      ],
      onMissing: 'false',
    },
    [
      [2, 3, '!a'],
      [1, 1, 'a || b'],
    ],
  ));
test('a missing flag that is down is stated, too', async () =>
  expect((await verdictsOf({ flags: { a: [[[1, 1]]], b: [] }, onMissing: 'false' }))[0]?.states).toEqual(
    new Map([
      ['a', true],
      ['b', false],
    ]),
  ));
test('times are the same only to the millisecond', () =>
  check({ flags: { a: [[[1_000, 1]]], b: [[[1_001, 1]]] } }, []));
test('NaN is no value', async () => {
  await check({ flags: { a: [[[1, Number.NaN]]], b: [[[1, 1]]] } }, []);
  await check({ flags: { a: [[[1, Number.NaN]], [[1, 0]]] } }, [[1, 0]]);
});
test('infinities are values', () =>
  check(
    {
      flags: {
        a: [
          [
            [1, Number.POSITIVE_INFINITY],
            [2, Number.NEGATIVE_INFINITY],
          ],
        ],
      },
      expressions: [['a', 2]],
    },
    [
      [2, 0],
      [1, 2, 'a'],
    ],
  ));
test('a flag is up where any of its series says so, whichever comes last', () =>
  check(
    {
      flags: {
        a: [
          [
            [1, 1],
            [2, 0],
          ],
          [
            [1, 0],
            [2, 1],
          ],
          [
            [1, 0],
            [2, 0],
          ],
        ],
      },
      expressions: [['a', 1]],
    },
    [
      [2, 1, 'a'],
      [1, 1, 'a'],
    ],
  ));

const sides: readonly (readonly [Operator, readonly [boolean, boolean, boolean]])[] = [
  ['lt', [true, false, false]],
  ['eq', [false, true, false]],
  ['gt', [false, false, true]],
];
for (const [op, expected] of sides) {
  test(`${op} compares with the threshold, below, at and above it`, async () =>
    expect(
      (
        await verdictsOf({
          flags: {
            a: [
              [
                [3, 9],
                [2, 10],
                [1, 11],
              ],
            ],
          },
          rules: { a: { op, threshold: 10 } },
        })
      ).map(({ states }) => states.get('a')),
    ).toEqual(expected));
}
test('values and thresholds have 32 bits, as in CloudMon', async () => {
  const isUp = async (value: number, op: Operator, threshold: number) =>
    (await verdictsOf({ flags: { a: [[[1, value]]] }, rules: { a: { op, threshold } } }))[0]?.states.get('a');
  expect(await isUp(Math.fround(0.1), 'eq', 0.1)).toBe(true);
  expect(await isUp(0.1 + 0.2, 'gt', 0.3)).toBe(false);
  expect(await isUp(16_777_217, 'eq', 16_777_216)).toBe(true);
  expect(await isUp(1e300, 'eq', Number.POSITIVE_INFINITY)).toBe(true);
  expect(await isUp(1e-50, 'gt', 0)).toBe(false);
});

test('the heaviest expression that holds counts, wherever it stands', async () => {
  const flags = { a: [[[1, 1]]], b: [[[1, 1]]] } as const;
  await check(
    {
      flags,
      expressions: [
        ['a', 1],
        ['b', 3],
        ['a && b', 2],
      ],
    },
    [[1, 3, 'b']],
  );
  await check(
    {
      flags,
      expressions: [
        ['a', 1],
        ['!b', 3],
        ['a && b', 2],
      ],
    },
    [[1, 2, 'a && b']],
  );
});
test('of two with the same weight the first counts', () =>
  check(
    {
      flags: { a: [[[1, 1]]] },
      expressions: [
        ['true', 2],
        ['a', 2],
      ],
    },
    [[1, 2, 'true']],
  ));
test('an expression of weight 0 never counts', () =>
  check({ flags: { a: [[[1, 1]]] }, expressions: [['a', 0]] }, [[1, 0]]));
test('without expressions everything is healthy', () => check({ flags: { a: [[[1, 1]]] } }, [[1, 0]]));

// A second implementation, as plain as can be, over random tracks.

const edges = [
  0,
  0.1,
  Math.fround(0.1),
  0.1 + 1e-9,
  1,
  1 + 2 ** -24,
  16_777_216,
  16_777_217,
  -1,
  1e39,
  1e-46,
];
const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const texts = [
  'f0',
  '!f0',
  'f0 && f1',
  'f1 || f2',
  'f0 == f1',
  '!(f0 && f2) || f1',
  'true',
  'f2 != f0 && f1',
];

function pick<T>(draw: Draw, from: readonly T[]): T {
  return from[draw(from.length)] as T;
}

function randomCase(draw: Draw): Required<Case> {
  const names = ['f0', 'f1', 'f2'];
  const series = () =>
    Array.from({ length: draw(4) }, () =>
      Array.from({ length: 12 }, (_none, at) => at * 1_000)
        .filter(() => draw(4) > 0)
        .map((timeMs) => [timeMs, pick(draw, draw(6) === 0 ? odd : edges)] as const),
    );
  return {
    flags: Object.fromEntries(names.map((name) => [name, series()])),
    rules: Object.fromEntries(
      names.map((name) => [
        name,
        { op: pick(draw, ['lt', 'gt', 'eq'] as const), threshold: pick(draw, [...edges, 1e39]) },
      ]),
    ),
    expressions: Array.from({ length: draw(5) }, () => [pick(draw, texts), draw(4) as Status] as const),
    onMissing: pick(draw, ['no_data', 'false'] as const),
  };
}

type Up = Readonly<Record<string, boolean | undefined>>;

function naive(given: Required<Case>) {
  const points: object[] = [];
  for (let timeMs = 11_000; timeMs >= 0; timeMs -= 1_000) {
    const up = naiveStates(given, timeMs);
    const known = Object.values(up).filter((state) => state !== undefined).length;
    const isPoint = given.onMissing === 'no_data' ? known === 3 : known > 0;
    if (isPoint) points.push({ timeMs, ...naiveVerdict(given.expressions, up) });
  }
  return points;
}

function naiveStates({ flags, rules }: Required<Case>, timeMs: number): Up {
  const up: Record<string, boolean | undefined> = {};
  for (const [name, series] of Object.entries(flags)) {
    const { op, threshold = 0 } = rules[name] ?? {};
    for (const [time, value] of series.flat()) {
      if (time !== timeMs || Number.isNaN(value)) continue;
      const [v = 0, t = 0] = new Float32Array([value, threshold]);
      const says = { lt: v < t, gt: v > t, eq: v === t }[op ?? 'gt'];
      up[name] = up[name] || says;
    }
  }
  return up;
}

function naiveVerdict(
  expressions: Required<Case>['expressions'],
  { f0 = false, f1 = false, f2 = false }: Up,
) {
  const values = [f0, !f0, f0 && f1, f1 || f2, f0 === f1, !(f0 && f2) || f1, true, f2 !== f0 && f1];
  const held = expressions.filter(([text]) => values[texts.indexOf(text)]);
  const weight = Math.max(0, ...held.map(([, each]) => each));
  const matched = weight > 0 ? held.find(([, each]) => each === weight)?.[0] : undefined;
  return { weight, states: new Map(Object.entries({ f0, f1, f2 })), matched };
}

for (let seed = 1; seed <= 1_000; seed += 250) {
  test(`verdicts of the seeds from ${seed} are those of a plainer way`, async () => {
    for (let at = seed; at < seed + 250; at++) {
      const given = randomCase(drawing(at));
      expect(await verdictsOf(given), `seed ${at}`).toEqual(naive(given));
    }
  });
}
