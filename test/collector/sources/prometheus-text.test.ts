/** The reader of what exporters answer: the format's corners, exact complaints, and hostile bytes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePrometheusText } from '../../../src/collector/sources/prometheus-text.ts';
import type { Family, FamilyType } from '../../../src/exposition/family.ts';
import { openExposition } from '../../../src/exposition/text.ts';
import { Failure } from '../../../src/model/failure.ts';
import { limits } from '../../../src/model/limits.ts';
import { heldBytes, mebibyte } from '../../memory.ts';

type Format = 'text' | 'openMetrics';

async function read(text: string | Buffer, format: Format = 'text'): Promise<readonly Family[]> {
  return parsePrometheusText(Buffer.from(text as string), format === 'openMetrics', () => undefined);
}

/** What is read, a line for each family and sample; or what is said against it. */
async function check(text: string | Buffer, expected: string | readonly string[], format?: Format) {
  let said: string | readonly string[];
  try {
    said = (await read(text, format)).flatMap(({ name, type, help, samples }) => [
      `${name} ${type} ${help}`.replace(/ $/, ''),
      ...samples.map((sample) => `  ${sample.name}${JSON.stringify(sample.labels)} ${sample.value}`),
    ]);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.code).toBe('source.garbled');
    said = error.message;
  }
  expect(said).toEqual(expected);
}

const ofText = {
  'a name and a value': ['up 1', ['up untyped', '  up{} 1']],
  'no line feed behind the last line': ['a 1\nb 2', ['a untyped', '  a{} 1', 'b untyped', '  b{} 2']],
  'blanks and tabs wherever they may stand': [
    '\t  a \t{ \tb =\t"c" , d\t= "e" ,\t} \t 1.5\t 1395066363000 \t\n \n\t\n',
    ['a untyped', '  a{"b":"c","d":"e"} 1.5'],
  ],
  'no blanks at all': ['a{b="c"}1', ['a untyped', '  a{"b":"c"} 1']],
  'a comma behind the last label': ['a{b="c",} 1', ['a untyped', '  a{"b":"c"} 1']],
  'braces without a label': ['a{} 1\na{ } 2', ['a untyped', '  a{} 1', '  a{} 2']],
  'escapes in a label': [
    String.raw`a{b="\\ \" \n \t \\n"} 1`,
    ['a untyped', String.raw`  a{"b":"\\ \" \n \\t \\n"} 1`],
  ],
  'braces, commas and # inside a label': ['a{b="},c=# {"} 1', ['a untyped', '  a{"b":"},c=# {"} 1']],
  'an empty label': ['a{b=""} 1', ['a untyped', '  a{"b":""} 1']],
  'names of objects as labels': [
    'constructor{toString="1",hasOwnProperty="2"} 1',
    ['constructor untyped', '  constructor{"toString":"1","hasOwnProperty":"2"} 1'],
  ],
  'HELP and TYPE': [
    '# HELP a  Some \\\\ help \\n with "quotes" \\"\n#  TYPE\ta\tgauge \na 1\n',
    ['a gauge Some \\ help \n with "quotes" \\"', '  a{} 1'],
  ],
  'HELP and TYPE behind the samples': [
    'h_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n# TYPE h histogram\n# HELP h Late.\n',
    ['h histogram Late.', '  h_bucket{"le":"+Inf"} 1', '  h_sum{} 1', '  h_count{} 1'],
  ],
  'HELP without a text, and of nothing': ['# HELP a\n# HELP\n# TYPE\n# TYPEa b\n', ['a untyped']],
  'TYPE of nothing that follows': ['# TYPE a counter', ['a counter']],
  'HELP and TYPE twice': [
    '# HELP a 1\n# TYPE a gauge\n# HELP a 2\n# TYPE a counter\na 1',
    ['a gauge 1', '  a{} 1'],
  ],
  comments: ['# a 1\n#\n#b 2\n##\n# HELPa b\n#HELP a b\n# EOF\na 1', ['a untyped b', '  a{} 1']],
  'numbers in every form': [
    'a 1\na +1\na -1.5e+3\na .5\na 5.\na 1E3\na 0\na NaN\na nan\na +Inf\na -Inf\na inf\na Infinity\na 0012',
    [
      'a untyped',
      ...[1, 1, -1500, 0.5, 5, 1000, 0, 'NaN', 'NaN'].map((value) => `  a{} ${value}`),
      ...['Infinity', '-Infinity', 'Infinity', 'Infinity', '12'].map((value) => `  a{} ${value}`),
    ],
  ],
  'the parts of a histogram and a summary': [
    '# TYPE h histogram\nh_bucket{le="1"} 1\nh_sum 2\nh_count 3\n# TYPE s summary\ns{quantile="0.5"} 1\ns_sum 2\ns_count 3\n',
    [
      'h histogram',
      '  h_bucket{"le":"1"} 1',
      '  h_sum{} 2',
      '  h_count{} 3',
      's summary',
      '  s{"quantile":"0.5"} 1',
      '  s_sum{} 2',
      '  s_count{} 3',
    ],
  ],
  'what only looks like a part': [
    '# TYPE s summary\n# TYPE g gauge\n# TYPE s_count gauge\ns_bucket 1\ng_sum 1\ns_count 1\n_sum 1\n',
    [
      's_bucket untyped',
      '  s_bucket{} 1',
      'g_sum untyped',
      '  g_sum{} 1',
      's_count gauge',
      '  s_count{} 1',
      '_sum untyped',
      '  _sum{} 1',
      's summary',
      'g gauge',
    ],
  ],
  'a negative time': ['a 1 -1', ['a untyped', '  a{} 1']],
  nothing: ['', []],
} as const satisfies Readonly<Record<string, readonly [string, readonly string[]]>>;

