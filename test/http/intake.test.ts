/** What is answered to whoever brings something, and to whom nothing is. */
import { execFile } from 'node:child_process';
import { Agent, request as ask, type IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { plain } from '../../src/http/routes.ts';
import { file } from '../process/program.ts';
import { request, say, statusOf } from './listening.ts';
import { answered, chunked, head, isKept, mebibyte, post, taking } from './taking.ts';

type Expected = { readonly status: number; readonly kept: boolean; readonly says?: RegExp | string };

/** What is answered to `text`, and whether the connection takes another POST after it. */
async function check(text: string | Buffer, { status, kept, says = '' }: Expected): Promise<string> {
  const { port, taken } = await taking();
  const dialogue = say(port, text);
  const heard = await answered(dialogue);
  expect(statusOf(heard), JSON.stringify(String(text).slice(0, 200))).toBe(status);
  expect(heard).toMatch(says);
  expect(heard).not.toContain('curious');
  expect(await isKept(dialogue)).toBe(kept);
  expect(taken.length).toBe((status === 200 ? 1 : 0) + (kept ? 1 : 0));
  return heard;
}

const json = '{"service":"api"}';

test('what is brought is taken, and the connection is kept', async () => {
  const heard = await check(post('/one', json), { status: 200, kept: true, says: '{"success":true}\n' });
  expect(heard).toMatch(/^keep-alive: timeout=4$/im);
  await check(chunked('/one', json, 5), { status: 200, kept: true });
  await check(post('/one', ''), { status: 200, kept: true });
  await check(head('/one'), { status: 200, kept: true });
  await check(post('/metrics', json), { status: 200, kept: true });
});

test('whoever wants to go is let go', async () => {
  await check(post('/one', json, ['Connection: close']), { status: 200, kept: false });
  await check(post('/one', json).replace('1.1', '1.0'), { status: 200, kept: false });
});

test('an answer that is no success keeps the connection, too', async () => {
  await check(post('/wrong', json), { status: 400, kept: true, says: 'wrong' });
  await check(post('/busy', json), { status: 429, kept: true, says: /retry-after: 2\r\n/ });
  await check(chunked('/busy', json, 4), { status: 429, kept: true, says: 'busy' });
});

test('an intake is told who brings what, and the body byte for byte', async () => {
  const { port, taken } = await taking();
  const binary = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const text = Buffer.from('été 日本 🚀 \u0000 \ufeff');
  const body = Buffer.concat([binary, text, Buffer.from([0xff, 0xfe, 0xc0, 0x80])]);
  const more = ['Content-Type: Application/X-NDJSON ; charset="UTF-8"', `Content-Length: ${body.length}`];
  const dialogue = say(port, Buffer.concat([Buffer.from(head('/one?a=%20&b=?c', more)), body]));
  await answered(dialogue);
  const expected = { path: '/one', query: 'a=%20&b=?c', address: '127.0.0.1' };
  expect(taken).toEqual([{ head: { ...expected, contentType: 'application/x-ndjson' }, body }]);
  dialogue.socket.write(post('/one', 'x'));
  await answered(dialogue, 2);
  expect(taken[1]?.head).toEqual({ path: '/one', query: '', address: '127.0.0.1', contentType: '' });
});

test('a client is known by the same address in every form', async () => {
  const { port, taken } = await taking({}, { address: '::' });
  for (const host of ['127.0.0.1', '::1']) await answered(say(port, post('/one', 'x'), host));
  expect(taken.map(({ head: { address } }) => address)).toEqual(['127.0.0.1', '::1']);
});

test.each([
  ['gzip', 415],
  ['br, identity', 415],
  ['Identity', 200],
  ['', 200],
])('Content-Encoding %j is %d', async (encoding, status) => {
  const more = [`Content-Encoding: ${encoding}`];
  const says = status === 415 ? 'send it without a content-encoding' : '';
  await check(post('/one', json, more), { status, kept: true, says });
});

test.each([
  ['application/json; charset=utf-8', 200],
  ['application/json;charset="UTF8"', 200],
  ['application/json; version=1', 200],
  ['application/json; version=1; charset=latin1', 415],
  ['text/plain;Charset="utf-16"', 415],
])('Content-Type %j is %d', async (type, status) => {
  const more = [`Content-Type: ${type}`];
  const says = status === 415 ? 'send it as UTF-8' : '';
  await check(post('/one', json, more), { status, kept: true, says });
});

test('too much is refused when it is announced, or when it has come', async () => {
  const says = '{"success":false,"message":"more than 65536 bytes"}';
  await check(head('/one', ['Content-Length: 65537']), { status: 413, kept: false, says });
  await check(head('/batch', [`Content-Length: ${8 * mebibyte + 1}`]), {
    status: 413,
    kept: false,
    says: 'more than 8388608 bytes',
  });
  // The last chunk does not come.
  const tooLong = chunked('/one', 'x'.repeat(65_537), 10_000).slice(0, -5);
  await check(tooLong, { status: 413, kept: false, says });
  await check(post('/one', 'x'.repeat(65_536)), { status: 200, kept: true });
  await check(chunked('/one', 'x'.repeat(65_536), 10_000), { status: 200, kept: true });
});

test('who is refused hears why at once where he brings much, and may stay where he brings little', async () => {
  await check(head('/busy', ['Content-Length: 65537']), { status: 429, kept: false, says: 'busy' });
  await check(head('/batch', ['Content-Encoding: gzip', 'Content-Length: 70000']), {
    status: 415,
    kept: false,
  });
  await check(post('/busy', 'x'.repeat(65_536)), { status: 429, kept: true });
  await check(chunked('/busy', 'x'.repeat(65_537), 1_000).slice(0, -5), { status: 429, kept: false });
});

const smuggled: readonly (readonly [string, string])[] = [
  ['length and encoding', `${head('/one', ['Content-Length: 3', 'Transfer-Encoding: chunked'])}0\r\n\r\n`],
  ['encoding and length', `${head('/one', ['Transfer-Encoding: chunked', 'Content-Length: 3'])}0\r\n\r\n`],
  ['two lengths', `${head('/one', ['Content-Length: 3', 'Content-Length: 4'])}abcd`],
  ['a length with a sign', `${head('/one', ['Content-Length: +3'])}abc`],
  ['an unknown encoding', `${head('/one', ['Transfer-Encoding: xchunked'])}abc`],
  [
    'a chunk that is longer than it says',
    `${head('/one', ['Transfer-Encoding: chunked'])}1\r\nab\r\n0\r\n\r\n`,
  ],
  ['a chunk without a size', `${head('/one', ['Transfer-Encoding: chunked'])}zz\r\n`],
  ['two Hosts', post('/one', 'abc', ['Host: localhost'])],
  ['no Host', post('/one', 'abc').replace('Host: localhost\r\n', '')],
  ['a whole URL', post('http://localhost/one', 'abc')],
  ['no path', post('*', 'abc')],
];

test.each(smuggled)('%s: 400, nothing is taken, and nothing more is read', async (_, evil) => {
  const { port, taken } = await taking();
  const heard = await say(port, `${evil}${post('/one', 'behind')}`).closed;
  expect([statusOf(heard), heard.match(/HTTP\/1\.1/g)?.length, taken]).toEqual([400, 1, []]);
});

test.each([
  ['more than it says', `${post('/one', 'abc')}def`],
  ['garbage', `${post('/one', 'abc')}\u0000\u0001garbage\r\n\r\n`],
])('who sends a body and %s behind it is answered and closed', async (_, text) => {
  const { port, taken } = await taking();
  const { closed } = say(port, text);
  const heard = (await closed).replace('[ECONNRESET]', '');
  expect([statusOf(heard), heard.match(/HTTP\/1\.1/g)?.length]).toEqual([200, 1]);
  expect(taken.map(({ body }) => String(body))).toEqual(['abc']);
});

test('a body that is shorter than it says is not taken', async () => {
  const { port, taken } = await taking();
  for (const text of [head('/one', ['Content-Length: 9']), head('/one', ['Transfer-Encoding: chunked'])]) {
    const { socket, closed } = say(port, `${text}3`);
    socket.end();
    expect(statusOf(await closed)).toBe(400);
  }
  expect(taken).toEqual([]);
});

test.each([
  ['bodies of a known length', post('/one', json)],
  ['chunks', chunked('/one', json, 4)],
  ['no bodies', post('/one', '')],
])('of 300 at once with %s the first is taken, and its answer is the last', async (_, each) => {
  const { port, taken } = await taking();
  const heard = await say(port, each.repeat(300)).closed;
  expect([taken.length, heard.match(/HTTP\/1\.1/g)?.length]).toEqual([1, 1]);
  expect(heard).toMatch(/^connection: close$/im);
});

test('the page of another site brings nothing', async () => {
  const foreign = [
    ['Origin: null'],
    ['Origin: http://evil.example'],
    ['Origin: http://localhost:1'],
    ['Origin: http://localhost.evil.example'],
    ['Origin: '],
    ['Sec-Fetch-Site: cross-site'],
    ['Origin: http://localhost', 'Sec-Fetch-Site: cross-site'],
  ];
  for (const more of foreign) {
    await check(post('/one', json, more), { status: 403, kept: true, says: 'another site' });
  }
  for (const more of [['Origin: http://localhost'], ['Sec-Fetch-Site: same-origin']]) {
    await check(post('/one', json, more), { status: 200, kept: true });
  }
  const named = post('/one', json, ['Origin: https://localhost:8443']).replace(
    'localhost\r',
    'LOCALHOST:8443\r',
  );
  await check(named, { status: 200, kept: true });
  await check(post('/one', json).replace('localhost', 'evil.example'), { status: 421, kept: true });
});

test('a method that a path does not take is told which it takes', async () => {
  const cases: readonly (readonly [string, string, number, string | undefined])[] = [
    ['GET', '/one', 405, 'POST'],
    ['POST', '/large', 405, 'GET, HEAD'],
    ['POST', '/badge/x', 405, 'GET, HEAD'],
    ['POST', '/curious', 404, undefined],
    ['GET', '/curious', 404, undefined],
    ['PUT', '/one', 405, 'POST'],
    ['DELETE', '/metrics', 405, 'GET, HEAD, POST'],
    ['PATCH', '/large', 405, 'GET, HEAD'],
    ['OPTIONS', '/curious', 405, 'GET, HEAD, POST'],
  ];
  for (const [method, path, status, allowed] of cases) {
    const body = method === 'GET' ? '\r\n' : 'Content-Length: 2\r\n\r\nxx';
    const text = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${body}`;
    const heard = await check(text, { status, kept: true });
    expect(/^allow: (.*)\r$/im.exec(heard)?.[1], `${method} ${path}`).toBe(allowed);
  }
});

test('a guard is asked before a body is read, and not for the probes', async () => {
  const guard = (authorization: string | undefined) =>
    authorization === 'Bearer open' ? undefined : plain(401, 'a token is needed');
  const { port, taken, admissions } = await taking({ guard });
  const status = async (text: string) => {
    const heard = await answered(say(port, text));
    expect(/^www-authenticate: Bearer\r$/im.test(heard)).toBe(statusOf(heard) === 401);
    return statusOf(heard);
  };
  for (const text of [
    post('/one', json),
    post('/one', json, ['Authorization: Bearer shut']),
    head('/one', ['Content-Length: 65537']),
    head('/one', ['Expect: 100-continue', 'Content-Length: 5']),
    head('/curious'),
    request('GET /metrics HTTP/1.1'),
    request('GET /curious HTTP/1.1'),
    request('DELETE /one HTTP/1.1'),
  ]) {
    expect(await status(text), text).toBe(401);
  }
  expect([taken, admissions()]).toEqual([[], 0]);
  expect(await status(request('GET /-/healthy HTTP/1.1'))).toBe(200);
  expect(await status(post('/one', json, ['Authorization: Bearer open']))).toBe(200);
  const allowed = ['Host: localhost', 'Authorization: Bearer open'];
  expect(await status(request('GET /metrics HTTP/1.1', allowed))).toBe(200);
});

test.each(['/throws', '/rejects', '/admits'])(
  'an intake that is broken in the way of %s is a bug: 500 without a word of it, and no end of the others',
  async (path) => {
    const { port, bugs, taken } = await taking();
    const dialogue = say(port, post(path, json));
    const heard = await answered(dialogue);
    expect([statusOf(heard), heard.includes('curious')]).toEqual([500, false]);
    expect(bugs).toEqual([new Error('curious')]);
    expect([await isKept(dialogue), taken.length]).toEqual([true, 1]);
  },
);

test('an intake that cannot even refuse is a bug', async () => {
  const { port, bugs } = await taking();
  const texts = [post('/refuses', json), chunked('/refuses', json, 4)];
  for (const text of texts) expect(statusOf(await answered(say(port, text)))).toBe(500);
  expect(bugs).toEqual(texts.map(() => new Error('curious')));
});

test('a guard that throws lets nobody in', async () => {
  const guard = () => {
    throw new Error('curious');
  };
  const { port, bugs, taken } = await taking({ guard });
  expect(statusOf(await answered(say(port, post('/one', json))))).toBe(500);
  expect(statusOf(await answered(say(port, request('GET /metrics HTTP/1.1'))))).toBe(500);
  expect([bugs.length, taken]).toEqual([2, []]);
});

test('whoever asks first is told to go on once it is admitted', async () => {
  const expecting = (path: string, bytes: number, expects = '100-continue') =>
    head(path, [`Expect: ${expects}`, `Content-Length: ${bytes}`]);
  const { port, taken } = await taking();
  const { socket, hears, heard } = say(port, expecting('/one', 5));
  await hears('HTTP/1.1 100 Continue\r\n\r\n');
  expect(taken).toEqual([]);
  socket.write('hello');
  await hears('{"success":true}\n');
  expect(heard()).toMatch(/HTTP\/1\.1 200 .*keep-alive: timeout=4/s);
  socket.write(post('/one', 'again'));
  await hears('true}\nHTTP/1.1 200');
  expect(taken.map(({ body }) => String(body))).toEqual(['hello', 'again']);
  for (const [text, status] of [
    [expecting('/one', 65_537), 413],
    [expecting('/busy', 5), 429],
    [expecting('/curious', 5), 404],
    [expecting('/large', 5), 405],
    [expecting('/one', 5, 'wonders'), 417],
    [expecting('/busy', 5, 'wonders'), 429],
  ] as const) {
    const refused = await say(port, text).closed;
    expect([statusOf(refused), refused.match(/HTTP\/1\.1/g)?.length]).toEqual([status, 1]);
  }
});

test('curl brings bodies of every size', async () => {
  const { url, taken } = await taking();
  for (const bytes of [3, 60_000, 2_000_000, 8 * mebibyte]) {
    const path = bytes > 65_536 ? '/batch' : '/one';
    const written = ['-sS', '--noproxy', '*', '-o', '/dev/null', '-w', '%{http_code}'];
    const body = file('x'.repeat(bytes), 'body');
    const args = [...written, '--data-binary', `@${body}`, `${url}${path}`];
    const { stdout, stderr } = await promisify(execFile)('curl', args);
    expect([stdout, stderr, taken.at(-1)?.body.length]).toEqual(['200', '', bytes]);
  }
});

test('a client that keeps its connections brings two hundred over one', async () => {
  const { url, taken } = await taking();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  for (let number = 0; number < 200; number++) {
    const path = number % 3 === 0 ? '/busy' : '/one';
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = ask(`${url}${path}`, { agent, method: 'POST' }, resolve).once('error', reject);
      sent.end(`number ${number}`);
    });
    ports.add(answer.socket.localPort);
    await new Promise((resolve) => answer.resume().once('close', resolve));
  }
  expect([ports.size, taken.length]).toEqual([1, 133]);
  agent.destroy();
});
