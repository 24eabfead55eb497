/** The telemetry of a running program with TLS: its start, its reloads, its probes, its end. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { authority, type Certificate, certificate } from './certificates.ts';
import { expectDiscretion } from './guarded.ts';
import { watchPolls } from './polls.ts';
import { file, freePort, type Program, run, start, temporaryFolder } from './program.ts';
import { startWorld } from './world.ts';

const ours = await authority('our authority');
const next = await authority('our next authority');
const server = await certificate({ by: ours });
const renewed = await certificate({ by: next });
const client = await certificate({ by: ours, use: 'client' });
const nextClient = await certificate({ by: next, use: 'client' });

type Files = { readonly cert: string; readonly key: string; readonly ca?: string };
const mutual: Files = { ...server, ca: ours.cert };

function write(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.pem`), text);
}

/** A configuration whose telemetry has these files; asks its convertor once a second. */
async function prepare(files: Files, more: { readonly service?: string } = {}) {
  const world = await startWorld([more.service ?? 'api'], { pollSeconds: 1 });
  const folder = temporaryFolder();
  write(folder, files);
  const port = await freePort();
  const section = (at = port, address = '127.0.0.1') => {
    const tls = 'tls: {cert_file: cert.pem, key_file: key.pem, client_ca_file: ca.pem}';
    return world.text({ more: `telemetry: {port: ${at}, address: ${address}, ${tls}}` });
  };
  const config = file(section(), 'config.yaml', folder);
  return { ...world, folder, port, config, section };
}

/** What a client is answered, and by whose certificate; undefined where it is not let in. */
function ask(port: number, shown: Partial<Certificate> = {}, path = '/-/healthy') {
  const options = { port, host: '127.0.0.1', ca: [ours.cert, next.cert], agent: false as const, ...shown };
  return new Promise<readonly [number | undefined, string | undefined] | undefined>((resolve) => {
    const request = get({ ...options, path }, (answer) => {
      const { issuer } = (answer.socket as TLSSocket).getPeerCertificate();
      answer.resume().once('end', () => resolve([answer.statusCode, String(issuer.CN)]));
    });
    request.once('error', () => resolve(undefined));
  });
}

const served = [200, 'our authority'];

test.each([[{}], [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }], [{ NODE_OPTIONS: '--tls-min-v1.0' }]])(
  'mutual TLS lets in whom its authority knows, whatever the environment says: %j',
  async (env: Readonly<Record<string, string>>) => {
    const { config, port } = await prepare(mutual);
    const program = start(['-c', config], env);
    expect(await program.waitForLog('Telemetry is listening')).toMatchObject({
      url: `https://127.0.0.1:${port}`,
    });
    expect(await ask(port, client)).toEqual(served);
    expect(await ask(port)).toBe(undefined);
    expect(await ask(port, nextClient)).toBe(undefined);
    const refused = (why: string) => program.waitForLog(`Telemetry did not let a client in: ${why}`);
    expect(await refused('it shows no certificate')).toMatchObject({ level: 'warn', count: 1 });
    expect(await refused('its authority is not in client_ca_file')).toMatchObject({ count: 1 });
    expectDiscretion(program);
  },
);

test('healthcheck needs no certificate', async () => {
  const { config, port, folder, section } = await prepare(mutual);
  const env = { MP_TELEMETRY__PORT: String(port) };
  expect((await run(['healthcheck', '-c', config])).code).toBe(1);
  const program = start(['-c', config]);
  const { url } = await program.waitForLog('Telemetry is listening');
  const healthy = { code: 0, stdout: 'healthy\n' };
  expect(await run(['healthcheck', '-c', config])).toMatchObject(healthy);
  expect(await run(['healthcheck'], env)).toMatchObject(healthy);
  expect(await run(['healthcheck', '--url', `http://127.0.0.1:${port}`])).toMatchObject(healthy);
  expect(await run(['healthcheck', '--url', String(url)])).toMatchObject({ code: 1 });
  program.signal('SIGTERM');
  await program.ended();

  file(section(port, '127.0.0.3'), 'config.yaml', folder);
  const elsewhere = start(['-c', config]);
  await elsewhere.waitForLog('Telemetry is listening');
  expect(await run(['healthcheck', '-c', config])).toMatchObject(healthy);
  const byVariables = { ...env, MP_TELEMETRY__ADDRESS: '127.0.0.3', MP_TELEMETRY__TLS__CERT_FILE: 'x' };
  expect(await run(['healthcheck'], byVariables)).toMatchObject(healthy);
});

const expired = await certificate({ by: ours, from: -9, to: -2 });
const useless: readonly (readonly [string, Files, string])[] = [
  ['no authority', server, 'client_ca_file: the file does not exist'],
  ['an empty authority', { ...mutual, ca: '' }, 'client_ca_file: is not a PEM certificate'],
  ['garbage for an authority', { ...mutual, ca: 'garbage' }, 'client_ca_file: is not a PEM certificate'],
  [
    'an authority of yesterday',
    { ...mutual, ca: expired.cert },
    'client_ca_file: has a certificate that expired',
  ],
  ['a broken key', { ...mutual, key: server.key.slice(0, 80) }, 'key_file: is not a private key'],
  ['another key', { ...mutual, key: client.key }, 'key_file: does not belong to the certificate'],
  ['a certificate of yesterday', { ...mutual, ...expired }, 'cert_file: has a certificate that expired'],
  ['garbage for a certificate', { ...mutual, cert: 'garbage' }, 'cert_file: is not a PEM certificate'],
];

