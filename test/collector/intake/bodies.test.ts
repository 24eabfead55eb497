import { expect, onTestFinished, test, vi } from 'vitest';
import { Elements } from '../../../src/collector/intake/elements.ts';
import { ingesting, refused } from './ingesting.ts';

const metric = '{"service":"api"}';
const deep = (depth: number) =>
  `{"service":"api","custom":${'{"a":'.repeat(depth - 1)}1${'}'.repeat(depth - 1)}}`;
const sized = (bytes: number) => `{"service":"api","custom":{"a":"${'x'.repeat(bytes - 35)}"}}`;

async function check(
  type: 'json' | 'lines',
  body: string | Buffer,
  status: number,
  text: string,
): Promise<void> {
  const { send, window, held } = ingesting();
  const page = await send(type, body);
  expect({ status: page.status, text: String(page.body).trim() }).toEqual({ status, text });
  if (status !== 200) expect({ count: window.count, held: held() }).toEqual({ count: 0, held: 0 });
}

const checkRefused = (type: 'json' | 'lines', body: string | Buffer, message: string, index = 0) =>
  check(type, body, 400, refused('body', message, index));

const oneTaken = '{"success":true,"message":"Metric ingested"}';
const tooLarge = '{"success":false,"message":"the object is larger than 65536 bytes"}';

for (const [name, type, body, message, index] of [
  ['nothing is not JSON', 'json', '', 'is empty'],
  ['white space is nothing', 'json', ' \r\n\t', 'is empty'],
  ['no lines at all are a mistake', 'lines', '', 'is empty'],
  [
    'bytes that are not UTF-8 are refused',
    'json',
    Buffer.from('{"service":"\xff"}', 'latin1'),
    'is not UTF-8',
  ],
  ['UTF-16 is not UTF-8', 'json', Buffer.from('\ufeff{"service":"api"}', 'utf16le'), 'is not UTF-8'],
  [
    'surrogates as bytes are not UTF-8',
    'json',
    Buffer.from('{"service":"\xed\xa0\x80"}', 'latin1'),
    'is not UTF-8',
  ],
  [
    'a byte order mark is named',
    'json',
    `\ufeff${metric}`,
    'begins with a byte order mark: send UTF-8 without it',
  ],
  ['also before lines', 'lines', `\ufeff${metric}`, 'begins with a byte order mark: send UTF-8 without it'],
  ['text that is not JSON is refused', 'json', 'service=api', 'is not JSON'],
  ['an object that breaks off is refused', 'json', '{"service":"api"', 'is not JSON'],
  ['a string that breaks off is refused', 'json', '{"service":"api', 'is not JSON'],
  ['an escape that breaks off is refused', 'json', '{"service":"api\\', 'is not JSON'],
  ['single quotes are not JSON', 'json', "{'service':'api'}", 'is not JSON'],
  ['a comma at the end is not JSON', 'json', '{"service":"api",}', 'is not JSON'],
  ['NaN is not JSON', 'json', '{"service":"api","latency_ms":NaN}', 'is not JSON'],
  ['Infinity is not JSON', 'json', '{"service":"api","latency_ms":-Infinity}', 'is not JSON'],
  ['a number with a plus is not JSON', 'json', '{"service":"api","latency_ms":+1}', 'is not JSON'],
  [
    'a number with a zero in front is not JSON',
    'json',
    '{"service":"api","status_code":0200}',
    'is not JSON',
  ],
  ['a number that ends with a dot is not JSON', 'json', '{"service":"api","latency_ms":1.}', 'is not JSON'],
  ['a line end in a string is not JSON', 'json', '{"service":"a\npi"}', 'is not JSON'],
  ['a tab in a string is not JSON', 'json', '{"service":"a\tpi"}', 'is not JSON'],
  ['a comment is not JSON', 'json', '{"service":"api"} // here', 'is not JSON'],
  ['something behind an object is refused', 'json', '{"service":"api"}x', 'is not JSON'],
  ['a bracket too many is refused', 'json', '{"service":"api"}}', 'is not JSON'],
  ['a NUL behind an object is refused', 'json', '{"service":"api"}\0', 'is not JSON'],
  ['a key without a value is refused', 'json', '{"service"}', 'is not JSON'],
  ['a text is no object', 'json', '"api"', 'is not an object'],
  ['a number is no object', 'json', '1', 'is not an object'],
  ['null is no object', 'json', 'null', 'is not an object'],
  [
    'lines that are sent as one object are known',
    'json',
    `${metric}\n${metric}\n`,
    'holds several values: send application/x-ndjson, or an array',
  ],
  [
    'also when they are many',
    'json',
    `${metric}\n`.repeat(5_000),
    'holds several values: send application/x-ndjson, or an array',
  ],
  ['seventeen levels are too many', 'json', deep(17), 'is nested deeper than 16'],
  ['also without an end', 'json', '['.repeat(60_000), 'is an array without its end'],
  [
    'and are counted before they are parsed',
    'lines',
    `{"a":${'['.repeat(60_000)}`,
    'line 1 is nested deeper than 16',
  ],
  [
    'brackets in a row are no depth of their own',
    'lines',
    `{"service":"api","custom":{"a":${'[],'.repeat(20)}1}}`,
    'line 1 is not JSON',
  ],
  ['an array without an end is refused', 'json', '[', 'is an array without its end'],
  ['also behind an element', 'json', `[${metric}`, 'is an array without its end', 0],
  ['also behind a comma', 'json', `[${metric},`, 'is an array without its end', 0],
  ['a comma at the end of an array is refused', 'json', `[${metric},]`, 'is an array that ends with a comma'],
  ['a comma at its start is refused', 'json', `[,${metric}]`, 'element 0 is not JSON'],
  ['two commas are refused', 'json', `[${metric},,${metric}]`, 'element 1 is not JSON', 1],
  ['a missing comma is found', 'json', `[${metric} ${metric}]`, 'element 0 is not JSON', 0],
  ['a bracket of another kind is found', 'json', `[${metric}}]`, 'has no comma behind element 0'],
  [
    'something behind an array is refused',
    'json',
    `[${metric}]${metric}`,
    'goes on behind the end of the array',
  ],
  ['a second array is refused', 'json', '[][]', 'goes on behind the end of the array'],
  ['an element that is no object is found', 'json', `[${metric},3]`, 'element 1 is not an object', 1],
  ['null in an array is no object', 'json', '[null]', 'element 0 is not an object'],
  ['an array in an array is no object', 'json', `[${metric},[${metric}]]`, 'element 1 is not an object', 1],
  [
    'an element that is too deep is found',
    'json',
    `[${metric},${deep(17)}]`,
    'element 1 is nested deeper than 16',
    1,
  ],
  [
    'an element that is too large is found',
    'json',
    `[${metric},${sized(65_537)}]`,
    'element 1 is larger than 65536 bytes',
    1,
  ],
  ['a line that is not JSON is found', 'lines', `${metric}\n{"service"\n${metric}`, 'line 2 is not JSON', 1],
  [
    'blank lines are counted, too',
    'lines',
    `${metric}\n\n \r\n{"service"\n${metric}`,
    'line 4 is not JSON',
    1,
  ],
  ['two values in a line are refused', 'lines', `${metric} ${metric}\n`, 'line 1 is not JSON', 0],
  ['a line that is no object is found', 'lines', `${metric}\n"api"\n`, 'line 2 is not an object', 1],
  ['an array is not one metric a line', 'lines', `[${metric}]`, 'line 1 is an array: send application/json'],
  [
    'a line that is too deep is found',
    'lines',
    `${metric}\n${deep(17)}`,
    'line 2 is nested deeper than 16',
    1,
  ],
  [
    'a line that is too large is found',
    'lines',
    `${metric}\n${sized(65_537)}`,
    'line 2 is larger than 65536 bytes',
    1,
  ],
  ['a carriage return alone ends no line', 'lines', `${metric}\r${metric}`, 'line 1 is not JSON', 0],
] as const) {
  test(name, () => checkRefused(type, body, message, index));
}