test.each(Object.entries(ofText))('text: %s', (_, [text, expected]) => check(text, expected));

const complaints = {
  'a{b="c': 'line 1: label value is not closed',
  'a 1\na{b="c} 1\n"} 1': 'line 2: label value is not closed',
  'a{b="c\\"} 1': 'line 1: label value is not closed',
  'a 1\n\n# x\na{b=c} 1': 'line 4: label value is not in quotes',
  'a{b': 'line 1: there is no = behind the label name',
  'a{': 'line 1: labels are not closed',
  'a{b="c",': 'line 1: labels are not closed',
  'a{b="c"': 'line 1: there is neither , nor } behind the label value',
  'a{b="c"d="e"} 1': 'line 1: there is neither , nor } behind the label value',
  'a{b="c",,} 1': 'line 1: there is no label name',
  'a{,} 1': 'line 1: there is no label name',
  'a{b="c",b="d"} 1': 'line 1: the same label is there twice',
  'a{1b="c"} 1': 'line 1: label name begins with a digit',
  'a{b:c="d"} 1': 'line 1: label name has a colon',
  'a{__name__="b"} 1': 'line 1: label name begins with __, which is reserved',
  'a{__proto__="b"} 1': 'line 1: label name begins with __, which is reserved',
  'a{é="b"} 1': 'line 1: there is no label name',
  '1a 1': 'line 1: metric name begins with a digit',
  'é 1': 'line 1: there is no metric name',
  '{"a.b"} 1': 'line 1: there is no metric name',
  '{} 1': 'line 1: there is no metric name',
  '"a.b" 1': 'line 1: names in quotes (UTF-8 names) are not read',
  'a{"b.c"="d"} 1': 'line 1: names in quotes (UTF-8 names) are not read',
  '# TYPE "a.b" gauge': 'line 1: names in quotes (UTF-8 names) are not read',
  '# HELP a-b c\n# HELP - c': 'line 2: there is no metric name',
  a: 'line 1: value is missing',
  'a{b="c"}': 'line 1: value is missing',
  'a b': 'line 1: value is no number',
  'a-b 1': 'line 1: value is no number',
  'a 1_000': 'line 1: value is no number',
  'a 0x10': 'line 1: value is no number',
  'a 1e': 'line 1: value is no number',
  'a .': 'line 1: value is no number',
  'a "1"': 'line 1: value is no number',
  'a 1\r\n': 'line 1: value is no number',
  'a 1e999': 'line 1: value is out of range',
  [`a ${'1'.repeat(2_000)}`]: 'line 1: value is no number',
  'a 1 b': 'line 1: timestamp is no number',
  'a 1 2 3': 'line 1: there is something behind the sample',
  'a 1 # b': 'line 1: there is something behind the sample',
  'a 1 # {b="c"}': 'line 1: value of the exemplar is no number',
  'a 1 # {b="c"} 1 2 3': 'line 1: there is something behind the sample',
  '# TYPE a': 'line 1: TYPE says none that is known',
  '# TYPE a b': 'line 1: TYPE says none that is known',
  '# TYPE a constructor': 'line 1: TYPE says none that is known',
  '# TYPE a gauge b': 'line 1: there is something behind the type',
  [`${'a'.repeat(201)} 1`]: 'line 1: metric name is longer than 200 characters',
  [`a{${'b'.repeat(201)}="c"} 1`]: 'line 1: label name is longer than 200 characters',
  [`a{b="${'c'.repeat(8_193)}"} 1`]: 'line 1: label value is longer than 8192 bytes',
  [`a{${Array.from({ length: 65 }, (_, n) => `l${n}="v"`).join()}} 1`]:
    'line 1: there are more than 64 labels',
  '<html><body>It works!</body></html>': 'line 1: there is no metric name',
  '{"status":"ok"}': 'line 1: there is no metric name',
} as const;

