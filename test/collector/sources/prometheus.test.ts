/** The scraper against every fault that an exporter can have, on real sockets. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { deflateBomb, gzipBomb } from '../../../src/demo/bomb.ts';
import { type Reply, text } from '../../../src/demo/reply.ts';
import * as wire from '../../../src/demo/wire.ts';
import { Secret } from '../../../src/model/secret.ts';
import { authority, certificate } from '../../process/certificates.ts';
import { type Changed, type Exporter, gather, startExporter } from './exporter.ts';

const page = '# HELP up Up.\n# TYPE up gauge\nup{job="x"} 1\n';
const good = ['up gauge {"job":"x"} 1'];
const whole = text(200, page);
const tokenText = 'a-very-secret-token';

/** Scrapes once; `expected` may name the exporter as `URL`. */
async function check(
  answer: Reply,
  expected: string | readonly string[],
  changed: Changed = {},
): Promise<Exporter> {
  const exporter = await startExporter(answer);
  const said = await gather('prometheus', `${exporter.url}/metrics`, changed);
  expect(typeof said === 'string' ? said.replaceAll(exporter.url, 'URL') : said).toEqual(expected);
  return exporter;
}

test('an exporter is asked for text, for no compression, and is told the time-out', async () => {
  const { requests } = await check(whole, good);
  expect(requests).toHaveLength(1);
  expect(requests[0]?.headers).toMatchObject({
    accept: 'text/plain;version=0.0.4',
    'accept-encoding': 'identity',
    'x-prometheus-scrape-timeout-seconds': '1',
  });
  expect(requests[0]?.headers.authorization).toBeUndefined();
});

test('the query of its URL is asked as it is', async () => {
  const exporter = await startExporter(whole);
  await gather('prometheus', `${exporter.url}/probe?target=a%2Fb&module=http`);
  expect(exporter.requests[0]?.rawUrl).toBe('/probe?target=a%2Fb&module=http');
});

test('an exporter that compresses all the same is read', () =>
  check({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(page) }, good));

test('OpenMetrics is read where it is said to be OpenMetrics', async () => {
  const headers = { 'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' };
  const body = '# TYPE a counter\na_total 1 # {b="c"} 1\n# EOF\n';
  await check({ headers, body }, ['a_total counter {} 1']);
  const cut = 'source.garbled: the answer was cut off: # EOF is missing';
  await check({ headers, body: 'a_total 1\n' }, cut);
});

