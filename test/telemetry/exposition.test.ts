/** The pages of metrics: byte for byte where they are small, re-read by a strict parser where they are wild. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wantsOpenMetrics } from '../../src/exposition/accept.ts';
import type { Snapshot } from '../../src/exposition/family.ts';
import { openExposition } from '../../src/exposition/text.ts';
import { Failure, failureReasons } from '../../src/model/failure.ts';
import { outcomes } from '../../src/model/outcome.ts';
import { type Format, type ParsedFamily, parsePage } from './page-parser.ts';
import { actionFor, reading, stage, targetOf } from './stage.ts';

const snapshot: Snapshot = [
  {
    name: 'polls_total',
    type: 'counter',
    help: 'A "quote", a \\ and\na line.',
    samples: [
      { name: 'polls_total', labels: { result: 'ok' }, value: 12 },
      { name: 'polls_total', labels: { result: 'a"b\\c\nd,e="f"}' }, value: 0 },
    ],
  },
  { name: 'nothing', type: 'gauge', help: 'Nothing yet.', samples: [] },
  {
    name: 'took_seconds',
    type: 'histogram',
    help: 'Time.',
    samples: [
      { name: 'took_seconds_bucket', labels: { le: '1.0' }, value: 1 },
      { name: 'took_seconds_bucket', labels: { le: '+Inf' }, value: 2 },
      { name: 'took_seconds_sum', labels: {}, value: 3.5 },
      { name: 'took_seconds_count', labels: {}, value: 2 },
    ],
  },
  {
    name: 'odd',
    type: 'gauge',
    help: 'Odd numbers.',
    samples: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 1e21, 1e-7].map(
      (value, n) => ({ name: 'odd', labels: { n: String(n) }, value }),
    ),
  },
];

test('text 0.0.4', () => {
  expect(openExposition().text(snapshot)).toEqual({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
    body: `# HELP polls_total A "quote", a \\\\ and\\na line.
# TYPE polls_total counter
polls_total{result="ok"} 12
polls_total{result="a\\"b\\\\c\\nd,e=\\"f\\"}"} 0
# HELP nothing Nothing yet.
# TYPE nothing gauge
# HELP took_seconds Time.
# TYPE took_seconds histogram
took_seconds_bucket{le="1.0"} 1
took_seconds_bucket{le="+Inf"} 2
took_seconds_sum 3.5
took_seconds_count 2
# HELP odd Odd numbers.
# TYPE odd gauge
odd{n="0"} NaN
odd{n="1"} +Inf
odd{n="2"} -Inf
odd{n="3"} -1
odd{n="4"} 1e+21
odd{n="5"} 1e-7
`,
  });
});

test('OpenMetrics 1.0.0', () => {
  expect(openExposition().openMetrics(snapshot.slice(0, 3))).toEqual({
    status: 200,
    type: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    body: `# HELP polls A \\"quote\\", a \\\\ and\\na line.
# TYPE polls counter
polls_total{result="ok"} 12
polls_total{result="a\\"b\\\\c\\nd,e=\\"f\\"}"} 0
# HELP nothing Nothing yet.
# TYPE nothing gauge
# HELP took_seconds Time.
# TYPE took_seconds histogram
took_seconds_bucket{le="1.0"} 1
took_seconds_bucket{le="+Inf"} 2
took_seconds_sum 3.5
took_seconds_count 2
# EOF
`,
  });
});

test('printing one format changes nothing about the other', () => {
  const { text, openMetrics } = openExposition();
  const before = text(snapshot);
  openMetrics(snapshot);
  expect(text(snapshot)).toEqual(before);
});

const prometheus2 =
  'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const prometheus3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

test.each([
  [prometheus2, true],
  [prometheus3, true],
  ['application/openmetrics-text', true],
  ['Application/OpenMetrics-Text ; Version="1.0.0" , */*', true],
  ['application/openmetrics-text;q=0.5,*/*;q=0.1', true],
  ['application/openmetrics-text;q=0.3,text/plain;q=0.3', true],
  ['text/plain;version=0.0.3,application/openmetrics-text;q=0.2,*/*;q=0.1', true],
  ['', false],
  ['*/*', false],
  ['application/*', false],
  ['text/plain', false],
  ['text/html,application/xhtml+xml,*/*;q=0.8', false],
  ['application/openmetrics-text;q=0', false],
  ['application/openmetrics-text;q=0.000,text/plain;q=0', false],
  ['application/openmetrics-text;q=much', false],
  ['application/openmetrics-text;q=7', false],
  ['application/openmetrics-text;version=2.0.0,text/plain;version=0.0.4;q=0.1', false],
  ['application/openmetrics-text;version=0.0.1', false],
  ['application/openmetrics-text;q=0.2,text/plain;q=0.3', false],
  ['application/openmetrics-text;q=0.2,text/*;q=0.3', false],
  ['application/openmetrics-text;q=0.2,*/*', false],
  [',;,=;q,', false],
])('Accept: %s', (accept, expected) => expect(wantsOpenMetrics(accept)).toBe(expected));

