/** Whom the daemon trusts: every certificate that a peer must not have, and those that it may. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { startConvertor } from '../../src/demo/convertor.ts';
import { startDashboard } from '../../src/demo/dashboard.ts';
import { authority, certificate } from './certificates.ts';
import {
  expectDiscretion,
  refusalOfConvertor,
  refusalOfDashboard,
  secret,
  startPeers,
  tls,
  watchOver,
} from './guarded.ts';
import { file, start } from './program.ts';

const ours = await authority('our authority');
const foreign = await authority('a foreign authority');
const good = await certificate({ by: ours });

const untrusted: readonly (readonly [string, TlsOptions, string])[] = [
  [
    'of an unknown authority',
    await certificate({ by: foreign }),
    'certificate authority is not trusted: set tls.ca_file if it is yours (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
  ],
  [
    'signed by itself',
    await certificate(),
    'certificate is self-signed: set tls.ca_file if it is yours (DEPTH_ZERO_SELF_SIGNED_CERT)',
  ],
  [
    'that has expired',
    await certificate({ by: ours, to: -0.5 }),
    'certificate has expired (CERT_HAS_EXPIRED)',
  ],
  [
    'that is not valid yet',
    await certificate({ by: ours, from: 1 }),
    'certificate is not valid yet: is this clock right? (CERT_NOT_YET_VALID)',
  ],
  [
    'of another host',
    await certificate({ by: ours, host: 'status.example.com' }),
    'certificate is for another host name (ERR_TLS_CERT_ALTNAME_INVALID)',
  ],
  [
    'of a client',
    await certificate({ by: ours, use: 'client' }),
    'certificate is not meant for a server (INVALID_PURPOSE)',
  ],
  [
    'that is good, but TLS 1.1',
    { ...good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    'TLS version was refused: 1.2 or newer is needed (TLS alert 70)',
  ],
];

/** The daemon twice: one asks such a convertor, the other would have to tell such a dashboard. */
async function checkDistrust(secure: TlsOptions, why: string, env: Readonly<Record<string, string>>) {
  const [asked, told] = await Promise.all([
    startPeers({ convertor: secure }),
    startPeers({ dashboard: secure }),
  ]);
  const asking = watchOver(asked, { convertor: [tls({ ca: ours.cert })] }, env);
  const telling = watchOver(told, { dashboard: [tls({ ca: ours.cert })] }, env);
  expect(await refusalOfConvertor(asking)).toMatchObject({
    level: 'warn',
    reason: 'unreachable',
    msg: `No data for service: api: ${asked.convertor.url}/v1/health: ${why}`,
  });
  expect(await refusalOfDashboard(telling)).toMatchObject({
    level: 'error',
    reason: 'unreachable',
    msg: `Could not send notification to dashboard: ${told.dashboard.url}/api/incidents: ${why}`,
  });
  expect([asked.convertor.requests, asked.dashboard.requests, told.dashboard.requests]).toEqual([[], [], []]);
  expectDiscretion(asking);
  expectDiscretion(telling);
}

test.each(untrusted)(
  'a convertor with a certificate %s is not believed, a dashboard with it is told nothing',
  (_, secure, why) => checkDistrust(secure, why, {}),
);

test.each(untrusted)('no environment makes a certificate %s good', (_, secure, why) =>
  checkDistrust(secure, why, {
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_OPTIONS: '--tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0',
  }),
);

test('an own authority is unknown without tls.ca_file', async () => {
  const [asked, told] = await Promise.all([startPeers({ convertor: good }), startPeers({ dashboard: good })]);
  const [asking, telling] = [watchOver(asked), watchOver(told)];
  expect(await refusalOfConvertor(asking)).toMatchObject({ reason: 'unreachable' });
  expect(await refusalOfDashboard(telling)).toMatchObject({ reason: 'unreachable' });
  expect([asked.convertor.requests, told.dashboard.requests]).toEqual([[], []]);
});

test('with tls.ca_file both peers are trusted, and one connection serves every poll and every report', async () => {
  const peers = await startPeers({ convertor: good, dashboard: good });
  const trust = tls({ ca: ours.cert });
  const program = watchOver(peers, { convertor: [trust], dashboard: [trust] });
  await peers.dashboard.waitFor(() => true, 3);
  expect(peers.dashboard.requests.flatMap(({ reasons }) => reasons)).toEqual([]);
  expect(new Set(peers.dashboard.requests.map(({ socket }) => socket)).size).toBe(1);
  expect(new Set(peers.convertor.requests.map(({ socket }) => socket)).size).toBe(1);
  expect(peers.convertor.requests.length).toBeGreaterThanOrEqual(3);
  expectDiscretion(program);
});