test.each(Object.entries(complaints))('%j is refused', (text, expected) => check(text, expected));

test('what is no UTF-8 is refused, with its line', async () => {
  await check(Buffer.from('a 1\nb{c="\xff"} 1\n', 'latin1'), 'line 2: it is not UTF-8');
  await check(Buffer.from('a 1\nb{c="\xed\xa0\x80"} 1', 'latin1'), 'line 2: it is not UTF-8');
  await check(Buffer.from('# \xc3\n\xa9', 'latin1'), 'line 1: it is not UTF-8');
});

test('the line of a bad byte is found wherever it is, and wherever characters are cut', async () => {
  const lines = ['a 1', '# é€😀', '', '# 😀😀😀😀😀😀😀😀', '# ééééééé'];
  const bad = [
    '\xff',
    '\x80\x80\x80\x80',
    '\xf0\x9f\x98',
    '\xed\xa0\x80',
    '\xc3\n',
    '\xf0\x9f\x98\x80\x80\x80\x80',
  ];
  let seed = 42;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  for (let run = 0; run < 1_000; run++) {
    const some = () =>
      Buffer.from(Array.from({ length: random(40) }, () => `${lines[random(5)]}\n`).join(''));
    const before = some();
    const line = before.toString().split('\n').length;
    const body = Buffer.concat([before, Buffer.from(bad[random(6)] as string, 'latin1'), some()]);
    await check(body, `line ${line}: it is not UTF-8`);
  }
});

test('a bad byte behind a million lines is found in few steps', async () => {
  const body = Buffer.alloc(1_000_001, '\n');
  body[1_000_000] = 0xff;
  let parts = 0;
  const counted = Object.assign(body, {
    subarray: (start: number, end: number) => {
      parts++;
      return Buffer.prototype.subarray.call(body, start, end);
    },
  });
  let turns = 0;
  const reading = parsePrometheusText(counted, false, async () => void turns++);
  await expect(reading).rejects.toThrow('line 1000001: it is not UTF-8');
  expect(parts).toBeLessThan(50);
  expect(turns).toBeGreaterThan(10);
});

