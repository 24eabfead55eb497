import { afterEach, expect, test } from 'vitest';
import { type Dashboard, type DashboardOptions, startDashboard } from '../../src/demo/dashboard.ts';
import { FakeClock } from '../fake-clock.ts';
import { ask } from './ask.ts';
import { type Changes, report, secret, sign } from './report.ts';

const clock = new FakeClock();
const nowMs = clock.now();
const nowS = nowMs / 1000;
let dashboard: Dashboard;

afterEach(() => dashboard?.stop());

async function start(options: DashboardOptions = {}): Promise<Dashboard> {
  dashboard = await startDashboard({ clock, secret, ...options });
  return dashboard;
}

async function check(changes: Changes, status: number, ...reasons: string[]): Promise<void> {
  await start();
  const answer = await report(dashboard.url, nowMs, changes);
  const body = JSON.parse(String(answer.body));
  expect([answer.status, ...(body.reasons ?? [])]).toEqual([status, ...reasons]);
  expect(dashboard.accepted.length).toBe(status === 201 ? 1 : 0);
  expect(dashboard.requests.map(({ answered, reasons: seen }) => [answered, seen])).toEqual([
    [status, reasons],
  ]);
}

test('a good report is stored', () => check({}, 201));
test('more claims are allowed', () =>
  check({ claims: { stackmon: 'dummy', iat: nowS - 60, exp: nowS + 240 } }, 201));
test('a charset in the content-type is allowed', () =>
  check({ headers: { 'content-type': 'application/json; charset=utf-8' } }, 201));

test('no token', () => check({ authorization: '' }, 401, 'there is no Authorization header'));
test('another scheme', () =>
  check({ authorization: 'Token abc' }, 401, 'the Authorization header is not `Bearer` and a token'));
test('a token of two parts', () =>
  check({ authorization: 'Bearer abc.def' }, 401, 'the Authorization header is not `Bearer` and a token'));
test('a token of another secret', () =>
  check({ secret: 'guessed' }, 401, 'the token is not good: ERR_JWS_SIGNATURE_VERIFICATION_FAILED'));
test('a token signed with HS512', () =>
  check({ header: { alg: 'HS512' } }, 401, 'the token is not good: ERR_JOSE_ALG_NOT_ALLOWED'));
test('a token without a type', () =>
  check({ header: { typ: undefined } }, 401, 'the token is not good: ERR_JWT_CLAIM_VALIDATION_FAILED'));
test('a header that says more', () =>
  check({ header: { kid: '1' } }, 401, 'the header is not exactly {"alg":"HS256","typ":"JWT"}'));
test('a token that has expired', () =>
  check({ claims: { exp: nowS - 1 } }, 401, 'the token is not good: ERR_JWT_EXPIRED'));
test('a token that is not valid yet', () =>
  check({ claims: { nbf: nowS + 60 } }, 401, 'the token is not good: ERR_JWT_CLAIM_VALIDATION_FAILED'));
test('a token issued in the future', () =>
  check({ claims: { iat: nowS + 1 } }, 401, 'the claim `iat` is in the future'));
test('a token without a service', () =>
  check({ claims: { service: undefined } }, 401, 'the claim `service` is missing'));
test('a token without an environment', () =>
  check({ claims: { environment: '' } }, 401, 'the claim `environment` is missing'));
test('a token whose status is a text', () =>
  check({ claims: { status: '1' } }, 401, 'the claim `status` is not an integer'));
test('a token whose time is in milliseconds', () =>
  check({ claims: { timestamp: nowMs } }, 401, 'the claim `timestamp` is not now'));
test('a token whose time is a text', () =>
  check(
    { claims: { timestamp: '2026-01-20T12:00:00Z' } },
    401,
    'the claim `timestamp` is not in whole epoch seconds',
  ));
test('an old token', () =>
  check({ claims: { timestamp: nowS - 61 } }, 401, 'the claim `timestamp` is not now'));

test('a token that nobody signed', async () => {
  const [, claims] = (await sign(nowMs)).split('.');
  const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  await check(
    { authorization: `Bearer ${header}.${claims}.` },
    401,
    'the token is not good: ERR_JOSE_ALG_NOT_ALLOWED',
  );
});

test('a body that is no JSON', () => check({ raw: '{' }, 400, 'the body is not JSON'));
test('a body that is a list', () => check({ raw: '[]' }, 400, 'the body is not an object'));
test('status 0 is never sent', () =>
  check({ claims: { status: 0 }, body: { status: 0 } }, 422, '`status` is not 1, 2 or 3'));
test('a status that is a text', () =>
  check({ body: { status: '1' } }, 422, '`status` is not 1, 2 or 3', '`status` is not what the token says'));
test('a field too many', () => check({ body: { region: 'eu' } }, 422, 'the field `region` is unknown'));
test('an empty message', () => check({ body: { message: '' } }, 422, '`message` is not a text'));
test('a body about another service', () =>
  check({ body: { service: 'db' } }, 422, '`service` is not what the token says'));
test('a body about another environment', () =>
  check({ body: { environment: 'staging' } }, 422, '`environment` is not what the token says'));
