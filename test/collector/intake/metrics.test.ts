import { expect, test } from 'vitest';
import { ingesting, refused } from './ingesting.ts';

async function check(fields: string, field: string, message: string): Promise<void> {
  const { send, window, held } = ingesting();
  const page = await send('json', `{${fields}}`);
  expect({ status: page.status, text: String(page.body).trim() }).toEqual({
    status: 400,
    text: refused(field, message),
  });
  expect({ count: window.count, held: held() }).toEqual({ count: 0, held: 0 });
}

const api = '"service":"api"';
const isNull = 'is null: leave it out';
const noNumber = 'must be a number from 0 to 1000000000000';
const noCode = 'must be a whole number from 100 to 599';
const noTime = 'is not RFC 3339, such as 2026-02-04T17:00:00Z';

for (const [name, fields, field, message] of [
  ['a metric without a service is refused', '"status_code":200', 'service', 'is missing'],
  ['an empty metric is refused', '', 'service', 'is missing'],
  ['no service is null', '"service":null', 'service', 'is null'],
  ['a service is text', '"service":1', 'service', 'must be text'],
  ['a service is no list', '"service":["api"]', 'service', 'must be text'],
  ['a service is not empty', '"service":""', 'service', 'is empty'],
  ['a service is not too long', `"service":"${'x'.repeat(201)}"`, 'service', 'is longer than 200 characters'],
  [
    'characters are counted, not code units',
    `"service":"${'😀'.repeat(201)}"`,
    'service',
    'is longer than 200 characters',
  ],
  ['a service has no line end', '"service":"a\\nb"', 'service', 'contains a control character'],
  ['a service has no NUL', '"service":"a\\u0000"', 'service', 'contains a control character'],
  ['DEL is a control character', '"service":"a\x7f"', 'service', 'contains a control character'],
  ['C1 are control characters', '"service":"a\u0085"', 'service', 'contains a control character'],
  ['a line separator is a line end', '"service":"a\\u2028b"', 'service', 'contains a line separator'],
  ['so is one of paragraphs', '"path":"/\u2029","service":"a"', 'path', 'contains a line separator'],
  ['half a character is refused', '"service":"\\ud83d"', 'service', 'contains half a character'],
  ['the other half, too', '"service":"\\ude00"', 'service', 'contains half a character'],
  ['no service is __proto__', '"service":"__proto__"', 'service', 'must not be __proto__'],
  ['however it is written', '"service":"__pr\\u006fto__"', 'service', 'must not be __proto__'],
  ['the last of repeated keys counts', `${api},"service":""`, 'service', 'is empty'],
  ['an environment is not empty', `${api},"environment":""`, 'environment', 'is empty'],
  ['an environment that is null is left out', `${api},"environment":null`, 'environment', isNull],
  [
    'an environment is not too long',
    `${api},"environment":"${'x'.repeat(201)}"`,
    'environment',
    'is longer than 200 characters',
  ],
  ['an instance is text', `${api},"instance":7`, 'instance', 'must be text'],
  [
    'an instance is not too long',
    `${api},"instance":"${'x'.repeat(201)}"`,
    'instance',
    'is longer than 200 characters',
  ],
  ['a method is text', `${api},"method":true`, 'method', 'must be text'],
  [
    'a method is not too long',
    `${api},"method":"${'x'.repeat(33)}"`,
    'method',
    'is longer than 32 characters',
  ],
  ['a method is not empty', `${api},"method":""`, 'method', 'is empty'],
  [
    'an address is not too long',
    `${api},"source_ip":"${'1'.repeat(65)}"`,
    'source_ip',
    'is longer than 64 characters',
  ],
  [
    'an address has no control character',
    `${api},"source_ip":"1\\t"`,
    'source_ip',
    'contains a control character',
  ],
  [
    'a path is not too long',
    `${api},"path":"/${'x'.repeat(2048)}"`,
    'path',
    'is longer than 2048 characters',
  ],
  ['a path is not empty', `${api},"path":""`, 'path', 'is empty'],
  ['a path is not __proto__', `${api},"path":"__proto__"`, 'path', 'must not be __proto__'],
  ['a status code below 100 is refused', `${api},"status_code":99`, 'status_code', noCode],
  ['a status code above 599 is refused', `${api},"status_code":600`, 'status_code', noCode],
  ['a status code is whole', `${api},"status_code":200.5`, 'status_code', noCode],
  ['a status code is a number', `${api},"status_code":"200"`, 'status_code', noCode],
  ['a status code is not negative', `${api},"status_code":-200`, 'status_code', noCode],
  ['a status code is not null', `${api},"status_code":null`, 'status_code', isNull],
  ['a status code is not true', `${api},"status_code":true`, 'status_code', noCode],
  ['a huge status code is refused', `${api},"status_code":1e308`, 'status_code', noCode],
  ['a latency is not negative', `${api},"latency_ms":-1`, 'latency_ms', noNumber],
  ['not even a little', `${api},"latency_ms":-1e-300`, 'latency_ms', noNumber],
  ['a latency is no text', `${api},"latency_ms":"45"`, 'latency_ms', noNumber],
  ['a latency is not infinite', `${api},"latency_ms":1e999`, 'latency_ms', noNumber],
  ['a latency is not above 1e12', `${api},"latency_ms":1000000000001`, 'latency_ms', noNumber],
  ['a latency is not null', `${api},"latency_ms":null`, 'latency_ms', isNull],
  ['a latency is no list', `${api},"latency_ms":[45]`, 'latency_ms', noNumber],
  [
    'a time is text',
    `${api},"timestamp":1770224400`,
    'timestamp',
    'must be text in RFC 3339, such as 2026-02-04T17:00:00Z',
  ],
  ['a time is not null', `${api},"timestamp":null`, 'timestamp', isNull],
  ['a time has an offset', `${api},"timestamp":"2026-02-04T17:00:00"`, 'timestamp', noTime],
  ['a day is no time', `${api},"timestamp":"2026-02-04"`, 'timestamp', noTime],
  ['an empty time is none', `${api},"timestamp":""`, 'timestamp', noTime],
  [
    'a day that the calendar lacks is refused',
    `${api},"timestamp":"2026-02-30T17:00:00Z"`,
    'timestamp',
    noTime,
  ],
  ['a time in words is refused', `${api},"timestamp":"yesterday"`, 'timestamp', noTime],
  [
    'more than a minute ahead is refused',
    `${api},"timestamp":"2026-02-04T17:11:00.001Z"`,
    'timestamp',
    'is more than 1m ahead',
  ],
  [
    'older than the window is refused',
    `${api},"timestamp":"2026-02-04T16:39:59.999Z"`,
    'timestamp',
    'is older than 30m',
  ],
  ['the year 0 is too old', `${api},"timestamp":"0000-01-01T00:00:00Z"`, 'timestamp', 'is older than 30m'],
  [
    'the year 9999 is too far',
    `${api},"timestamp":"9999-12-31T23:59:60Z"`,
    'timestamp',
    'is more than 1m ahead',
  ],
  ['custom is an object', `${api},"custom":"x"`, 'custom', 'must be an object'],
  ['custom is no list', `${api},"custom":[]`, 'custom', 'must be an object'],
  ['custom is not null', `${api},"custom":null`, 'custom', isNull],
  [
    'what is near to a field is named',
    `${api},"statuscode":200`,
    'statuscode',
    'no such field: did you mean status_code?',
  ],
  [
    'a part of its name is enough',
    `${api},"latency":45`,
    'latency',
    'no such field: did you mean latency_ms?',
  ],
  ['also the end of it', `${api},"ip":"192.0.2.1"`, 'ip', 'no such field: did you mean source_ip?'],
  ['what is near to none is named', `${api},"user_agent":"curl"`, 'user_agent', 'no such field'],
  [
    'a name with capitals is another',
    '"Service":"api","service":"api"',
    'Service',
    'no such field: did you mean service?',
  ],
  ['__proto__ is no field', `${api},"__proto__":{"status_code":200}`, '__proto__', 'no such field'],
  ['however that is written', `${api},"__proto\\u005f_":1`, '__proto__', 'no such field'],
  ['constructor is no field', `${api},"constructor":1`, 'constructor', 'no such field'],
  ['toString is no field', `${api},"toString":1`, 'toString', 'no such field'],
  ['a field without a name is none', `${api},"":1`, '', 'no such field'],
  ['a long field is told in part', `${api},"${'x'.repeat(1_000)}":1`, 'x'.repeat(64), 'no such field'],
  ['no unknown field is allowed for being null', `${api},"extra":null`, 'extra', 'no such field'],
] as const) {
  test(name, () => check(fields, field, message));
}