const ofOpenMetrics = {
  'a counter, with its samples under another name': [
    '# TYPE a counter\n# HELP a "Help" \\"\\n\na_total 1 # {trace_id="x"} 0.5 1.25\na_created 1.5e9\n# EOF\n',
    ['a_total counter "Help" "\n', '  a_total{} 1', 'a_created gauge "Help" "\n', '  a_created{} 1500000000'],
  ],
  'types that Prometheus has not': [
    '# TYPE a unknown\na 1\n# TYPE i info\ni_info{v="1"} 1\n# TYPE s stateset\ns{s="x"} 0\n# TYPE g gaugehistogram\ng_bucket{le="+Inf"} 1\ng_gcount 1\n# UNIT a seconds\n# EOF',
    [
      'a untyped',
      '  a{} 1',
      'i_info gauge',
      '  i_info{"v":"1"} 1',
      's gauge',
      '  s{"s":"x"} 0',
      'g_bucket untyped',
      '  g_bucket{"le":"+Inf"} 1',
      'g_gcount untyped',
      '  g_gcount{} 1',
      'g untyped',
    ],
  ],
  'a histogram with exemplars and a time in seconds': [
    '# TYPE h histogram\nh_bucket{le="1.0"} 1 1.5 # {} 0.5\nh_count 1\nh_sum 1\nh_created 1\n# EOF\n',
    [
      'h histogram',
      '  h_bucket{"le":"1.0"} 1',
      '  h_count{} 1',
      '  h_sum{} 1',
      'h_created gauge',
      '  h_created{} 1',
    ],
  ],
  'the end missing': ['a 1\n', 'the answer was cut off: # EOF is missing'],
  'something behind the end': ['a 1\n# EOF\na 2\n', 'line 3: there is something behind # EOF'],
} as const;

test.each(Object.entries(ofOpenMetrics))('OpenMetrics: %s', (_, [text, expected]) =>
  check(text, expected, 'openMetrics'),
);

test('a long help is cut between two characters', async () => {
  const [family] = await read(`# HELP a ${'é'.repeat(600)}b\na 1`);
  expect(family?.help).toBe('é'.repeat(512));
  const [odd] = await read(`# HELP a x${'é'.repeat(600)}\na 1`);
  expect(odd?.help).toBe(`x${'é'.repeat(511)}`);
});

test('one sample too many, and one name too many, is refused', async () => {
  const most = 'a 1\n'.repeat(limits.sourceSamplesMax);
  expect((await read(most))[0]?.samples).toHaveLength(limits.sourceSamplesMax);
  await check(`${most}a 1\n`, 'line 100001: there are more than 100000 samples');
  const names = Array.from({ length: 100_002 }, (_, n) => `# TYPE a${n} gauge\n`).join('');
  await check(names, 'line 100002: there are more than 100000 metrics');
});

test('a label holds nothing else of the answer in memory', async () => {
  const kept: unknown[] = [];
  const before = heldBytes();
  for (let turn = 0; turn < 10; turn++) {
    const filler = `# ${'x'.repeat(4 * mebibyte)}\n`;
    kept.push(
      (await read(`${filler}name_that_is_long{label_that_is_long="value that is long ${turn}"} 1`))[0],
    );
  }
  expect(heldBytes() - before).toBeLessThan(20 * mebibyte);
  expect(kept).toHaveLength(10);
});

const hostileTexts = [
  'with "quotes"',
  'back\\',
  '\\n',
  '"} 1\nfake 1',
  '# EOF',
  '\r\n',
  '\u2028',
  '\ufeff',
  '\0',
  '😀',
  '',
];
const text = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', maxLength: 40 }));
const labelName = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/)
  .filter((name) => !name.startsWith('__') && name !== 'le' && name !== 'quantile');
const metricName = fc
  .stringMatching(/^[A-Za-z_:][A-Za-z0-9_:]{0,20}$/)
  .filter((name) => !/_(bucket|sum|count|total|info|created)$/.test(name));
const number = fc
  .oneof(fc.double(), fc.integer(), fc.constantFrom(5e-324, 1.7976931348623157e308, 1e21, 1e-7))
  .map((value) => (value === 0 ? 0 : value));
