/** Each data source against every fault that a peer can have, on real sockets: never an empty answer. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { brotliBomb, deflateBomb, gzipBomb } from '../../../src/demo/bomb.ts';
import { json, type Reply, text } from '../../../src/demo/reply.ts';
import { startTrap } from '../../../src/demo/trap.ts';
import * as wire from '../../../src/demo/wire.ts';
import { systemClock } from '../../../src/model/clock.ts';
import { Secret } from '../../../src/model/secret.ts';
import { authority, certificate } from '../../process/certificates.ts';
import { type Changed, good, goodTracks, type Kind, kinds, open, startPeer, told } from './peer.ts';

const tokenText = 'a-very-secret-token';
const place = { graphite: 'URL/render', prometheus: 'URL/api/v1/query_range' };

/** Asks once; `expected` may name the peer as `URL`, and what was asked as `PLACE`. */
async function check(
  kind: Kind,
  answer: Reply,
  expected: string | RegExp | readonly string[],
  changed: Changed = {},
): Promise<void> {
  const peer = await startPeer(() => answer);
  const said = await told(open(kind, peer.url, changed));
  const named =
    typeof said === 'string' ? said.replaceAll(peer.url, 'URL').replaceAll(place[kind], 'PLACE') : said;
  if (expected instanceof RegExp) expect(named).toMatch(expected);
  else expect(named).toEqual(expected);
}

