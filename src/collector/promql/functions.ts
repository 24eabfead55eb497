/** The functions of Prometheus: what each takes and gives, and which of them this subset has. */
import type { ValueType } from './syntax.ts';

export type Signature = {
  readonly takes: readonly ValueType[];
  /** How many more than `takes` without its last there may be. */
  readonly optional: number;
  readonly gives: ValueType;
};

/** `?`: may be left out; `*`: as often as wanted. What gives no vector says so. */
const written: Readonly<Record<string, string>> = {
  ...all(
    'vector',
    'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor ln log10 log2 rad',
  ),
  ...all('vector', 'sgn sin sinh sort sort_desc sqrt tan tanh timestamp histogram_count histogram_sum'),
  ...all(
    'matrix',
    'absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate',
  ),
  ...all('matrix', 'last_over_time max_over_time min_over_time present_over_time rate resets'),
  ...all('matrix', 'stddev_over_time stdvar_over_time sum_over_time'),
  ...all('vector?', 'days_in_month day_of_month day_of_week day_of_year hour minute month year'),
  clamp: 'vector scalar scalar',
  clamp_max: 'vector scalar',
  clamp_min: 'vector scalar',
  histogram_fraction: 'scalar scalar vector',
  histogram_quantile: 'scalar vector',
  holt_winters: 'matrix scalar scalar',
  label_join: 'vector string string string*',
  label_replace: 'vector string string string string',
  pi: '-> scalar',
  predict_linear: 'matrix scalar',
  quantile_over_time: 'scalar matrix',
  round: 'vector scalar?',
  scalar: 'vector -> scalar',
  time: '-> scalar',
  vector: 'scalar',
};

function all(takes: string, names: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, takes]));
}

export const signatures: ReadonlyMap<string, Signature> = new Map(
  Object.entries(written).map(([name, text]) => [name, signatureOf(text)]),
);

function signatureOf(text: string): Signature {
  const [takes = '', gives = 'vector'] = text.split('->').map((part) => part.trim());
  const optional = takes.endsWith('?') ? 1 : takes.endsWith('*') ? Number.POSITIVE_INFINITY : 0;
  const types = takes === '' ? [] : takes.replace(/[?*]$/, '').split(' ');
  return { takes: types as ValueType[], optional, gives: gives as ValueType };
}

export const aggregations: ReadonlyMap<string, { readonly parameter: ValueType | undefined }> = new Map(
  Object.entries({
    avg: undefined,
    bottomk: 'scalar',
    count: undefined,
    count_values: 'string',
    group: undefined,
    max: undefined,
    min: undefined,
    quantile: 'scalar',
    stddev: undefined,
    stdvar: undefined,
    sum: undefined,
    topk: 'scalar',
  } as const).map(([name, parameter]) => [name, { parameter }]),
);