test.each(useless)('with %s it does not start, and listens nowhere', async (_, files, why) => {
  const { config, port } = await prepare(files);
  const { code, stdout, stderr } = await run(['-c', config]);
  expect([code, stdout]).toEqual([78, '']);
  expect(stderr).toMatch(new RegExp(`^\\S+: error: telemetry\\.tls\\.${why}.*\n$`));
  expect(await ask(port, client)).toBe(undefined);
});

/** The lines about reloads so far. */
function told(program: Program): readonly string[] {
  const troubles = program.log().filter(({ level }) => level === 'error' || level === 'warn');
  return troubles.flatMap(({ msg }) => (msg.startsWith('Telemetry did not let a client in') ? [] : [msg]));
}

test('a reload with useless files keeps the old ones, misses no cycle, and a good one takes over', async () => {
  const { config, port, folder, convertor } = await prepare(mutual);
  const program = start(['-c', config]);
  const polls = watchPolls(convertor, program.pid);
  await program.waitForLog('Telemetry is listening');
  const from = convertor.requests.length;
  for (const [at, [, files, why]] of useless.entries()) {
    write(folder, { ca: join(folder, 'gone'), ...files });
    program.signal('SIGHUP');
    await program.waitForLog('Configuration is broken, the old one stays: ', at + 1);
    if (files.ca !== undefined) expect(told(program).at(-1)).toContain(why);
    expect(told(program)).toHaveLength(at + 1);
    expect(await ask(port, client)).toEqual(served);
    expect(await ask(port)).toBe(undefined);
  }
  // What is refused now is not what it runs with: nobody should end it for that.
  expect(await run(['healthcheck', '-c', config])).toMatchObject({ code: 0, stdout: 'healthy\n' });
  write(folder, { ...renewed, ca: next.cert });
  program.signal('SIGHUP');
  await program.waitForLog('Configuration was reloaded');
  expect(await ask(port, nextClient)).toEqual([200, 'our next authority']);
  expect(await ask(port, client)).toBe(undefined);
  await polls.come(Math.max(5, from + 3));
  expect(polls.missedMs()[0]).toBeLessThan(300);
  expectDiscretion(program);
}, 20_000);

test('--watch-config notices a certificate that was renewed', async () => {
  const { config, port, folder } = await prepare(mutual);
  const program = start(['-c', config, '--watch-config']);
  await program.waitForLog('Telemetry is listening');
  write(folder, { ...renewed, ca: next.cert });
  await program.waitForLog('Configuration was reloaded');
  expect(await ask(port, nextClient)).toEqual([200, 'our next authority']);
}, 20_000);

test('what an open socket cannot change needs a restart, and is said so', async () => {
  const { config, port, folder, section, text } = await prepare(mutual);
  const program = start(['-c', config]);
  await program.waitForLog('Telemetry is listening');
  const other = await freePort();
  const changes = [
    section(other),
    section(port, '127.0.0.3'),
    text({ more: `telemetry: {port: ${port}}` }),
    text({ more: '' }),
  ];
  for (const [at, changed] of changes.entries()) {
    file(changed, 'config.yaml', folder);
    program.signal('SIGHUP');
    await program.waitForLog('Configuration was reloaded', at + 1);
    expect(told(program)).toEqual(
      Array(at + 1).fill(
        'telemetry.port, telemetry.address, and TLS on or off are read at the start only: restart to change them',
      ),
    );
    expect(await ask(port, client)).toEqual(served);
    expect(await ask(port)).toBe(undefined);
  }
  file(section(), 'config.yaml', folder);
  program.signal('SIGHUP');
  await program.waitForLog('Configuration was reloaded', changes.length + 1);
  expect(told(program)).toHaveLength(changes.length);
});

test('a reload never lets clients in that showed no certificate', async () => {
  const { config, port, folder, text } = await prepare(mutual);
  const program = start(['-c', config]);
  await program.waitForLog('Telemetry is listening');
  const open = `telemetry: {port: ${port}, tls: {cert_file: cert.pem, key_file: key.pem}}`;
  file(text({ more: open }), 'config.yaml', folder);
  program.signal('SIGHUP');
  await program.waitForLog('Configuration was reloaded');
  expect(told(program)).toEqual([
    'Telemetry goes on asking clients for certificates: restart it to let everybody in',
  ]);
  expect(await ask(port, client)).toEqual(served);
  expect(await ask(port)).toBe(undefined);
});

test('while it drains it is alive and no longer ready', async () => {
  const { config, port, convertor, dashboard } = await prepare(mutual);
  convertor.set('api', 'production', { status: 1 });
  dashboard.fail('hang');
  const program = start(['-c', config]);
  await program.waitForLog('Polling convertor', 2);
  expect(await ask(port, client, '/-/ready')).toEqual(served);
  program.signal('SIGTERM');
  await program.waitForLog('Stopping');
  expect(await ask(port, client, '/-/ready')).toEqual([503, 'our authority']);
  expect(await ask(port, client)).toEqual(served);
  const { code, afterMs } = await program.ended();
  expect([code, afterMs < 6_000]).toEqual([0, true]);
  expect(await ask(port, client)).toBe(undefined);
}, 20_000);

test('a connection that is held open does not keep it from ending', async () => {
  const { config, port } = await prepare(mutual);
  const program = start(['-c', config]);
  await program.waitForLog('Health status');
  const sockets = Array.from({ length: 20 }, () => connect(port, '127.0.0.1'));
  // Those that were not let in yet are reset.
  for (const socket of sockets) socket.on('error', () => undefined);
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  program.signal('SIGTERM');
  const { code, afterMs } = await program.ended();
  expect([code, afterMs < 2_000]).toEqual([0, true]);
  for (const socket of sockets) socket.destroy();
});