test('all that is wrong with a metric is told at once', async () => {
  const { send } = ingesting();
  const page = await send('json', '{"status_code":1,"latency_ms":-1,"path":null,"statu":1}');
  expect(JSON.parse(String(page.body))).toEqual({
    success: false,
    message: 'service: is missing, and 4 more',
    errors: [
      { index: 0, field: 'service', message: 'is missing' },
      { index: 0, field: 'status_code', message: noCode },
      { index: 0, field: 'latency_ms', message: noNumber },
      { index: 0, field: 'path', message: isNull },
      { index: 0, field: 'statu', message: 'no such field: did you mean status_code?' },
    ],
  });
});

test('in a batch each is told with its place', async () => {
  const { send, window, held } = ingesting();
  const page = await send('json', `[{${api}},{${api},"latency_ms":"5"},{${api}},{"path":"/"}]`);
  expect(JSON.parse(String(page.body)).errors).toEqual([
    { index: 1, field: 'latency_ms', message: noNumber },
    { index: 3, field: 'service', message: 'is missing' },
  ]);
  expect({ count: window.count, held: held() }).toEqual({ count: 0, held: 0 });
});

for (const [name, fields] of [
  ['a service is enough', api],
  ['a service has 200 characters', `"service":"${'x'.repeat(200)}"`],
  ['however many units those are', `"service":"${'😀'.repeat(200)}"`],
  ['toString is a service', '"service":"toString"'],
  ['a service may be written from right to left', '"service":"שירות"'],
  ['escapes are read', '"service":"a\\u002fb\\/c\\""'],
  ['an address is any text', `${api},"source_ip":"unix:/run/x.sock"`],
  ['a latency may be nothing', `${api},"latency_ms":0`],
  ['also less than nothing by a sign', `${api},"latency_ms":-0`],
  ['a latency may be 1e12', `${api},"latency_ms":1e12`],
  ['a status code may have a fraction of nothing', `${api},"status_code":200.0`],
  ['a status code may have an exponent', `${api},"status_code":2e2`],
  ['custom may be anything inside', `${api},"custom":{"a":[null,{"b":true}],"__proto__":1}`],
  ['the last of repeated keys counts, and the others need not be right', '"service":"","service":"api"'],
  ['exactly a minute ahead is taken', `${api},"timestamp":"2026-02-04T17:11:00Z"`],
  ['exactly as old as the window is taken', `${api},"timestamp":"2026-02-04T16:40:00Z"`],
  ['an offset is taken off', `${api},"timestamp":"2026-02-04T18:00:00.5+01:00"`],
  ['letters may be small', `${api},"timestamp":"2026-02-04t17:00:00z"`],
  ['a leap second is taken', `${api},"timestamp":"2026-02-04T17:00:60Z"`],
] as const) {
  test(name, async () => {
    const { send, window } = ingesting();
    const page = await send('json', `{${fields}}`);
    expect(String(page.body)).toBe('{"success":true,"message":"Metric ingested"}\n');
    expect(window.count).toBe(1);
  });
}

test('nothing of ours is changed by what is sent', () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>)['status_code']).toBeUndefined();
});
