/** What the listener answers to what clients send, proper and improper. */
import { execFile } from 'node:child_process';
import { Agent, get } from 'node:http';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { plain } from '../../src/http/routes.ts';
import { Failure } from '../../src/model/failure.ts';
import { file } from '../process/program.ts';
import { listening, request, say, statusOf } from './listening.ts';

/** What is answered to a request, and that the connection is closed cleanly after it. */
async function check(text: string, status: number | undefined, settings = {}): Promise<string> {
  const { port } = await listening(settings);
  const heard = await say(port, text).closed;
  expect(statusOf(heard), JSON.stringify(text.slice(0, 200))).toBe(status);
  expect(heard).not.toMatch(/\[E|curious/);
  if (status !== undefined) expect(heard.toLowerCase()).toContain('\r\nconnection: close\r\n');
  return heard;
}

const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Without those that differ from request to request. */
function headersOf(heard: string): Record<string, string> {
  const [head = '', body = ''] = heard.split('\r\n\r\n');
  const fields = Object.fromEntries(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => line.toLowerCase().split(/: (.*)/)),
  );
  expect(heard.startsWith('HTTP/1.1 ')).toBe(true);
  expect([Number(fields['content-length']), 0]).toContain(body.length || Number(fields['content-length']));
  const { date: _date, connection: _connection, 'content-length': length, ...rest } = fields;
  expect(length).toMatch(/^\d+$/);
  return rest;
}

test('every answer has the same guards and no more, whoever gives it', async () => {
  const text = { 'content-type': 'text/plain; charset=utf-8', ...headers };
  const answers: readonly [string, number, Record<string, string>][] = [
    [request('GET /-/healthy HTTP/1.1'), 200, text],
    [request('HEAD /-/healthy HTTP/1.1'), 200, text],
    [request('GET /own HTTP/1.1'), 200, { ...text, 'x-own': 'y' }],
    [request('GET /metrics HTTP/1.1'), 200, { ...text, 'content-type': 'application/json; charset=utf-8' }],
    [request('GET / HTTP/1.1'), 404, text],
    [request('POST / HTTP/1.1'), 405, { ...text, allow: 'get, head' }],
    [request('CONNECT a:1 HTTP/1.1'), 405, { ...text, allow: 'get, head' }],
    [request('GET /-/healthy HTTP/1.1', []), 400, text],
    [request('GET /-/healthy HTTP/1.1', ['Host: x']), 421, text],
    ['garbage\r\n\r\n', 400, text],
    [`GET /${'x'.repeat(9_000)} HTTP/1.1\r\n\r\n`, 431, text],
  ];
  for (const [asked, status, expected] of answers) {
    expect(headersOf(await check(asked, status))).toEqual(
      Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, value.toLowerCase()])),
    );
  }
});

test('HEAD is GET without the body', async () => {
  const heard = await check(request('HEAD /-/healthy HTTP/1.1'), 200);
  expect(heard).toMatch(/content-length: 8\r\n/);
  expect(heard).toMatch(/\r\n\r\n$/);
});

test('a route is told the path and what is accepted, and no query', async () => {
  expect(
    await check(request('GET /metrics?x=<curious> HTTP/1.1', ['Host: localhost', 'Accept: a/b']), 200),
  ).toMatch(/\{"accept":"a\/b"\}\n$/);
  expect(await check(request('GET /badge/a/b.svg?c HTTP/1.1'), 200)).toMatch(/badge 14\n$/);
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'MKCOL', 'PURGE', 'M-SEARCH'])(
  '%s is 405, wherever it goes and whatever it brings',
  async (method) => {
    for (const path of ['/-/healthy', '/curious', '*']) {
      expect(await check(request(`${method} ${path} HTTP/1.1`), 405)).toContain('\r\nallow: GET, HEAD\r\n');
    }
    const body = ['Host: localhost', 'Content-Length: 7'];
    await check(request(`${method} /metrics HTTP/1.1`, body, 'curious'), 405);
  },
);

test('verbs that HTTP does not have are 400', async () => {
  for (const verb of ['CURIOUS', 'get', 'GETX', '<script>', '\x16\x03\x01', '\0', 'é']) {
    await check(request(`${verb} /-/healthy HTTP/1.1`), 400);
  }
});