const garbled = {
  'HTML of its own': [
    { headers: { 'content-type': 'text/html' }, body: 'Hello' },
    'the answer is HTML, not metrics',
  ],
  'HTML that claims to be text': [text(200, ' \n<!doctype html>'), 'the answer is HTML, not metrics'],
  nothing: [text(200, ''), 'the answer is empty'],
  JSON: [{ body: '{"status":"ok"}' }, 'line 1: there is no metric name'],
  protobuf: [
    {
      headers: { 'content-type': 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily' },
      body: 'x',
    },
    'the answer is in protobuf, although text was asked for',
  ],
  'half a label': [text(200, 'a 1\nb{c="d'), 'line 2: label value is not closed'],
  '204': [{ status: 204 }, 'answered 204 instead of 200'],
  'a gzip that is none': [
    { headers: { 'content-encoding': 'gzip' }, body: page },
    'the answer cannot be decompressed',
  ],
  brotli: [
    { headers: { 'content-encoding': 'br' }, body: page },
    'the answer has a content-encoding that was not asked for',
  ],
  'a gzip bomb': [gzipBomb, 'the answer is larger than 8388608 bytes'],
  'a deflate bomb': [deflateBomb, 'the answer is larger than 8388608 bytes'],
  '300 MB': [
    wire.stream({}, page, Buffer.from(`${'# fill'.repeat(10_000)}\n`), 300e6),
    'the answer is larger than 8388608 bytes',
  ],
  'half an answer of a length that it did not tell': [
    wire.raw(['HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n', 'a 1\nb 12']),
    'the answer was cut off in its last line',
  ],
} as const satisfies Readonly<Record<string, readonly [Reply, string]>>;

test.each(Object.entries(garbled))('garbled: %s', (_, [answer, why]) =>
  check(answer, `source.garbled: ${why}`, { timeoutMs: 10_000 }).then(() => undefined),
);

test('an answer of a length that was not told is read where its last line is whole', () =>
  check(wire.raw(['HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n', page]), good));

const timeouts = {
  'says nothing': wire.hang,
  'drips its body': wire.drip(200, page),
  'drips its headers': wire.slowHeaders,
  'says that it is working on it': wire.interimOnly,
} as const;

test.each(Object.entries(timeouts))('one that %s is given up at its time-out', (_, answer) =>
  check(answer, 'source.timeout: no answer from URL/metrics within 0.3 s', { timeoutMs: 300 }).then(
    () => undefined,
  ),
);

const broken = {
  'resets the connection': [wire.reset, 'URL/metrics: connection reset by the peer (ECONNRESET)'],
  'closes the connection': [wire.close, 'URL/metrics: connection reset by the peer (ECONNRESET)'],
  'dies in the middle': [wire.resetMidway(whole), 'the answer was cut off'],
  'ends in the middle': [wire.lengthTooLong(whole), 'the answer was cut off'],
  'forgets the last chunk': [wire.truncated(whole), 'the answer was cut off'],
  'speaks another protocol': [
    wire.raw(['SSH-2.0-OpenSSH_9.2\r\n']),
    'URL/metrics: the answer is not HTTP (HPE_INVALID_CONSTANT)',
  ],
  'floods us with headers': [
    wire.headerFlood(whole),
    'URL/metrics: the headers of the answer are too large (HPE_HEADER_OVERFLOW)',
  ],
} as const;

test.each(Object.entries(broken))('unreachable: one that %s', (_, [answer, why]) =>
  check(answer, expect.stringMatching(escaped(`source.unreachable: ${why}`))).then(() => undefined),
);

/** Where a peer breaks off, Node sees it in one of two ways. */
function escaped(text: string): RegExp {
  const pattern = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(text.includes('cut off') ? `${pattern}|ECONNRESET` : `^${pattern}$`);
}

const statuses = {
  301: 'rejected: answered 301, a redirect, which is never followed: no metrics',
  401: 'unauthorized: answered 401: no metrics',
  403: 'unauthorized: answered 403: no metrics',
  404: 'rejected: answered 404: no metrics',
  429: 'rate_limited: answered 429: no metrics',
  500: 'failed: answered 500: no metrics',
  503: 'failed: answered 503: no metrics',
} as const;

test.each(Object.entries(statuses))('status %s', (status, why) =>
  check(text(Number(status), 'no\r\nmetrics\n'), `source.${why}`).then(() => undefined),
);

test('nobody follows a redirect', async () => {
  const elsewhere = await startExporter(whole);
  await check(
    { status: 302, headers: { location: `${elsewhere.url}/metrics` }, body: page },
    expect.stringContaining('a redirect, which is never followed'),
  );
  expect(elsewhere.requests).toEqual([]);
});

test('the token goes into a header and nowhere else', async () => {
  const { requests } = await check(
    text(401, `you said Bearer ${tokenText}, ${tokenText}`),
    'source.unauthorized: answered 401: you said Bearer *** ***',
    { bearerToken: new Secret(tokenText) },
  );
  expect(requests).toHaveLength(1);
  expect(requests[0]?.headers.authorization).toBe(`Bearer ${tokenText}`);
  expect(requests[0]?.rawUrl).toBe('/metrics');
});

test('after a 401 the file of the token is read again, once', async () => {
  let attempts = 0;
  const bearerToken = new Secret('old', async () => 'new');
  const { requests } = await check(
    (exchange) => {
      attempts++;
      exchange.response.writeHead(attempts === 1 ? 401 : 200, { 'content-type': 'text/plain' });
      exchange.response.end(page);
    },
    good,
    { bearerToken },
  );
  expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
  await check(text(403, ''), 'source.unauthorized: answered 403', { bearerToken });
});

test('a token that no header can carry is said to be one', () =>
  check(whole, 'source.unauthorized: the token holds a character that no HTTP header can carry', {
    bearerToken: new Secret('new\nline'),
  }).then(() => undefined));

test('nobody listens', async () => {
  const said = await gather('prometheus', 'http://127.0.0.1:1/metrics');
  expect(said).toBe('source.unreachable: http://127.0.0.1:1/metrics: connection refused (ECONNREFUSED)');
});

test('credentials and the query of a URL are in no message', async () => {
  const said = await gather('prometheus', 'http://user:pass@127.0.0.1:1/metrics?token=secret');
  expect(said).toBe('source.unreachable: http://127.0.0.1:1/metrics: connection refused (ECONNREFUSED)');
});

test('certificates are checked', async () => {
  const ours = await authority('ours');
  const foreign = await authority('foreign');
  const scrape = async (tls: Awaited<ReturnType<typeof certificate>>) => {
    const exporter = await startExporter(whole, { tls });
    const said = await gather('prometheus', `${exporter.url}/metrics`, { tls: { ca: ours.cert } });
    return typeof said === 'string' ? said.replace(exporter.url, 'URL') : said;
  };
  expect(await scrape(await certificate({ by: ours }))).toEqual(good);
  expect(await scrape(await certificate({ by: foreign }))).toBe(
    'source.unreachable: URL/metrics: certificate authority is not trusted: set tls.ca_file if it is yours (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
  );
  expect(await scrape(await certificate())).toBe(
    'source.unreachable: URL/metrics: certificate is self-signed: set tls.ca_file if it is yours (DEPTH_ZERO_SELF_SIGNED_CERT)',
  );
  expect(await scrape(await certificate({ by: ours, host: 'elsewhere.example' }))).toBe(
    'source.unreachable: URL/metrics: certificate is for another host name (ERR_TLS_CERT_ALTNAME_INVALID)',
  );
  expect(await scrape(await certificate({ by: ours, from: -30, to: -1 }))).toBe(
    'source.unreachable: URL/metrics: certificate has expired (CERT_HAS_EXPIRED)',
  );
});

test('an exporter that wants a certificate, and one that speaks no TLS', async () => {
  const ours = await authority('ours');
  const server = await certificate({ by: ours });
  const client = await certificate({ by: ours, use: 'client' });
  const tls = { ...server, ca: ours.cert, requestCert: true, rejectUnauthorized: true };
  const strict = await startExporter(whole, { tls });
  const { cert, key } = client;
  const own = { ca: ours.cert, cert, key: new Secret(key) };
  expect(await gather('prometheus', strict.url, { tls: own })).toEqual(good);
  expect(await gather('prometheus', strict.url, { tls: { ca: ours.cert } })).toMatch(
    /^source\.unreachable: .*the peer wants a client certificate/,
  );
  const plain = await startExporter(whole);
  expect(await gather('prometheus', plain.url.replace('http:', 'https:'))).toMatch(/^source\.unreachable: /);
});