const most = ' '.repeat(65_536);
const lineEnds = '\n'.repeat(65_536);
const spaced = 'has more than 65536 bytes of white space in a row';

for (const [place, type, body, count] of [
  ['before an object', 'json', (space: string) => `${space}${metric}`],
  ['before an array', 'json', (space: string) => `${space}[${metric}]`, 1],
  ['in an empty array', 'json', (space: string) => `[${space}]`, 0],
  ['before the first element', 'json', (space: string) => `[${space}${metric}]`, 1],
  ['behind a comma', 'json', (space: string) => `[${metric},${space}${metric}]`, 2],
  ['behind an array', 'json', (space: string) => `[${metric}]${space}`, 1],
  ['behind an empty array', 'json', (space: string) => `[]${space}`, 0],
  ['before the first line', 'lines', (space: string) => `${space}${metric}`, 1],
  ['alone', 'lines', (space: string) => space, 0],
] as const) {
  test(`64 KiB of white space are enough ${place}`, async () => {
    await checkRefused(type, body(`${most} `), spaced);
    const ingested = `{"success":true,"message":"Metrics ingested","ingested":${count}}`;
    await check(type, body(most), 200, count === undefined ? oneTaken : ingested);
  });
}

test('blank lines are white space, and are counted', async () => {
  await checkRefused('lines', `${metric}${lineEnds}\n${metric}`, spaced);
  await checkRefused('lines', `${metric}${lineEnds}\n`, spaced);
  const several = `${metric}${lineEnds}`.repeat(3);
  await checkRefused('lines', `${several}x`, `line ${3 * 65_536 + 1} is not JSON`, 3);
});