test.each([
  '//metrics',
  '/metrics/',
  '/./metrics',
  '/x/../metrics',
  '/%6detrics',
  '/%2e/metrics',
  '/..%2fmetrics',
  '/metrics%00',
  '/metrics;x',
  '/\\metrics',
  '\\metrics',
  '/Metrics',
  '/-/healthy/',
  '/metrics#x',
  '/../../etc/passwd',
  '/__proto__',
  '/constructor',
  '/*',
  '/badge',
  '/badge/*',
  '/metrics\x7f',
  '/metrics\xe9',
])('the path %j leads nowhere', async (path) => {
  const { port } = await listening();
  expect([400, 404]).toContain(
    statusOf(await say(port, Buffer.from(request(`GET ${path} HTTP/1.1`), 'latin1')).closed),
  );
});

test('a target that is no path is 400', async () => {
  for (const target of [
    'http://localhost/metrics',
    'https://curious/',
    'localhost:80',
    '*',
    'metrics',
    '?',
  ]) {
    await check(request(`GET ${target} HTTP/1.1`), 400);
  }
});

test('on loopback only names of loopback are answered, with any port', async () => {
  for (const host of ['localhost', 'LOCALHOST:1', '127.0.0.1:9090', '127.9.8.7', '[::1]', '[::1]:65535']) {
    await check(request('GET /-/healthy HTTP/1.1', [`Host: ${host}`]), 200);
  }
  for (const host of [
    'curious.example',
    'localhost.curious',
    '127.0.0.1.curious',
    'localhost:x',
    '',
    '10.0.0.1',
    '[::2]',
    'a@localhost',
    '1270.0.0.1',
  ]) {
    await check(request('GET /-/healthy HTTP/1.1', [`Host: ${host}`]), 421);
  }
});

test('on another address any name is answered', async () => {
  const host = ['Host: reporter.example.com:9090'];
  await check(request('GET /-/healthy HTTP/1.1', host), 200, { address: '0.0.0.0' });
});

test('HTTP/1.1 needs one Host, HTTP/1.0 none, and there is no other', async () => {
  await check(request('GET /-/healthy HTTP/1.1', []), 400);
  await check(request('GET /-/healthy HTTP/1.1', ['Host: localhost', 'host: localhost']), 400);
  await check(request('GET /-/healthy HTTP/1.0', []), 200);
  for (const version of ['HTTP/2.0', 'HTTP/1.2', 'HTTP/0.9', 'HTTP/9', 'HTTQ/1.1', '']) {
    await check(request(`GET /-/healthy ${version}`, []), 400);
  }
});

