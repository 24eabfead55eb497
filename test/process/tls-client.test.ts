/** How the daemon shows who it is, to peers that ask for a certificate. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { authority, type Certificate, certificate } from './certificates.ts';
import {
  expectDiscretion,
  refusalOfConvertor,
  refusalOfDashboard,
  startPeers,
  tls,
  watchOver,
} from './guarded.ts';
import { file, temporaryFolder } from './program.ts';

const ours = await authority('our authority');
const foreign = await authority('a foreign authority');
const server = await certificate({ by: ours });
const client = await certificate({ by: ours, use: 'client' });
const expired = await certificate({ by: ours, use: 'client', from: -30, to: -10 });
const demanding = { ...server, ca: ours.cert, requestCert: true, rejectUnauthorized: true } as const;

test('peers that ask for a client certificate get it, over one connection each', async () => {
  const peers = await startPeers({ convertor: demanding, dashboard: demanding });
  const keys = [tls({ ca: ours.cert, ...client })];
  const program = watchOver(peers, { convertor: keys, dashboard: keys });
  await peers.dashboard.waitFor(() => true, 3);
  expect(peers.dashboard.requests.flatMap(({ reasons }) => reasons)).toEqual([]);
  expect(new Set(peers.dashboard.requests.map(({ socket }) => socket)).size).toBe(1);
  expect(new Set(peers.convertor.requests.map(({ socket }) => socket)).size).toBe(1);
  expectDiscretion(program, linesOf(client));
});

const none = 'the peer wants a client certificate: set tls.cert_file and tls.key_file (TLS alert 116)';
const refused = 'connection reset by the peer (ECONNRESET): does it refuse our client certificate?';
const unwelcome: readonly (readonly [string, Certificate | undefined, string])[] = [
  ['none', undefined, none],
  ['one of another authority', await certificate({ by: foreign, use: 'client' }), refused],
  ['one signed by itself', await certificate({ use: 'client' }), refused],
  ['one that has expired', expired, refused],
  ['one for servers only', server, refused],
];

test.each(unwelcome)(
  'peers that want our certificate and get %s are not heard and told nothing',
  async (_, own, why) => {
    const [asked, told] = await Promise.all([
      startPeers({ convertor: demanding }),
      startPeers({ dashboard: demanding }),
    ]);
    const asking = watchOver(asked, { convertor: [tls({ ca: ours.cert, ...own })] });
    const telling = watchOver(told, { dashboard: [tls({ ca: ours.cert, ...own })] });
    expect(await refusalOfConvertor(asking)).toMatchObject({
      reason: 'unreachable',
      msg: `No data for service: api: ${asked.convertor.url}/v1/health: ${why}`,
    });
    expect(await refusalOfDashboard(telling)).toMatchObject({
      reason: 'unreachable',
      msg: `Could not send notification to dashboard: ${told.dashboard.url}/api/incidents: ${why}`,
    });
    expect([asked.convertor.requests, asked.dashboard.requests, told.dashboard.requests]).toEqual([
      [],
      [],
      [],
    ]);
    for (const program of [asking, telling]) expectDiscretion(program, own ? linesOf(own) : []);
  },
);

test('a client certificate that is replaced is shown after a reload', async () => {
  const peers = await startPeers({ dashboard: demanding });
  const folder = temporaryFolder();
  const put = (own: Certificate) => {
    file(own.cert, 'cert.pem', folder);
    file(own.key, 'key.pem', folder);
  };
  put(expired);
  const own = `cert_file: ${join(folder, 'cert.pem')}, key_file: ${join(folder, 'key.pem')}`;
  const program = watchOver(peers, { dashboard: [`tls: {ca_file: ${file(ours.cert, 'ca.pem')}, ${own}}`] });
  await refusalOfDashboard(program);
  put(client);
  program.signal('SIGHUP');
  expect((await peers.dashboard.waitFor()).reasons).toEqual([]);
});

function linesOf({ key }: Certificate): readonly string[] {
  return key.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('-----'));
}