for (const kind of kinds) {
  const whole = good(kind);
  const body = String(whole.body);
  const name = (what: string) => `${kind}: ${what}`;

  test(name('a whole answer is believed'), () => check(kind, whole, goodTracks));
  test(name('one that is compressed, too'), () =>
    check(kind, { headers: { 'content-encoding': 'gzip' }, body: gzipSync(body) }, goodTracks),
  );
  test(name('each is parsed in a turn of its own, and no other work is in it'), async () => {
    let goOn: () => void = () => undefined;
    let isPaused: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => {
      isPaused = resolve;
    });
    const pause = () => {
      isPaused();
      return new Promise<void>((resolve) => {
        goOn = resolve;
      });
    };
    const { url } = await startPeer(() => whole);
    let answer: unknown;
    const asked = told(open(kind, url, {}, systemClock, pause)).then((said) => {
      answer = said;
    });
    await paused;
    await new Promise((resolve) => setImmediate(resolve));
    expect(answer).toBeUndefined();
    goOn();
    await asked;
    expect(answer).toEqual(goodTracks);
  });
  test(name('and one in pieces'), () =>
    check(kind, wire.stream({}, body, Buffer.from('  '), 20), goodTracks),
  );

  const garbled: Readonly<Record<string, readonly [Reply, string]>> = {
    nothing: [text(200, ''), 'the answer is empty'],
    blanks: [text(200, ' \n'), 'the answer is empty'],
    HTML: [text(200, '<!doctype html><title>Log in</title>'), 'the answer is HTML, not JSON'],
    text: [text(200, 'ok'), 'the answer is not JSON'],
    'half an answer': [text(200, body.slice(0, -1)), 'the answer is not JSON'],
    'a nest of lists': [text(200, '['.repeat(100_000)), 'the answer is nested deeper than 64'],
    '204': [{ status: 204 }, 'answered 204 instead of 200'],
    'a gzip that is none': [
      { headers: { 'content-encoding': 'gzip' }, body: body },
      'the answer cannot be decompressed',
    ],
    'an unknown encoding': [
      { headers: { 'content-encoding': 'x-unknown' }, body: body },
      'the answer has a content-encoding that was not asked for',
    ],
    '300 MB': [
      wire.stream({}, body.slice(0, -1), Buffer.alloc(65_536, ' '), 300e6),
      'the answer is larger than 1048576 bytes',
    ],
    'a gzip bomb': [gzipBomb, 'the answer is larger than 1048576 bytes'],
    'a deflate bomb': [deflateBomb, 'the answer is larger than 1048576 bytes'],
    'a brotli bomb': [brotliBomb, 'the answer has a content-encoding that was not asked for'],
  };
  test.each(Object.entries(garbled))(name('%s is garbled'), (_, [answer, why]) =>
    check(kind, answer, `datasource.garbled: ${why}`, { timeoutMs: 10_000 }),
  );

  const silent = {
    'says nothing': wire.hang,
    'drips its body': wire.drip(200, body.slice(0, -1)),
    'drips its headers': wire.slowHeaders,
    'says that it is working on it': wire.interimOnly,
    'comes too late': { ...whole, delayMs: 5_000 },
  };
  test.each(Object.entries(silent))(name('one that %s is given up at its time-out'), (_, answer) =>
    check(kind, answer, 'datasource.timeout: no answer from PLACE within 0.3 s', { timeoutMs: 300 }),
  );

  const broken: Readonly<Record<string, Reply>> = {
    'resets the connection': wire.reset,
    'closes the connection': wire.close,
    'dies in the middle': wire.resetMidway(whole),
    'ends in the middle': wire.lengthTooLong(whole),
    'forgets the last chunk': wire.truncated(whole),
    'sends chunks that are none': wire.badChunks(whole),
    'speaks another protocol': wire.raw(['SSH-2.0-OpenSSH_9.2\r\n']),
    'floods us with headers': wire.headerFlood(whole),
    'says more than it promised': wire.lengthTooShort(whole),
  };
  test.each(Object.entries(broken))(name('one that %s is not believed'), (_, answer) =>
    check(kind, answer, /^datasource\.(unreachable|garbled): /),
  );

  const statuses = {
    400: 'rejected: answered 400: no',
    401: 'unauthorized: answered 401: no',
    403: 'unauthorized: answered 403: no',
    404: 'rejected: answered 404: no',
    405: 'rejected: answered 405: no',
    408: 'failed: answered 408: no',
    414: 'rejected: answered 414: no',
    429: 'rate_limited: answered 429: no',
    500: 'failed: answered 500: no',
    502: 'failed: answered 502: no',
    503: 'failed: answered 503: no',
  } as const;
  test.each(Object.entries(statuses))(name('status %s'), (status, why) =>
    check(kind, text(Number(status), 'no\r\n'), `datasource.${why}`),
  );

  test(name('of an HTML page of a proxy nothing but its status is told'), () =>
    check(kind, text(502, '<html><body>nginx</body></html>'), 'datasource.failed: answered 502'),
  );

  test.each([301, 302, 307, 308])(name('a redirect (%s) is not followed'), async (status) => {
    const trap = await startTrap({});
    const why = `datasource.rejected: answered ${status}, a redirect, which is never followed`;
    await check(kind, { status, headers: { location: trap.url } }, why);
    expect(trap.requests).toEqual([]);
    await trap.stop();
  });

  test(name('one that is away was not reached'), async () => {
    expect(await told(open(kind, 'http://127.0.0.1:1'))).toMatch(
      /^datasource\.unreachable: .*connection refused/,
    );
  });

  test(name('one with a certificate of its own is not trusted'), async () => {
    const ca = await authority('ours');
    const tls = await certificate({ by: ca });
    const peer = await startPeer(() => whole, { tls });
    expect(await told(open(kind, peer.url))).toMatch(/^datasource\.unreachable: .*certificate/);
    expect(await told(open(kind, peer.url, { tls: { ca: ca.cert } }))).toEqual(goodTracks);
  });

  test(name('a stop ends what is under way, and what comes after it'), async () => {
    const peer = await startPeer(() => wire.hang);
    const datasource = open(kind, peer.url, { timeoutMs: 60_000 });
    const said = told(datasource);
    while (peer.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    datasource.stop();
    expect(await said).toBe('datasource.stopped: stopped before an answer came');
    expect(await told(datasource)).toBe('datasource.stopped: stopped before an answer came');
  });

  test(name('token and headers are sent, and nobody is told them'), async () => {
    const changed = {
      bearerToken: new Secret(tokenText),
      headers: { 'X-Scope-OrgID': new Secret('tenant-9') },
    };
    const peer = await startPeer(() => text(400, `no ${tokenText} of tenant-9`));
    expect(await told(open(kind, peer.url, changed))).toBe(
      'datasource.rejected: answered 400: no *** of ***',
    );
    expect(peer.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${tokenText}`,
      'x-scope-orgid': 'tenant-9',
      accept: 'application/json',
      'accept-encoding': 'identity',
    });
  });

  test(name('a token that is refused is read again once'), async () => {
    let reads = 0;
    const bearerToken = new Secret('old', async () => `new-${++reads}`);
    const peer = await startPeer(({ headers }) =>
      headers.authorization === 'Bearer new-1' ? whole : json(401, { error: 'no' }),
    );
    expect(await told(open(kind, peer.url, { bearerToken }))).toEqual(goodTracks);
    expect(peer.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new-1']);
    const refused = await startPeer(() => text(401, ''));
    const stale = new Secret('old', async () => 'other');
    expect(await told(open(kind, refused.url, { bearerToken: stale }))).toBe(
      'datasource.unauthorized: answered 401',
    );
    expect(refused.requests).toHaveLength(2);
  });

  test(name('a token in a header is, too'), async () => {
    const headers = { Authorization: new Secret('Basic old', async () => 'Basic new') };
    const peer = await startPeer((request) =>
      request.headers.authorization === 'Basic new' ? whole : text(403, ''),
    );
    expect(await told(open(kind, peer.url, { headers }))).toEqual(goodTracks);
  });
}