const smuggled: readonly (readonly [string, readonly string[], string])[] = [
  ['length and encoding', ['Content-Length: 3', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
  ['two lengths', ['Content-Length: 3', 'Content-Length: 4'], 'abcd'],
  ['the same length twice', ['Content-Length: 3', 'Content-Length: 3'], 'abc'],
  ['a negative length', ['Content-Length: -1'], ''],
  ['a length that is no number', ['Content-Length: 0x3'], 'abc'],
  ['a length with a sign', ['Content-Length: +3'], 'abc'],
  ['an encoding that nobody knows', ['Transfer-Encoding: xchunked'], 'abc'],
  ['chunked before the end', ['Transfer-Encoding: chunked, gzip'], '0\r\n\r\n'],
  ['a chunk without a size', ['Transfer-Encoding: chunked'], 'zz\r\n'],
  ['a chunk longer than it says', ['Transfer-Encoding: chunked'], '1\r\nabc\r\n0\r\n\r\n'],
  ['a folded header', ['X: a', ' b'], ''],
  ['a blank before the colon', ['X : a'], ''],
  ['a NUL in a header', ['X: a\0b'], ''],
  ['a bare CR in a header', ['X: a\rb'], ''],
  ['a bare LF in a header', ['X: a\nY: b'], ''],
  ['a header without a name', [': a'], ''],
];

test.each(smuggled)('%s: 400, and nothing more is read', async (_, more, body) => {
  const evil = `POST /metrics HTTP/1.1\r\n${['Host: localhost', ...more].join('\r\n')}\r\n\r\n${body}`;
  const heard = await check(`${evil}${request('GET /-/healthy HTTP/1.1')}`, 400);
  expect(heard).not.toContain('healthy');
});

test('lines that end with LF alone are 400', async () => {
  await check('GET /-/healthy HTTP/1.1\nHost: localhost\n\n', 400);
  await check('GET /-/healthy HTTP/1.1\r\nHost: localhost\n\r\n', 400);
  await check('GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\n', 400);
});

test('what is too long is refused', async () => {
  await check(request(`GET /-/healthy?${'x'.repeat(9_000)} HTTP/1.1`), 431);
  await check(request('GET /-/healthy HTTP/1.1', ['Host: localhost', `X: ${'x'.repeat(9_000)}`]), 431);
});

test('bodies that nobody takes are read up to 64 KiB, and the answer is heard', async () => {
  const { url, port } = await listening();
  const send = (method: string, bytes: number, chunked: boolean) => {
    const more = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes}`;
    const body = 'curious '.repeat(bytes / 8);
    const framed = chunked ? `${bytes.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body;
    return say(port, request(`${method} /metrics HTTP/1.1`, ['Host: localhost', more], framed)).closed;
  };
  for (const chunked of [false, true]) {
    expect(statusOf(await send('GET', 65_536, chunked))).toBe(200);
    expect(statusOf(await send('POST', 65_536, chunked))).toBe(405);
    expect(statusOf(await send('GET', 65_536 + 8, chunked))).toBe(413);
    expect(statusOf(await send('POST', 65_536 + 8, chunked))).toBe(405);
    for (const [method, status] of [
      ['GET', 413],
      ['POST', 405],
    ] as const) {
      const heard = await send(method, 800_000, chunked);
      expect([statusOf(heard), heard.includes('[E')]).toEqual([status, false]);
    }
  }
  // As people see it: with bodies that are small, large, and so large that curl asks before it sends them.
  for (const [bytes, expected] of [
    [3, 405],
    [300_000, 405],
    [4_000_000, 405],
  ] as const) {
    const path = file('x'.repeat(bytes), 'body');
    const args = [
      '-sS',
      '--noproxy',
      '*',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '--data-binary',
      `@${path}`,
    ];
    const { stdout, stderr } = await promisify(execFile)('curl', [...args, `${url}/metrics`]);
    expect([stdout, stderr]).toEqual([String(expected), '']);
  }
});

test('a GET may bring a body, which nobody reads', async () => {
  const body = ['Host: localhost', 'Content-Length: 7'];
  expect(await check(request('GET /-/healthy HTTP/1.1', body, 'curious'), 200)).toMatch(/healthy\n$/);
  await check(request('GET /-/healthy HTTP/1.1', [...body, 'Expect: 100-continue']), 417);
  await check(request('POST /-/healthy HTTP/1.1', [...body, 'Expect: 100-continue']), 405);
  await check(request('GET /-/healthy HTTP/1.1', ['Host: localhost', 'Expect: wonders']), 417);
});

test('an upgrade is not taken up', async () => {
  const more = ['Host: localhost', 'Upgrade: h2c, websocket', 'Connection: Upgrade'];
  const { port } = await listening();
  const { hears, heard } = say(port, `GET /-/healthy HTTP/1.1\r\n${more.join('\r\n')}\r\n\r\n`);
  await hears('healthy\n');
  expect(statusOf(heard())).toBe(200);
});

test('a connection is kept from request to request', async () => {
  const { url } = await listening();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  for (let number = 0; number < 5; number++) {
    await new Promise((resolve) => {
      get(`${url}/${number % 2 ? 'metrics' : 'curious'}`, { agent }, (answer) => {
        ports.add(answer.socket.localPort);
        answer.resume().once('end', resolve);
      });
    });
  }
  expect(ports.size).toBe(1);
  agent.destroy();
});

test('whoever does not wait for the answer has it as the last', async () => {
  const { port } = await listening();
  const line = 'GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const heard = await say(port, line.repeat(1_000)).closed;
  expect(heard.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(heard).toMatch(/connection: close/i);
  const cut = await say(port, `${line}garbage\r\n\r\n`).closed;
  expect([statusOf(cut), cut.match(/HTTP\/1\.1/g)?.length]).toEqual([200, 1]);
});

/** A route that counts, and a request for it that is whole. */
function counting() {
  const route = { calls: 0, slow: () => plain(200, `slow ${++route.calls}`) };
  return route;
}
const asking = 'GET /slow HTTP/1.1\r\nHost: localhost\r\n';

test.each([
  ['no body', `${asking}\r\n`],
  ['empty chunked bodies', `${asking}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['chunked bodies', `${asking}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`],
  ['bodies of a known length', `${asking}Content-Length: 1\r\n\r\nx`],
])('900 requests at once with %s are one', async (_, each) => {
  const route = counting();
  const { port } = await listening({}, route.slow);
  const heard = await say(port, each.repeat(900)).closed;
  expect([route.calls, heard.match(/HTTP\/1\.1/g)?.length]).toEqual([1, 1]);
  expect(heard).toMatch(/^HTTP\/1\.1 200 .*connection: close.*slow 1\n(\[ECONNRESET\])?$/is);
});

test.each([
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['an Expect', `${asking}Content-Length: 1\r\nExpect: 100-continue\r\n\r\n`],
  ['a wonder', `${asking}Expect: wonders\r\n\r\n`],
  ['a body too long', `${asking}Content-Length: 100000\r\n\r\n`],
  ['half a body', `${asking}Content-Length: 2\r\n\r\nx`],
  ['half a line', 'GET /sl'],
  ['a line too long', `GET /${'x'.repeat(9_000)}`],
  ['garbage', 'garbage\r\n\r\n'],
  ['another verb', 'DELETE /slow HTTP/1.1\r\nHost: localhost\r\n\r\n'],
])('a request that brings a body is answered, and %s behind it is not', async (_, behind) => {
  for (const body of ['Content-Length: 1\r\n\r\nx', 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n']) {
    const route = counting();
    const { port } = await listening({}, route.slow);
    const heard = await say(port, `${asking}${body}${behind}`).closed;
    expect(heard.replace('[ECONNRESET]', '')).toMatch(/^HTTP\/1\.1 200 .*\nslow 1\n$/s);
    expect([route.calls, heard.match(/HTTP\/1\.1/g)?.length]).toEqual([1, 1]);
  }
});

test.each([
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: localhost\r\n\r\n', 405],
  ['an Expect', `${asking}Expect: wonders\r\n\r\n`, 417],
  ['garbage', 'garbage\r\n\r\n', 400],
  [
    'a body too long',
    `${asking}Transfer-Encoding: chunked\r\n\r\n10001\r\n${'x'.repeat(0x10001)}\r\n0\r\n\r\n`,
    413,
  ],
])('behind %s that was refused nothing is asked', async (_, refused, status) => {
  const route = counting();
  const { port, clock } = await listening({}, route.slow);
  const { hears, heard } = say(port, `${refused}${asking}\r\n`);
  await hears('\r\n\r\n');
  await clock.advance(999);
  expect([statusOf(heard()), route.calls, heard().match(/HTTP\/1\.1/g)?.length]).toEqual([status, 0, 1]);
});

test('whoever breaks the rules of HTTP is not heard again', async () => {
  for (const broken of ['GET /-/healthy HTTP/1.1\r\n', 'GET metrics HTTP/1.1\r\nHost: localhost\r\n']) {
    const { port } = await listening();
    expect(statusOf(await say(port, `${broken}\r\n`).closed)).toBe(400);
  }
});

test('a client that has said all and closed its half is answered', async () => {
  const { port } = await listening();
  const { socket, closed } = say(port, 'GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n');
  socket.end();
  expect(await closed).toMatch(/healthy\n$/);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('curious');
    },
  ],
  ['rejects', () => Promise.reject(new Error('curious'))],
])(
  'a route that %s is a bug: 500 without a word of it, told where bugs are told, and no end of the others',
  async (_, broken) => {
    const { port, bugs } = await listening({}, broken);
    const heard = await say(port, request('GET /slow HTTP/1.1')).closed;
    expect([statusOf(heard), heard.includes('curious')]).toEqual([500, false]);
    expect(heard).toMatch(/internal error\n$/);
    expect(bugs).toEqual([new Error('curious')]);
    expect(statusOf(await say(port, request('GET /-/healthy HTTP/1.1')).closed)).toBe(200);
  },
);

test('an address that cannot be had is a failure that names it', async () => {
  const { port } = await listening();
  const refused = async (address: string, at: number) => {
    const error = await listening({ address, port: at }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Failure);
    return (error as Failure).message;
  };
  expect(await refused('127.0.0.1', port)).toBe(
    `no listening on 127.0.0.1:${port}: another program has the port (EADDRINUSE)`,
  );
  expect(await refused('192.0.2.1', 0)).toBe(
    'no listening on 192.0.2.1:0: this machine does not have the address (EADDRNOTAVAIL)',
  );
  expect(await refused('no.such.host.invalid', 0)).toMatch(
    /^no listening on no.such.host.invalid:0: (there is no such name|it failed) \((ENOTFOUND|EAI_AGAIN)\)$/,
  );
});