const labels = fc
  .uniqueArray(fc.tuple(labelName, text), { selector: ([name]) => name, maxLength: 5 })
  .map((entries) => Object.fromEntries(entries));
const suffixes: Readonly<Record<FamilyType, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  untyped: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};
const family = fc
  .record({
    base: metricName,
    type: fc.constantFrom<FamilyType>('counter', 'gauge', 'histogram', 'summary', 'untyped'),
    // Blanks before a help belong to nobody.
    help: text.map((each) => each.replace(/^[ \t]+/, '')),
    points: fc.array(fc.tuple(fc.nat(2), labels, number), { maxLength: 6 }),
  })
  .map(({ base, type, help, points }): Family => {
    const name = type === 'counter' ? `${base}_total` : base;
    const samples = points.map(([part, labels, value]) => {
      const ends = suffixes[type];
      return { name: `${name}${ends[part % ends.length]}`, labels, value };
    });
    return { name, type, help, samples };
  });
/** In OpenMetrics a counter a_total and a gauge a would have the same name. */
const snapshot = fc.uniqueArray(family, {
  selector: ({ name }) => name.replace(/_total$/, ''),
  maxLength: 6,
});
const inOrder = (families: readonly Family[]) => [...families].sort((a, b) => (a.name < b.name ? -1 : 1));

test('what is printed is read back', () =>
  fc.assert(
    fc.asyncProperty(snapshot, async (families) => {
      const exposition = openExposition();
      const plain = await read(String(exposition.text(families).body));
      expect(inOrder(plain)).toEqual(inOrder(families));
      const filled = families.filter(({ samples }) => samples.length > 0);
      const open = await read(String(exposition.openMetrics(filled).body), 'openMetrics');
      expect(inOrder(open)).toEqual(inOrder(filled));
    }),
    { numRuns: 300 },
  ));

test('no bytes make it crash', async () => {
  const good = Buffer.from(
    '# HELP h Help \\n\n# TYPE h histogram\nh_bucket{le="+Inf",a="\\"é"} 1.5e3 12 # {b="c"} 1\n\nx{} NaN\n# EOF\n',
  );
  const signs = Buffer.from('{}",=\\#\n \t01eE+-._:aé\0\xff\xc3', 'latin1');
  let seed = 4_711;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  let refused = 0;
  const runs = 10_000;
  for (let run = 0; run < runs; run++) {
    const bytes = Buffer.from(good);
    for (let change = random(4); change >= 0; change--) {
      bytes[random(bytes.length)] = signs[random(signs.length)] ?? 0;
    }
    const from = random(2) * random(bytes.length);
    try {
      await parsePrometheusText(bytes.subarray(from), run % 2 === 0, () => undefined);
    } catch (error) {
      if (!(error instanceof Failure)) throw new Error(`run ${run}`, { cause: error });
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(runs / 4);
  expect(refused).toBeLessThan(runs);
});

/** Were it to take the square of their length, it would not end before the test's time-out. */
const heavy = {
  'line feeds': '\n',
  blanks: ' ',
  'opening braces': '{',
  'a name': 'a',
  backslashes: '\\',
  digits: '1',
  comments: '#\n',
  'half comments': '# TYPE\n',
  labels: 'a{a="',
  'help that is long': '# HELP a ',
} as const;

test.each(Object.entries(heavy))('a mebibyte of %s takes no longer than it must', async (_, part) => {
  const body = Buffer.alloc(1_048_576, part);
  for (const start of ['', 'a{b="', 'a ', '# HELP a ', 'a{b="c"} 1 # {']) {
    body.write(start);
    await parsePrometheusText(body, false, () => undefined).catch((error: unknown) =>
      expect(error).toBeInstanceOf(Failure),
    );
  }
});

test('others have their turn while a long answer is read', async () => {
  const turns: number[] = [];
  await parsePrometheusText(Buffer.from('a 1\n'.repeat(1_000)), false, () => {
    turns.push(turns.length);
    return Promise.resolve();
  });
  expect(turns.length).toBeGreaterThanOrEqual(14);
});
