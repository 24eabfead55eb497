/** `token` prints what each kind that signs would send, with that kind's claims. */
import { createSecretKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { file, run } from './program.ts';

const secret = 'a-secret-of-this-test-0123456789';
const subject = ['--service', 'api', '--environment', 'production', '--status', '2'];

const config = () =>
  file(`
convertor: {url: "http://127.0.0.1:9"}
status_dashboard: {url: "http://127.0.0.1:9", secret: ${secret}}
dashboards:
  first: {kind: stackmon-v1, url: "http://127.0.0.1:9", secret: ${secret}, token_ttl: 2m}
  second: {kind: stackmon-v2, url: "http://127.0.0.1:9", secret: ${secret}, token_ttl: 0, claims: {groups: [sre]}}
  either: {kind: auto, url: "http://127.0.0.1:9", secret: ${secret}}
  open: {kind: stackmon-v2, url: "http://127.0.0.1:9"}
  screen: {kind: console}
  hook: {kind: webhook, url: "http://127.0.0.1:9", secret: ${secret}}
reporter: {services: [{name: api}]}
`);

/** The claims of the token for this dashboard; times count from now. */
async function check(dashboard: string | undefined, expected: object) {
  const named = dashboard === undefined ? [] : ['--dashboard', dashboard];
  const { code, stdout } = await run(['token', '-c', config(), ...subject, ...named]);
  expect(code).toBe(0);
  const { payload, protectedHeader } = await jwtVerify(stdout.trim(), createSecretKey(Buffer.from(secret)));
  expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
  const nowS = Date.now() / 1000;
  const since = (time: unknown) =>
    typeof time === 'number' ? Math.round((time - nowS) / 20) * 20 : undefined;
  const times = Object.fromEntries(
    ['iat', 'exp', 'timestamp'].flatMap((name) => (name in payload ? [[name, since(payload[name])]] : [])),
  );
  expect({ ...payload, ...times }).toEqual(expected);
}

test('of the generic dashboard', () =>
  check(undefined, { service: 'api', environment: 'production', status: 2, timestamp: expect.closeTo(0) }));

test('of stackmon-v1', () => check('first', { stackmon: 'dummy', iat: -60, exp: 120 }));

test('of stackmon-v2', () => check('second', { groups: ['sre'] }));

test('of auto', () => check('either', { stackmon: 'dummy', iat: -60, exp: 300 }));

test.each(['open', 'screen', 'hook', 'nobody'])('of %s there is none', async (dashboard) => {
  const { code, stdout, stderr } = await run(['token', '-c', config(), ...subject, '--dashboard', dashboard]);
  expect([code, stdout]).toEqual([64, '']);
  expect(stderr).toContain(
    `No dashboard "${dashboard}" that signs with a secret. There are: default (incidents), first (stackmon-v1)`,
  );
});
