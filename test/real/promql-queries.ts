/** Queries of the subset, drawn by chance, and what becomes of them where a word is wrong. */
import type { Draw } from '../chance.ts';
import { endMs, startMs } from './promql-samples.ts';

export type Asked = { readonly path: string; readonly parameters: Readonly<Record<string, string>> };

const selectors = [
  'requests_total',
  'requests_total{code="200"}',
  'requests_total{code!="200",job=~"api|web"}',
  'requests_total{instance=~"[ab]:.+",code=~"5.."}',
  'errors_total',
  'errors_total{job!~"mail|x"}',
  'queue',
  'queue{Zone="south"}',
  'queue{Zone=~"n.*|"}',
  'load',
  'load{job="api",instance=~".*"}',
  'up',
  'up{job="api"}',
  'odd',
  'odd{kind!~"nan|huge"}',
  'odd{kind="mixed"}',
  'exact',
  'rare',
  'rare{kind=~"é.*"}',
  'first',
  'second',
  'third',
  '{__name__=~"first|third"}',
  '{__name__=~"first|second",job="api"}',
  '{__name__=~"second|third"}',
  '{__name__=~".*_total",job="api",code!="500"}',
  '{job="mail",__name__!="queue"}',
  'nothing{job="x",kind="",other=~"y"}',
];
const ranges = ['15s', '29s', '30s', '1m', '90s', '5m', '7m30s', '20m', '1h', '1ms'];
const offsets = [' offset 1m', ' offset 7m', ' offset -2m', ' offset -10m', ' offset 45m', ' offset 15s'];
const overTime = [
  'rate',
  'increase',
  'delta',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'sum_over_time',
  'count_over_time',
  'last_over_time',
];
const groupings = [
  'by (job)',
  'by (instance, job)',
  'by (code)',
  'by (__name__)',
  'by ()',
  'without (instance)',
];
const moreGroupings = ['without (code, Zone)', 'without ()', 'by (job, job, missing)', 'by (kind, Zone,)'];
const matchings = [
  '',
  '',
  ' on (job, instance)',
  ' ignoring (code)',
  ' on (job)',
  ' ignoring (Zone)',
  ' on ()',
];
const numbers = [
  '0',
  '1',
  '-1',
  '0.5',
  '2',
  '3.7',
  '1e3',
  '0x1F',
  'Inf',
  '-Inf',
  'NaN',
  '010',
  '.5',
  '100',
  '-0',
];
const arithmetic = ['+', '-', '*', '/', '%'];
const comparisons = ['==', '!=', '<', '<=', '>', '>='];

function one(draw: Draw, from: readonly string[]): string {
  return from[draw(from.length)] as string;
}

function maybe(draw: Draw, of: number, text: () => string): string {
  return draw(of) === 0 ? text() : '';
}

function selector(draw: Draw): string {
  return one(draw, selectors) + maybe(draw, 5, () => one(draw, offsets));
}

function window(draw: Draw): string {
  return `${one(draw, selectors)}[${one(draw, ranges)}]${maybe(draw, 5, () => one(draw, offsets))}`;
}

function scalar(draw: Draw, depth: number): string {
  if (depth === 0 || draw(2) === 0) return one(draw, numbers);
  if (draw(3) === 0) return `scalar(${vector(draw, depth - 1)})`;
  if (draw(4) === 0) return `-${one(draw, ['2', '(1 + 2)', 'scalar(exact)'])}`;
  const operator = draw(2) === 0 ? one(draw, arithmetic) : `${one(draw, comparisons)} bool`;
  return `(${scalar(draw, depth - 1)} ${operator} ${scalar(draw, depth - 1)})`;
}

function overWindow(draw: Draw): string {
  if (draw(8) > 0) return `${one(draw, overTime)}(${window(draw)})`;
  return `quantile_over_time(${one(draw, ['0.5', '0', '1', '0.99', '-1', '2', 'scalar(up{job="api",instance="a:80"})'])}, ${window(draw)})`;
}

function aggregation(draw: Draw, depth: number): string {
  const grouping = maybe(draw, 1, () => one(draw, [...groupings, ...moreGroupings, '']));
  const operator = one(draw, ['sum', 'avg', 'min', 'max', 'count', 'SUM', 'quantile']);
  const parameter =
    operator === 'quantile' ? `${one(draw, ['0.5', '0.9', '0', '1', '-0.1', '1.1', '0.33'])}, ` : '';
  const inner = `(${parameter}${vector(draw, depth - 1)})`;
  return draw(2) === 0 ? `${operator} ${grouping} ${inner}` : `${operator}${inner} ${grouping}`;
}

function call(draw: Draw, depth: number): string {
  const inner = () => vector(draw, depth - 1);
  const calls = [
    () => `abs(${inner()})`,
    () => `ceil(${inner()})`,
    () => `floor(${inner()})`,
    () => `round(${inner()})`,
    () => `round(${inner()}, ${one(draw, ['0.5', '10', '0.01', '0', '-2', 'NaN', '3'])})`,
    () => `clamp_min(${inner()}, ${scalar(draw, depth - 1)})`,
    () => `clamp_max(${inner()}, ${scalar(draw, depth - 1)})`,
    () => `vector(${scalar(draw, depth - 1)})`,
    () => `absent(${draw(2) === 0 ? selector(draw) : inner()})`,
  ];
  return (calls[draw(calls.length)] as () => string)();
}

