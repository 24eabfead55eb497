/** What is said about the files of a connection before it is made. */
import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { authority, certificate } from './certificates.ts';
import { expectDiscretion } from './guarded.ts';
import { file, start, temporaryFolder } from './program.ts';

const ours = await authority('our authority');
const ca = ours.cert;
const client = await certificate({ by: ours, use: 'client' });
const expired = await certificate({ by: ours, use: 'client', from: -9, to: -2 });
const early = await certificate({ by: ours, use: 'client', from: 5 });

type Files = { readonly ca?: string; readonly cert?: string; readonly key?: string };
type Expected = { readonly lines: readonly string[]; readonly level: 'error' | 'warning' | 'fine' };

const end = {
  error: { check: 78, strict: 78, run: 78 },
  warning: { check: 0, strict: 3, run: 0 },
  fine: { check: 0, strict: 0, run: 0 },
};

/** What `check` prints about these files of the convertor, and whether the program starts with them. */
async function check(files: Files, { lines, level }: Expected): Promise<void> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) file(text, `${name}.pem`, folder);
  const text = [
    'convertor:',
    '  url: https://127.0.0.1:1',
    '  retries: 0',
    '  tls:',
    '    ca_file: ca.pem',
    '    cert_file: cert.pem',
    '    key_file: key.pem',
    'status_dashboard: {kind: console, url: https://status.example.com}',
    'reporter: {services: [{name: api, environment: production}]}',
  ].join('\n');
  const config = file(text, 'config.yaml', folder);
  const keyLines = (files.key ?? '').split('\n').filter((line) => /^[\w+/=]{20,}$/.test(line));

  for (const strict of [false, true]) {
    const program = start(['check', '-c', config, ...(strict ? ['--strict'] : [])]);
    expect((await program.ended()).code).toBe(end[level][strict ? 'strict' : 'check']);
    const found = program.stdout().replaceAll(`${folder}/`, '').trimEnd().split('\n');
    expect(found.slice(0, -1)).toEqual(lines);
    expectDiscretion(program, keyLines);
  }
  const daemon = start(['-c', config, '--log-level', 'trace']);
  if (level === 'error') {
    expect((await daemon.ended()).code).toBe(end.error.run);
  } else {
    await daemon.waitForLog('No data for service: api');
    daemon.signal('SIGTERM');
    expect((await daemon.ended()).code).toBe(end[level].run);
  }
  expect(daemon.stderr().replaceAll(`${folder}/`, '')).toBe(lines.map((line) => `${line}\n`).join(''));
  expectDiscretion(daemon, keyLines);
}

const at = {
  ca: 'config.yaml:5:14: error: convertor.tls.ca_file:',
  cert: 'config.yaml:6:16: error: convertor.tls.cert_file:',
  key: 'config.yaml:7:15: error: convertor.tls.key_file:',
};

test('files that fit each other are fine', () => check({ ca, ...client }, { level: 'fine', lines: [] }));

test('a key that is encrypted is an error', async () => {
  const encrypted = await certificate({ by: ours, passphrase: 'a-passphrase-of-this-test' });
  const remedy = 'Store it without: openssl pkey -in KEY -out PLAIN-KEY';
  await check(
    { ca, ...encrypted },
    { level: 'error', lines: [`${at.key} is encrypted with a password. ${remedy}`] },
  );
});

test('a key of another certificate is an error', () =>
  check(
    { ca, cert: client.cert, key: expired.key },
    { level: 'error', lines: [`${at.key} does not belong to the certificate in cert_file`] },
  ));

test('files that are missing are errors, all of them at once', () =>
  check(
    {},
    {
      level: 'error',
      lines: [at.ca, at.cert, at.key].map((place) => `${place} the file does not exist. Check the path`),
    },
  ));

test('files that were mixed up are errors, and no part of a key is shown', () =>
  check(
    { ca: client.key, cert: client.key, key: client.cert },
    {
      level: 'error',
      lines: [
        `${at.ca} is not a PEM certificate. It begins with -----BEGIN CERTIFICATE-----`,
        `${at.cert} is not a PEM certificate. It begins with -----BEGIN CERTIFICATE-----`,
        `${at.key} is not a private key in PEM without a password. It begins with -----BEGIN PRIVATE KEY-----`,
      ],
    },
  ));

test('a certificate of ours that has expired is a warning that names the day', () =>
  check(
    { ca, ...expired },
    {
      level: 'warning',
      lines: [
        `config.yaml:6:16: warning: convertor.tls.cert_file: has a certificate that expired on ${dayOf(expired.cert, 'validTo')}. Renew it`,
      ],
    },
  ));

test('a certificate of ours that is not valid yet is a warning that names the day', () =>
  check(
    { ca, ...early },
    {
      level: 'warning',
      lines: [
        `config.yaml:6:16: warning: convertor.tls.cert_file: has a certificate that is not valid before ${dayOf(early.cert, 'validFrom')}`,
      ],
    },
  ));

function dayOf(pem: string, which: 'validFrom' | 'validTo'): string {
  return new Date(new X509Certificate(pem)[which]).toISOString().slice(0, 10);
}