test('who asks for OpenMetrics gets it, with its type', async () => {
  const { ask } = stage([targetOf('api')]);
  expect((await ask('/metrics')).type).toBe('text/plain; version=0.0.4; charset=utf-8');
  const page = await ask('/metrics', prometheus2);
  expect(page.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(page.body.endsWith('\n# EOF\n')).toBe(true);
});

/** Names as hostile as a configuration lets them be, and more: it refuses line ends. */
const name = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      'b',
      ',',
      ':',
      '"',
      '\\',
      '\n',
      '{',
      '}',
      '=',
      ' ',
      'service:',
      'environment:',
      '<',
    ),
    minLength: 1,
    maxLength: 6,
  }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    'x'.repeat(200),
    '🔥'.repeat(100),
    '__proto__',
    'constructor',
    '\r',
  ),
);

const formats: readonly Format[] = ['text', 'openmetrics'];
const accepts = { text: '', openmetrics: 'application/openmetrics-text' } as const;

test('any name is read back as it is, each target and dashboard once', () =>
  fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(name, name), { selector: String, maxLength: 8 }),
      fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
      async (pairs, dashboards) => {
        const { ask } = stage(
          pairs.map(([service, environment]) => targetOf(service, environment)),
          dashboards,
        );
        for (const format of formats) {
          const families = parsePage((await ask('/metrics', accepts[format])).body, format);
          const labelsOf = (family: string) =>
            families
              .find((each) => each.name === `cloudmon_reporter_${family}`)
              ?.samples.map(({ labels }) => labels);
          const targets = pairs.map(([service, environment]) => ({ service, environment }));
          expect(labelsOf('service_status')).toEqual(targets);
          expect(labelsOf('deliveries_in_flight')).toEqual(dashboards.map((dashboard) => ({ dashboard })));
        }
      },
    ),
  ));

test('two targets whose names would run together in a text have a series each', async () => {
  const targets = [targetOf('b,service:c', 'a'), targetOf('c', 'a,service:b')];
  const { ask, witness } = stage(targets);
  targets.forEach((target, at) => {
    witness.read(reading(target, at === 0 ? 1 : 3));
  });
  const families = parsePage((await ask('/metrics')).body, 'text');
  const status = families.find((family) => family.name === 'cloudmon_reporter_service_status');
  expect(status?.samples.map(({ value }) => value)).toEqual([1, 3]);
});

const targets = ['a', 'b'].map((service) => targetOf(service));
const failure = fc.option(
  fc.constantFrom(...failureReasons).map((reason) => new Failure('dashboard', reason, 'said')),
  { nil: undefined },
);
const duration = fc.double({ min: 0, max: 200_000, noNaN: true });
const target = fc.constantFrom(...targets, targetOf('unknown'));
const dashboard = fc.constantFrom('one', 'two', 'unknown');

type Stage = ReturnType<typeof stage>;

const event: fc.Arbitrary<(on: Stage) => void> = fc.oneof(
  fc.tuple(target, duration, failure).map((told) => (on: Stage) => on.witness.asked(...told)),
  fc.tuple(target, fc.constantFrom(0, 1, 2, 3, undefined)).map(
    ([which, status]) =>
      (on: Stage) =>
        on.witness.read(reading(which, status as 0 | undefined)),
  ),
  fc.tuple(target, dashboard, duration, failure, fc.boolean()).map(
    ([which, where, ms, said, again]) =>
      (on: Stage) =>
        on.witness.attempted(actionFor(which, where), ms, said, again),
  ),
  fc.tuple(target, dashboard, fc.constantFrom(...outcomes), failure).map(
    ([which, where, outcome, said]) =>
      (on: Stage) =>
        on.witness.delivered(actionFor(which, where), outcome, said, undefined),
  ),
  duration.map((ms) => (on: Stage) => on.witness.cycleDone(ms, [])),
  fc.nat(9).map((count) => (on: Stage) => on.witness.cyclesSkipped(count)),
  fc.constant((on: Stage) => on.configure(targets, ['one', 'two'])),
);

test('no counter falls, and every page can be read, whatever happens', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.array(event, { maxLength: 12 }), { maxLength: 6 }), async (bursts) => {
      const on = stage(targets, ['one', 'two']);
      const before = new Map<string, number>();
      for (const burst of bursts) {
        for (const happen of burst) happen(on);
        for (const format of formats) {
          for (const [series, value] of rising(
            parsePage((await on.ask('/metrics', accepts[format])).body, format),
          )) {
            expect(value, series).toBeGreaterThanOrEqual(before.get(series) ?? 0);
            before.set(series, value);
          }
        }
      }
    }),
    { numRuns: 60 },
  ));

/** Whatever must never fall, by series. */
function rising(families: readonly ParsedFamily[]): [string, number][] {
  return families
    .filter(({ type }) => type === 'counter' || type === 'histogram')
    .flatMap(({ samples }) =>
      samples.map(({ name, labels, value }): [string, number] => [name + JSON.stringify(labels), value]),
    );
}

test('JSON has the same families and values as text', async () => {
  const on = stage(targets, ['one', 'two']);
  on.witness.asked(targetOf('a'), 12, undefined);
  const { metrics, timestamp, uptime_seconds } = JSON.parse((await on.ask('/metrics/json')).body);
  expect([timestamp, uptime_seconds]).toEqual(['2026-01-20T12:00:00Z', 0]);
  const parsed = parsePage((await on.ask('/metrics')).body, 'text');
  const strip = ({ name, type, help, samples }: ParsedFamily) => ({
    name,
    type,
    help,
    samples: type === 'histogram' ? samples : samples.map(({ labels, value }) => ({ labels, value })),
  });
  expect(metrics).toEqual(parsed.map(strip));
});
