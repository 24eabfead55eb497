/** The files of the listener's own certificate: what would make it useless or open keeps a start from happening. */
import { expect, test } from 'vitest';
import { authority, certificate } from '../process/certificates.ts';
import { type Files, load, minimal } from './folder.ts';

const ours = await authority('our authority');
const server = await certificate({ by: ours });
const other = await certificate({ by: ours });
const expired = await certificate({ by: ours, from: -9, to: -2 });
const early = await certificate({ by: ours, from: 5 });
const forClients = await certificate({ by: ours, use: 'client' });
const locked = await certificate({ by: ours, passphrase: 'hunter2' });
const goneAuthority = await certificate({ from: -9, to: -2 });

const good: Files = { c: server.cert, k: server.key, ca: ours.cert };
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** `tls` is the section as written in line 4; `expected` the problems without their beginning, or what is in effect. */
async function check(
  tls: string,
  files: Files,
  expected: string | readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { config, lines } = await load(
    { 'config.yaml': `${minimal}telemetry: {tls: ${tls}}\n`, ...files },
    env,
  );
  const told = lines.replaceAll(/^config.yaml:4:\d+: |telemetry\.tls\./gm, '');
  expect(told).toBe(typeof expected === 'string' ? expected : '');
  expect(config === undefined).toBe(told.includes('error: '));
  if (typeof expected !== 'string') expect(Object.keys(config?.telemetry.tls ?? {})).toEqual(expected);
}

test('no section, an empty one and one of bare keys mean plain HTTP', async () => {
  await check('', {}, []);
  await check('{}', {}, []);
  await check('{cert_file: , key_file: , client_ca_file: }', {}, []);
});

test('a certificate with its key is TLS, with an authority it is mutual TLS', async () => {
  await check('{cert_file: c, key_file: k}', good, ['cert', 'key']);
  await check('{cert_file: c, key_file: k, client_ca_file: ca}', good, ['cert', 'key', 'clientCa']);
  await check('{cert_file: c, key_file: k, client_ca_file: ca}', { ...good, c: server.cert + ours.cert }, [
    'cert',
    'key',
    'clientCa',
  ]);
});

test('half of a pair is an error, and so is an authority without TLS', async () => {
  await check('{cert_file: c}', good, 'error: cert_file: needs key_file beside it. Give both or neither');
  await check('{key_file: k}', good, 'error: key_file: needs cert_file beside it. Give both or neither');
  await check(
    '{client_ca_file: ca}',
    good,
    'error: client_ca_file: needs cert_file and key_file beside it. Without them there is no TLS at all',
  );
});

const all = '{cert_file: c, key_file: k, client_ca_file: ca}';
const noPem = 'is not a PEM certificate. It begins with -----BEGIN CERTIFICATE-----';

test('mutual TLS without its authority is an error, never less than mutual TLS', async () => {
  const { c = '', k = '' } = good;
  await check(all, { c, k }, 'error: client_ca_file: the file does not exist. Check the path');
  for (const ca of ['', 'garbage', server.key]) {
    await check(all, { c, k, ca }, `error: client_ca_file: ${noPem}`);
  }
  await check(
    '{cert_file: c, key_file: k, client_ca_file: ""}',
    good,
    'error: client_ca_file: the file has no name. Write its path',
  );
  await check(
    '{cert_file: c, key_file: k, client_ca_file: .}',
    good,
    'error: client_ca_file: the file is a folder. Name a file in it',
  );
});

test('an authority that is named and bare is an error, never TLS for everybody', async () => {
  const said =
    'error: client_ca_file: names nothing: clients would be let in without a certificate. Name the authority of your clients, or take the key out';
  for (const bare of ['', 'null', '~']) {
    await check(`{cert_file: c, key_file: k, client_ca_file: ${bare}}`, good, said);
  }
  await check('{cert_file: c, key_file: k}', good, said, { MP_TELEMETRY__TLS__CLIENT_CA_FILE: '' });
  await check(all, good, ['cert', 'key', 'clientCa'], { mp_telemetry__tls__client_ca_file: '' });
});