function binary(draw: Draw, depth: number): string {
  const isArithmetic = draw(2) === 0;
  const operator = isArithmetic
    ? one(draw, arithmetic)
    : one(draw, comparisons) + maybe(draw, 2, () => ' bool');
  const kind = draw(4);
  const left = kind === 0 ? scalar(draw, depth - 1) : vector(draw, depth - 1);
  if (kind > 1) return `${left} ${operator}${one(draw, matchings)} ${vector(draw, depth - 1)}`;
  return `${left} ${operator} ${kind === 0 ? vector(draw, depth - 1) : scalar(draw, depth - 1)}`;
}

/** Two metrics with the same labels but the name, which really meet. */
function pair(draw: Draw): string {
  const operator =
    draw(2) === 0 ? one(draw, arithmetic) : one(draw, comparisons) + maybe(draw, 2, () => ' bool');
  const pairs = [
    ['errors_total', ' ', 'load'],
    ['sum without (code) (rate(requests_total[5m]))', ' ', 'up'],
    ['requests_total{code="500"}', ' ignoring (code) ', 'requests_total{code="200"}'],
    ['queue', ' on (job, instance) ', 'load'],
    ['rate(errors_total[5m])', ' ', 'sum by (job, instance) (rate(requests_total[5m]))'],
    ['{__name__=~"first|second",job="api"}', ' ', 'third'],
    ['third', ' on (job) ', '{__name__=~"first|second",job="api"}'],
    ['second', ' ', 'third'],
  ];
  const [left, matching, right] = pairs[draw(pairs.length)] as [string, string, string];
  return `${left} ${operator}${matching}${right}`;
}

export function vector(draw: Draw, depth: number): string {
  if (depth === 0) return draw(2) === 0 ? selector(draw) : overWindow(draw);
  switch (draw(8)) {
    case 0:
      return selector(draw);
    case 1:
      return overWindow(draw);
    case 2:
    case 3:
      return aggregation(draw, depth);
    case 4:
      return call(draw, depth);
    case 5:
      return draw(4) === 0 ? `-${vector(draw, depth - 1)}` : `(${vector(draw, depth - 1)})`;
    case 6:
      return pair(draw);
    default:
      return draw(3) === 0 ? binary(draw, depth) : `(${binary(draw, depth)})`;
  }
}

const pieces: readonly string[] = [
  ...[
    'a',
    'up',
    'sum',
    'by',
    'without',
    'on',
    'ignoring',
    'bool',
    'offset',
    'rate',
    'abs',
    'round',
    'atan2',
    'and',
  ],
  ...[
    '(',
    ')',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '=',
    '==',
    '!=',
    '=~',
    '!~',
    '<',
    '>',
    '+',
    '-',
    '*',
    '/',
    '%',
  ],
  ...[
    '1',
    '0x1f',
    '.5',
    '5.',
    '1e3',
    'Inf',
    'nan',
    '5m',
    '1h30m',
    '5',
    '"a"',
    "'b'",
    '`c`',
    '"\\n"',
    '"',
    '\\',
    ' ',
    '\n',
  ],
  ...[
    'up{job="api"}',
    'up[5m]',
    'rate(up[5m])',
    'sum(up)',
    'by (job)',
    '# x\n',
    'vector(1)',
    '@',
    '^',
    'é',
    '$',
    ';',
    '_',
  ],
];

/** Words in any order. */
export function soup(draw: Draw): string {
  return Array.from({ length: 1 + draw(8) }, () => one(draw, pieces)).join(draw(2) === 0 ? '' : ' ');
}

/** A query with a character that is gone, doubled, or another one. */
export function damaged(draw: Draw): string {
  const query = vector(draw, 2);
  const at = draw(query.length);
  const other = ['', query.slice(at, at + 1).repeat(2), one(draw, pieces)][draw(3)] as string;
  return query.slice(0, at) + other + query.slice(at + 1);
}

/** At one moment, or over time; now and then just where something begins or ends. */
export function asked(draw: Draw, query: string): Asked {
  const spanMs = endMs - startMs;
  const anyMs = startMs + draw(spanMs + 900_000);
  const evenMs = startMs + 15_000 * draw(spanMs / 15_000) + ([0, 0, 300_000, 299_999, 300_001][draw(5)] ?? 0);
  const timeMs = draw(2) === 0 ? anyMs : evenMs;
  if (draw(2) === 0) return { path: 'query', parameters: { query, time: seconds(timeMs) } };
  const stepMs = [15_000, 60_000, 7_000, 333, 300_000, 1_800_000, 20_500][draw(7)] as number;
  const toMs = timeMs + stepMs * draw(60);
  return {
    path: 'query_range',
    parameters: { query, start: seconds(timeMs), end: seconds(toMs), step: seconds(stepMs) },
  };
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