test('white space is not looked at again and again', () => {
  const body = Buffer.from(`[${most}${metric},${most}${metric}]${most}`);
  let looks = 0;
  const watched = new Proxy(body, {
    get: (target, key) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) looks++;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const elements = new Elements(watched, 'array');
  while (elements.next()) elements.parse(expect.fail);
  expect({ index: elements.index, trouble: elements.trouble }).toEqual({ index: 1, trouble: undefined });
  expect(looks).toBeLessThan(1.1 * body.length);
});

test('no more of an element is looked at than one may have', async () => {
  const { send } = ingesting();
  const looks = vi.spyOn(DataView.prototype, 'getUint8');
  onTestFinished(() => looks.mockRestore());
  const { status } = await send('json', `[{"service":"api"${' '.repeat(300_000)}}]`);
  expect(status).toBe(400);
  expect(looks.mock.calls.length).toBeLessThan(70_000);
});

for (const [name, body] of [
  ['an object over 64 KiB is too large', sized(65_537)],
  ['also where it is no JSON', 'x'.repeat(65_537)],
  ['also with white space alone', metric + ' '.repeat(65_537)],
  ['also where it never ends', `{"service":"${'x'.repeat(70_000)}`],
] as const) {
  test(name, () => check('json', body, 413, tooLarge));
}

for (const [name, type, body, count] of [
  ['an object of 64 KiB is taken', 'json', sized(65_536)],
  ['sixteen levels are taken', 'json', deep(16)],
  ['white space around an object is nothing', 'json', ` \r\n\t${metric} \r\n\t`],
  ['an empty array brings nothing, and is no mistake', 'json', '[]', 0],
  ['also with white space in it', 'json', ' [ \n ] ', 0],
  ['an array of one is a batch', 'json', `[${metric}]`, 1],
  ['an array may be written over lines', 'json', `[\n  ${metric},\r\n  ${metric}\n]\n`, 2],
  ['brackets and commas in strings are text', 'json', `[{"service":"a],[{\\"}"},${metric}]`, 2],
  ['an array may hold what is larger than one together', 'json', `[${sized(65_000)},${sized(65_000)}]`, 2],
  ['blank lines bring nothing, and are no mistake', 'lines', '\n \r\n\t\n', 0],
  ['a single line is a batch', 'lines', metric, 1],
  ['the last line may have an end', 'lines', `${metric}\n${metric}\n`, 2],
  ['and may have none', 'lines', `${metric}\n${metric}`, 2],
  ['lines may end as on Windows', 'lines', `${metric}\r\n${metric}\r\n`, 2],
  ['blank lines between them are skipped', 'lines', `\n\n${metric}\n \t\n${metric}\n\n`, 2],
  ['spaces around lines are nothing', 'lines', `  ${metric}  \n\t${metric}\t`, 2],
] as const) {
  const text =
    count === undefined ? oneTaken : `{"success":true,"message":"Metrics ingested","ingested":${count}}`;
  test(name, () => check(type, body, 200, text));
}

test('an object over two lines is two wrong lines, and both are told', async () => {
  const { send } = ingesting();
  const page = await send('lines', '{"service":\n"api"}\n');
  expect(JSON.parse(String(page.body))).toEqual({
    success: false,
    message: 'body: line 1 is not JSON, and 1 more',
    errors: [
      { index: 0, field: 'body', message: 'line 1 is not JSON' },
      { index: 1, field: 'body', message: 'line 2 is not JSON' },
    ],
  });
});

test('the first twenty wrong elements are told, and the others counted', async () => {
  const { send } = ingesting();
  const page = await send('lines', 'x\n'.repeat(999));
  const { message, errors } = JSON.parse(String(page.body));
  expect(message).toBe('body: line 1 is not JSON, and 998 more');
  expect(errors).toHaveLength(20);
  expect(errors.at(-1)).toEqual({ index: 19, field: 'body', message: 'line 20 is not JSON' });
});

test('after a thousand wrong ones it is not read on', async () => {
  const { send, refused: counted } = ingesting();
  for (const [type, body] of [
    ['lines', 'x\n'.repeat(4_000_000)],
    ['json', `[${','.repeat(8_000_000)}]`],
  ] as const) {
    const page = await send(type, body);
    expect(JSON.parse(String(page.body)).message).toMatch(/is not JSON, and 999 more$/);
  }
  expect(counted().get('malformed')).toBe(2_000);
});