test('a section whose files all went missing is an error where the network could ask', async () => {
  const bare = 'tls: {cert_file: , key_file: , client_ca_file: }';
  const tell = async (telemetry: string, env: Readonly<Record<string, string>> = {}) =>
    (await load({ 'config.yaml': `${minimal}telemetry: ${telemetry}\n` }, env)).lines;
  const said =
    'telemetry.tls.cert_file: names nothing: the telemetry would be open to the network, and without TLS. Name the file, or take the keys of tls out';
  expect(await tell(`{port: 9090, address: 0.0.0.0, ${bare}}`)).toContain(`error: ${said}`);
  expect(await tell(`{port: 9090, address: '::', ${bare}}`)).toContain(`error: ${said}`);
  // A name may begin like an address of this machine.
  expect(await tell(`{port: 9090, address: 127.0.0.1.example.com, ${bare}}`)).toContain(`error: ${said}`);
  const variables = { MP_TELEMETRY__TLS__CERT_FILE: '', MP_TELEMETRY__TLS__KEY_FILE: '' };
  expect(await tell('{port: 9090, address: 0.0.0.0}', variables)).toContain(`error: ${said}`);
  for (const address of ['127.0.0.1', 'localhost', "'::1'"]) {
    expect(await tell(`{port: 9090, address: ${address}, ${bare}}`)).toBe('');
  }
  expect(await tell(`{port: 0, address: 0.0.0.0, ${bare}}`)).toBe('');
  expect(await tell('{port: 9090, address: 0.0.0.0}')).toBe('');
});

test('a file that is cut off, or in which one of several certificates is damaged', async () => {
  const said = 'holds a certificate that is damaged or cut off. Write it again, whole';
  const half = ours.cert.slice(0, 120);
  for (const ca of [`${half}\n${ours.cert}`, `${ours.cert}${half}`, half]) {
    await check(all, { ...good, ca }, `error: client_ca_file: ${said}`);
  }
  await check(all, { ...good, c: `${server.cert}${half}` }, `error: cert_file: ${said}`);
});

test('an authority that is none lets nobody in', async () => {
  const said =
    'error: client_ca_file: holds no authority: no client would be let in. Name the certificate that signed those of the clients';
  await check(all, { ...good, ca: server.cert }, said);
  await check(all, { ...good, ca: `${server.cert}${ours.cert}` }, ['cert', 'key', 'clientCa']);
});

test('a key that is misspelt is an error: it would leave the door open', () =>
  check(
    '{cert_file: c, key_file: k, client_ca_fil: ca}',
    good,
    'error: client_ca_fil: no such key. Did you mean client_ca_file?',
  ));

test('a file that is missing is told once, and not what misses it', async () => {
  const { c = '', k = '', ca = '' } = good;
  await check(all, { c, ca }, 'error: key_file: the file does not exist. Check the path');
  await check(all, { k, ca }, 'error: cert_file: the file does not exist. Check the path');
});

test('a key that is none, is locked, or is of another certificate', async () => {
  const none =
    'error: key_file: is not a private key in PEM without a password. It begins with -----BEGIN PRIVATE KEY-----';
  for (const k of ['', 'garbage', server.cert]) await check(all, { ...good, k }, none);
  await check(
    all,
    { ...good, k: other.key },
    'error: key_file: does not belong to the certificate in cert_file',
  );
  await check(
    all,
    { ...good, c: locked.cert, k: locked.key },
    'error: key_file: is encrypted with a password. Store it without: openssl pkey -in KEY -out PLAIN-KEY',
  );
});

test('a certificate that nobody would accept today is an error', async () => {
  const gone = `error: cert_file: has a certificate that expired on ${day(-2)}. Renew it`;
  await check(all, { ...good, c: expired.cert, k: expired.key }, gone);
  const soon = `error: cert_file: has a certificate that is not valid before ${day(5)}`;
  await check(all, { ...good, c: early.cert, k: early.key }, soon);
  await check(
    all,
    { ...good, c: forClients.cert, k: forClients.key },
    'error: cert_file: is not meant for a server',
  );
});

test('an authority whose time is over is an error, unless another stands beside it', async () => {
  const why = `client_ca_file: has a certificate that expired on ${day(-2)}. Renew it`;
  await check(all, { ...good, ca: goneAuthority.cert }, `error: ${why}`);
  await check(all, { ...good, ca: goneAuthority.cert + ours.cert }, `warning: ${why}`);
  await check(all, { ...good, ca: ours.cert.trimEnd() + goneAuthority.cert }, `warning: ${why}`);
});

test('the files are watched, and the key is a secret', async () => {
  const { config } = await load({ 'config.yaml': `${minimal}telemetry: {tls: ${all}}\n`, ...good });
  expect(config?.files.map((path) => path.split('/').at(-1))).toEqual(['config.yaml', 'c', 'k', 'ca']);
  expect(JSON.stringify(config)).not.toContain('PRIVATE');
});
