/** The edges of HTTP: what a wait means, what may be shown, what a line may hold. */
import { expect, test } from 'vitest';
import { lineGuard } from '../../src/app/line-guard.ts';
import { prettyLine } from '../../src/app/pretty.ts';
import { placeOf, wireFailure } from '../../src/http/fault.ts';
import { readable } from '../../src/http/readable.ts';
import { retryAfterMs } from '../../src/http/retry-after.ts';
import { statusFailure } from '../../src/http/verdict.ts';
import { Secret } from '../../src/model/secret.ts';

const nowMs = Date.parse('2026-01-20T12:00:00Z');

test.each([
  ['5', 5_000],
  ['0', 0],
  ['-1', -1_000],
  ['9999999999', 9_999_999_999_000],
  ['Tue, 20 Jan 2026 12:00:30 GMT', 30_000],
  ['Tue, 20 Jan 2026 11:59:00 GMT', -60_000],
  ['Tuesday, 20-Jan-26 12:00:30 GMT', 30_000],
  ['soon', undefined],
  ['', undefined],
  ['1e9', undefined],
  ['NaN', undefined],
  ['Infinity', undefined],
])('Retry-After: %s', (header, expected) => expect(retryAfterMs(header, nowMs)).toBe(expected));

test.each([
  [301, 'rejected', false],
  [400, 'rejected', false],
  [401, 'unauthorized', false],
  [403, 'unauthorized', false],
  [404, 'rejected', false],
  [408, 'failed', true],
  [420, 'rate_limited', true],
  [422, 'rejected', false],
  [425, 'failed', true],
  [429, 'rate_limited', true],
  [500, 'failed', true],
  [503, 'failed', true],
  [599, 'failed', true],
] as const)('status %d is %s', (status, reason, isRetryable) => {
  const failure = statusFailure('dashboard', status, {}, nowMs);
  expect([failure.reason, failure.retryable]).toEqual([reason, isRetryable]);
});

test('credentials and queries of a URL are never shown', () =>
  expect(placeOf(new URL('https://user:pass@host:8443/api?token=abc#x'))).toBe('https://host:8443/api'));

test('what a library hangs on its errors never reaches a failure', () => {
  const error = Object.assign(new Error('secret in message'), {
    code: 'ECONNREFUSED',
    options: { headers: { authorization: 'Bearer secret' } },
  });
  const failure = wireFailure('dashboard', error, 'https://host/api');
  expect(JSON.stringify(failure) + failure.message + failure.stack).not.toContain('secret');
  expect(failure.message).toBe('https://host/api: connection refused (ECONNREFUSED)');
});

test('what a peer wrote is cut and cleaned', () => {
  expect(readable(Buffer.from('<html>no</html>'))).toBe('');
  expect(readable(Buffer.from('a\u001b[31mred\r\nline\u2028end'))).toBe('a [31mred line end');
  expect(readable(Buffer.from('x'.repeat(5_000)))).toHaveLength(200);
});

test('no secret passes the log, in whichever form it stands there', () => {
  const guard = lineGuard({ deep: [{ secret: new Secret('s3cret "quoted" & more') }] });
  const line = JSON.stringify({
    a: 's3cret "quoted" & more',
    b: encodeURIComponent('s3cret "quoted" & more'),
  });
  expect(guard(`${line}\n`)).toBe('{"a":"***","b":"***"}\n');
});

test('no token passes the log', () =>
  expect(lineGuard({})('{"m":"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzZXJ2aWNlIjoiYSJ9.c2lnbmF0dXJl!"}\n')).toBe(
    '{"m":"Bearer ***!"}\n',
  ));

test('a line is one line, and short', () => {
  const line = `${JSON.stringify({ time: 't', level: 'info', msg: 'x\u2028y', big: 'z'.repeat(20_000) })}\n`;
  const safe = lineGuard({})(line);
  expect(safe.length).toBeLessThanOrEqual(8_192);
  expect(safe).not.toContain('\u2028');
  expect(JSON.parse(safe)).toMatchObject({ level: 'info', msg: 'x\u2028y' });
  const many = JSON.stringify({
    time: 't',
    level: 'info',
    msg: 'm',
    list: Array.from({ length: 5_000 }, String),
  });
  expect(JSON.parse(lineGuard({})(`${many}\n`))).toEqual({ time: 't', level: 'info', msg: 'm', cut: true });
});

test('a peer cannot paint the terminal', () => {
  const line = JSON.stringify({
    time: '2026-01-20T12:00:00.000Z',
    level: 'warn',
    msg: 'a\u001b[2Jb',
    k: 'x\u0007y',
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are ours
  expect(prettyLine(`${line}\n`).replace(/\u001b\[\d+m/g, '')).toBe('12:00:00 WARN  a [2Jb  k=x y\n');
});

test('and turns nothing around that stands beside it', () => {
  const line = JSON.stringify({
    time: 't',
    level: 'info',
    msg: '[INGEST] a\u202eb\u2067c\u200fd',
    k: 'é\u061c',
  });
  const pretty = prettyLine(lineGuard({})(`${line}\n`));
  expect(pretty).toContain(String.raw`[INGEST] a\u202eb\u2067c\u200fd`);
  expect(pretty).toContain(String.raw`k=é\u061c`);
});