test('authorities of one file are all trusted, joined without a line end too, and only for their peer', async () => {
  const other = await certificate({ by: foreign });
  const peers = await startPeers({ convertor: other, dashboard: other });
  const program = watchOver(peers, {
    convertor: [tls({ ca: ours.cert + foreign.cert })],
    dashboard: [tls({ ca: ours.cert })],
  });
  expect(await refusalOfDashboard(program)).toMatchObject({ reason: 'unreachable' });
  expect(peers.convertor.requests).not.toEqual([]);
  expect(peers.dashboard.requests).toEqual([]);
});

test('a certificate that is replaced by a good one is trusted at the next cycle', async () => {
  const expired = await certificate({ by: ours, to: -0.5 });
  const [oldConvertor, oldDashboard] = [
    await startConvertor({ tls: expired }),
    await startDashboard({ tls: expired }),
  ];
  const trust = tls({ ca: ours.cert });
  const program = watchOver(
    { convertor: oldConvertor, dashboard: oldDashboard },
    { convertor: [trust], dashboard: [trust] },
  );
  await refusalOfConvertor(program);
  const renew = async ({ url, stop }: { readonly url: string; readonly stop: () => Promise<void> }) => {
    await stop();
    return { port: Number(new URL(url).port), tls: good };
  };

  const convertor = await startConvertor(await renew(oldConvertor));
  onTestFinished(() => convertor.stop());
  convertor.set('api', 'production', { status: 1 });
  await refusalOfDashboard(program);
  expect(oldConvertor.requests).toEqual([]);

  const dashboard = await startDashboard({ secret, ...(await renew(oldDashboard)) });
  onTestFinished(() => dashboard.stop());
  expect((await dashboard.waitFor()).reasons).toEqual([]);
  expect(oldDashboard.requests).toEqual([]);
});

const alerts: readonly (readonly [number, string])[] = [
  [40, 'the peer wants other ciphers, or a client certificate'],
  [42, 'the peer refused our client certificate'],
  [43, 'the peer refused our client certificate'],
  [44, 'our client certificate was revoked'],
  [45, 'our client certificate has expired'],
  [46, 'the peer refused our client certificate'],
  [48, 'the peer does not know the authority of our client certificate'],
  [49, 'the peer does not let our client certificate in'],
  [70, 'TLS version was refused: 1.2 or newer is needed'],
  [80, 'TLS handshake failed'],
  [112, 'the peer does not know this host name'],
  [116, 'the peer wants a client certificate: set tls.cert_file and tls.key_file'],
];

test('the alert that ends a handshake is told in words', async () => {
  const { convertor } = await startPeers({});
  const refusing = await Promise.all(
    alerts.map(async ([alert, words]) => {
      const { url } = await startRefusing(Buffer.from([0x15, 3, 3, 0, 2, 2, alert]));
      const msg = `Could not send notification to dashboard: ${url}/api/incidents: ${words} (TLS alert ${alert})`;
      return { name: `alert-${alert}`, url, msg };
    }),
  );
  const text = [
    `convertor: {url: ${convertor.url}}`,
    'dashboards:',
    ...refusing.map(({ name, url }) => `  ${name}: {url: ${url}, secret: ${secret}, retries: 0}`),
    'reporter: {services: [{name: api, environment: production}]}',
  ].join('\n');
  const program = start(['-c', file(text), '--log-level', 'trace']);
  await program.waitForLog('Could not send notification', refusing.length);
  for (const { name, msg } of refusing) {
    const told = program.log().find(({ dashboard, level }) => dashboard === name && level === 'error');
    expect(told).toMatchObject({ reason: 'unreachable', msg });
  }
  expectDiscretion(program);
});

test('a peer that speaks no TLS is told so, and nothing else', async () => {
  const { convertor } = await startPeers({});
  const dashboard = await startRefusing('HTTP/1.1 400 Bad Request\r\n\r\n');
  const program = watchOver({ convertor, dashboard });
  expect(await refusalOfDashboard(program)).toMatchObject({
    reason: 'unreachable',
    msg: `Could not send notification to dashboard: ${dashboard.url}/api/incidents: the peer speaks no TLS: does its URL begin with http://?`,
  });
});

/** A server with one answer to everything. */
async function startRefusing(answer: string | Buffer): Promise<{ readonly url: string }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
