/** Certificates and keys are read and checked when the configuration is loaded. */
import { type GenerateResult, generate } from 'selfsigned';
import { beforeAll, expect, test } from 'vitest';
import { type Files, load } from './folder.ts';

let valid: GenerateResult;
let other: GenerateResult;
let expired: GenerateResult;
let future: GenerateResult;

beforeAll(async () => {
  const dates = (from: string, to: string) => ({
    algorithm: 'sha256',
    notBeforeDate: new Date(from),
    notAfterDate: new Date(to),
  });
  [valid, other, expired, future] = await Promise.all([
    generate(undefined, { algorithm: 'sha256' }),
    generate(undefined, { algorithm: 'sha256' }),
    generate(undefined, dates('2020-01-01', '2021-02-03')),
    generate(undefined, dates('2999-01-01', '2999-02-03')),
  ]);
});

/** `tls` is the section as it is written; `expected` the problems, or the names of what was read. */
async function check(tls: string, files: Files, expected: string | readonly string[]): Promise<void> {
  const text = `convertor: {url: https://c, tls: ${tls}}\nstatus_dashboard: {kind: console}\nreporter: {services: [{name: a}]}\n`;
  const { config, lines } = await load({ 'config.yaml': text, ...files });
  expect(lines).toBe(typeof expected === 'string' ? expected : '');
  if (typeof expected !== 'string') expect(Object.keys(config?.convertor.tls ?? {})).toEqual(expected);
}

test('no section and an empty one are the default', async () => {
  await check('', {}, []);
  await check('{ca_file: , cert_file: , key_file: }', {}, []);
});

test('all three files are read', async () => {
  await check('{ca_file: ca.pem}', { 'ca.pem': valid.cert }, ['ca']);
  await check(
    '{ca_file: tls/ca.pem, cert_file: tls/cert.pem, key_file: tls/key.pem}',
    { 'tls/ca.pem': valid.cert + other.cert, 'tls/cert.pem': valid.cert, 'tls/key.pem': valid.private },
    ['ca', 'cert', 'key'],
  );
});

test('the environment names files as well, from the working directory', async () => {
  const files = {
    'config.yaml':
      'convertor: {url: https://c}\ndashboards: {x: {kind: console}}\nreporter: {services: [{name: a}]}\n',
  };
  const { lines } = await load(files, { MP_CONVERTOR__TLS__CA_FILE: 'no/such/file' });
  expect(lines).toBe(
    'env MP_CONVERTOR__TLS__CA_FILE: error: convertor.tls.ca_file: the file does not exist. Check the path',
  );
});

test('a file that is missing or no PEM', async () => {
  await check(
    '{ca_file: gone.pem}',
    {},
    'config.yaml:1:44: error: convertor.tls.ca_file: the file does not exist. Check the path',
  );
  const message = 'is not a PEM certificate. It begins with -----BEGIN CERTIFICATE-----';
  const damaged = 'holds a certificate that is damaged or cut off. Write it again, whole';
  for (const [content, why] of [
    ['', message],
    ['hello', message],
    [valid.private, message],
    [valid.cert.replace(/[A-Za-z]{20}/, 'x'), damaged],
    [`${valid.cert}${valid.cert.slice(0, 99)}`, damaged],
  ] as const) {
    await check('{ca_file: f}', { f: content }, `config.yaml:1:44: error: convertor.tls.ca_file: ${why}`);
  }
  await check(
    '{ca_file: [f]}',
    { f: '' },
    'config.yaml:1:35: error: convertor.tls.ca_file: must be the path of a file',
  );
});

test('a certificate without its key, a key without its certificate', async () => {
  await check(
    '{cert_file: c}',
    { c: valid.cert },
    'config.yaml:1:46: error: convertor.tls.cert_file: needs key_file beside it. Give both or neither',
  );
  await check(
    '{key_file: k}',
    { k: valid.private },
    'config.yaml:1:45: error: convertor.tls.key_file: needs cert_file beside it. Give both or neither',
  );
});

test('a key that is none, and one of another certificate', async () => {
  await check(
    '{cert_file: c, key_file: k}',
    { c: valid.cert, k: valid.cert },
    'config.yaml:1:59: error: convertor.tls.key_file: is not a private key in PEM without a password. It begins with -----BEGIN PRIVATE KEY-----',
  );
  await check(
    '{cert_file: c, key_file: k}',
    { c: valid.cert, k: other.private },
    'config.yaml:1:59: error: convertor.tls.key_file: does not belong to the certificate in cert_file',
  );
});

test('a certificate whose time is over, or has not come, is a warning', async () => {
  await check(
    '{cert_file: c, key_file: k}',
    { c: expired.cert, k: expired.private },
    'config.yaml:1:46: warning: convertor.tls.cert_file: has a certificate that expired on 2021-02-03. Renew it',
  );
  await check(
    '{ca_file: c}',
    { c: valid.cert + future.cert },
    'config.yaml:1:44: warning: convertor.tls.ca_file: has a certificate that is not valid before 2999-01-01',
  );
});