test('a time with fractions', () =>
  check(
    { body: { timestamp: '2026-01-20T12:00:00.000Z' } },
    422,
    '`timestamp` is not in RFC 3339, UTC, whole seconds',
  ));
test('a time that does not exist', () =>
  check(
    { body: { timestamp: '2026-13-20T12:00:00Z' } },
    422,
    '`timestamp` is not in RFC 3339, UTC, whole seconds',
  ));
test('a time in the future', () =>
  check({ body: { timestamp: '2026-01-20T12:02:00Z' } }, 422, '`timestamp` is in the future'));
test('a form', () =>
  check({ headers: { 'content-type': 'text/plain' } }, 415, 'the content-type is not application/json'));
test('a body that is too large', () =>
  check({ raw: ' '.repeat(70_000) }, 413, 'the body is larger than 65536 bytes'));
test('another method', () => check({ question: { method: 'PUT' } }, 405, 'only POST and GET'));

test('another path answers 404', async () => {
  await start({ path: '/v2/reports' });
  expect((await report(dashboard.url, nowMs)).status).toBe(404);
});

test('without a secret no token is asked for, and one that comes is only decoded', async () => {
  dashboard = await startDashboard({ clock });
  expect((await report(dashboard.url, nowMs, { authorization: '' })).status).toBe(201);
  expect((await report(dashboard.url, nowMs, { secret: 'any' })).status).toBe(201);
  expect(dashboard.requests.map(({ token }) => [token.verified, token.claims?.['service']])).toEqual([
    [false, undefined],
    [false, 'api'],
  ]);
});

test('a rotated secret counts at once', async () => {
  await start();
  dashboard.setSecret('new');
  expect((await report(dashboard.url, nowMs)).status).toBe(401);
  expect((await report(dashboard.url, nowMs, { secret: 'new' })).status).toBe(201);
});

test('the ledger has every byte that came', async () => {
  await start();
  await report(dashboard.url, nowMs, { key: 'k1' });
  const { method, path, body, key, token, accepted, answered, answer } = await dashboard.waitFor();
  expect({ method, path, body, key, token, accepted, answered, answer }).toEqual({
    method: 'POST',
    path: '/api/incidents',
    body: '{"service":"api","environment":"production","status":1,"message":"Service degraded","timestamp":"2026-01-20T12:00:00Z"}',
    key: 'k1',
    token: {
      header: { alg: 'HS256', typ: 'JWT' },
      claims: { service: 'api', environment: 'production', status: 1, timestamp: nowS },
      verified: true,
      problem: undefined,
    },
    accepted: true,
    answered: 201,
    answer: '{"id":1,"status":"created"}',
  });
});

test('what is stored can be read', async () => {
  await start();
  await report(dashboard.url, nowMs, { key: 'k1' });
  const list = JSON.parse(String((await ask(`${dashboard.url}/api/incidents`)).body));
  expect(list).toEqual([
    {
      id: 1,
      service: 'api',
      environment: 'production',
      status: 1,
      message: 'Service degraded',
      timestamp: '2026-01-20T12:00:00Z',
      key: 'k1',
      atMs: nowMs,
    },
  ]);
});

async function checkMemory(
  options: DashboardOptions,
  reports: readonly Changes[],
  answers: unknown[],
  stored: number,
) {
  await start(options);
  const seen = [];
  for (const changes of reports) {
    const answer = await report(dashboard.url, nowMs, changes);
    seen.push([answer.status, JSON.parse(String(answer.body)).id]);
  }
  expect(seen).toEqual(answers);
  expect(dashboard.accepted.length).toBe(stored);
}

const worse = { claims: { status: 2 }, body: { status: 2 } };

test('a key that is known gets the first answer again, and nothing is stored', () =>
  checkMemory(
    {},
    [{ key: 'a' }, { key: 'a' }, { key: 'b' }, {}],
    [
      [201, 1],
      [200, 1],
      [201, 2],
      [201, 3],
    ],
    3,
  ));

test('a key that comes with another body is refused', () =>
  checkMemory(
    {},
    [{ key: 'a' }, { key: 'a', ...worse }],
    [
      [201, 1],
      [422, undefined],
    ],
    1,
  ));

test('a dumb dashboard stores everything', () =>
  checkMemory(
    { memory: 'dumb' },
    [{ key: 'a' }, { key: 'a' }],
    [
      [201, 1],
      [201, 2],
    ],
    2,
  ));

test('a dashboard with natural keys knows an incident until it gets worse', () =>
  checkMemory(
    { memory: 'natural' },
    [{ key: 'a' }, { key: 'b' }, worse, { key: 'c' }, { service: 'db' }],
    [
      [201, 1],
      [409, 1],
      [201, 2],
      [409, 2],
      [201, 3],
    ],
    3,
  ));

test('an incident that a human closed is new again', async () => {
  await start({ memory: 'natural' });
  await report(dashboard.url, nowMs);
  dashboard.close('api', 'production');
  expect((await report(dashboard.url, nowMs)).status).toBe(201);
});
