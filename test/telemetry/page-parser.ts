/**
 * Reads a page of metrics as strictly as its specification allows: Prometheus text 0.0.4 or
 * OpenMetrics 1.0.0. Written from the specifications, not from our printer.
 */

type ParsedSample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

export type ParsedFamily = {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly ParsedSample[];
};

export type Format = 'text' | 'openmetrics';

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*';

export function parsePage(page: string, format: Format): readonly ParsedFamily[] {
  if (!page.endsWith('\n')) throw new Error('the last line has no end');
  const lines = page.split('\n').slice(0, -1);
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('does not end with # EOF');
  const families: OpenFamily[] = [];
  let help: Help | undefined;
  for (const line of lines) {
    const [, word, name = '', text = ''] =
      new RegExp(`^# (HELP|TYPE) (${metricName}) (.*)$`, 's').exec(line) ?? [];
    const family = families.at(-1);
    if (word === 'HELP') {
      help = { name, text: unescaped(text, format === 'openmetrics') };
    } else if (word === 'TYPE') {
      families.push(begin(name, text, help, families));
    } else if (family) {
      family.samples.push(belonging(parseSample(line), family, format));
    } else {
      throw new Error(`out of place: ${line}`);
    }
  }
  for (const family of families) checkFamily(family);
  return families;
}

type Help = { readonly name: string; readonly text: string };
type OpenFamily = ParsedFamily & { samples: ParsedSample[] };

function begin(
  name: string,
  type: string,
  help: Help | undefined,
  before: readonly OpenFamily[],
): OpenFamily {
  if (help?.name !== name) throw new Error(`${name} has no help before its type`);
  if (before.some((other) => other.name === name)) throw new Error(`${name} comes twice`);
  return { name, type, help: help.text, samples: [] };
}

function parseSample(line: string): ParsedSample {
  const [, name = '', rest = ''] = new RegExp(`^(${metricName})(.*)$`, 's').exec(line) ?? [];
  if (name === '') throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  let left = rest;
  if (left.startsWith('{')) {
    left = left.slice(1);
    while (!left.startsWith('}')) {
      const [whole, label = '', value = ''] =
        /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,(?=[a-zA-Z_])|(?=\}))/s.exec(left) ?? [];
      if (whole === undefined) throw new Error(`bad labels: ${line}`);
      if (Object.hasOwn(labels, label)) throw new Error(`${label} comes twice: ${line}`);
      Object.defineProperty(labels, label, { value: unescaped(value, true), enumerable: true });
      left = left.slice(whole.length);
    }
    left = left.slice(1);
  }
  const [, value] = /^ (\+Inf|-Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/.exec(left) ?? [];
  if (value === undefined) throw new Error(`bad value: ${line}`);
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

function unescaped(text: string, hasQuotes: boolean): string {
  return text.replace(/\\(.)|"|\n/gs, (whole, escaped: string | undefined) => {
    if (escaped === 'n') return '\n';
    if (escaped === '\\' || (hasQuotes && escaped === '"')) return escaped;
    if (whole === '"' && !hasQuotes) return whole;
    throw new Error(`not escaped well: ${text}`);
  });
}

function belonging(sample: ParsedSample, family: ParsedFamily, format: Format): ParsedSample {
  const suffixes =
    family.type === 'histogram'
      ? ['_bucket', '_sum', '_count']
      : [family.type === 'counter' && format === 'openmetrics' ? '_total' : ''];
  if (!suffixes.some((suffix) => sample.name === family.name + suffix)) {
    throw new Error(`${sample.name} does not belong to ${family.name}`);
  }
  return sample;
}

/** No series twice; histograms are cumulative and end with +Inf, which is their count. */
function checkFamily({ name, type, samples }: ParsedFamily): void {
  const series = samples.map((sample) => JSON.stringify([sample.name, Object.entries(sample.labels).sort()]));
  if (new Set(series).size !== series.length) throw new Error(`${name} has a series twice`);
  if (type !== 'histogram') return;
  const groups = new Map<string, ParsedSample[]>();
  for (const sample of samples) {
    const { le: _, ...labels } = sample.labels;
    const key = JSON.stringify(Object.entries(labels).sort());
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  for (const group of groups.values()) checkHistogram(name, group);
}

function checkHistogram(name: string, samples: readonly ParsedSample[]): void {
  const buckets = samples.filter((sample) => sample.name.endsWith('_bucket'));
  const bounds = buckets.map(({ labels: { le = '' } }) => Number(le.replace('Inf', 'Infinity')));
  const isRising = (numbers: readonly number[], strictly: boolean) =>
    numbers.every(
      (number, at) =>
        at === 0 || number > (numbers[at - 1] ?? 0) || (!strictly && number === numbers[at - 1]),
    );
  if (!isRising(bounds, true) || bounds.at(-1) !== Number.POSITIVE_INFINITY)
    throw new Error(`${name}: bounds`);
  if (
    !isRising(
      buckets.map(({ value }) => value),
      false,
    )
  )
    throw new Error(`${name} is not cumulative`);
  const [sum, count] = ['_sum', '_count'].map((suffix) =>
    samples.filter((sample) => sample.name === name + suffix),
  );
  if (sum?.length !== 1 || count?.length !== 1) throw new Error(`${name} needs one sum and one count`);
  if (count[0]?.value !== buckets.at(-1)?.value) throw new Error(`${name}: +Inf is not the count`);
}
