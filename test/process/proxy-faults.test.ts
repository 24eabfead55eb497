/** What goes wrong at a proxy: nothing is delivered, the log says that it was the proxy, and no password. */
import { expect, test } from 'vitest';
import { authority, certificate } from './certificates.ts';
import {
  expectDiscretion,
  type Peers,
  refusalOfConvertor,
  refusalOfDashboard,
  startPeers,
  tls,
  watchOver,
} from './guarded.ts';
import { startProxy } from './proxy.ts';

const ours = await authority('our authority');
const good = await certificate({ by: ours });
const trust = () => tls({ ca: ours.cert });
const password = 'pass-of-the-proxy';
const secretWords = [password, Buffer.from(`reporter:${password}`).toString('base64')];
const withLogin = (port: number) => `http://reporter:${password}@127.0.0.1:${port}`;

/** The daemon twice: one asks through the proxy, the other tells through it. */
function watchBoth(peers: Peers, proxyUrl: string, timeout = 2) {
  const [key, ca, env] = [`proxy: ${proxyUrl}`, trust(), { DEBUG: '*' }];
  return {
    asking: watchOver(peers, { convertor: [key, ca], dashboard: [ca], timeout }, env),
    telling: watchOver(peers, { convertor: [ca], dashboard: [key, ca], timeout }, env),
  };
}

const placesOf = ({ convertor, dashboard }: Peers, port: number) => ({
  asked: `No data for service: api: ${convertor.url}/v1/health through the proxy 127.0.0.1:${port}: `,
  told: `Could not send notification to dashboard: ${dashboard.url}/api/incidents through the proxy 127.0.0.1:${port}: `,
});

test.each([
  [407, 'unauthorized', ', it wants other credentials'],
  [403, 'unreachable', ''],
  [404, 'unreachable', ''],
  [409, 'unreachable', ''],
  [502, 'unreachable', ''],
  [201, 'unreachable', ''],
  [204, 'unreachable', ''],
  [302, 'unreachable', ''],
])('a proxy that answers %d to CONNECT is never taken for the peer', async (status, reason, more) => {
  const peers = await startPeers({ convertor: good, dashboard: good });
  const answer = `HTTP/1.1 ${status} Whatever\r\nlocation: ${peers.dashboard.url}\r\ncontent-length: 2\r\n\r\n{}`;
  const proxy = await startProxy({ answer });
  const { asking, telling } = watchBoth(peers, withLogin(proxy.port));
  const { asked, told } = placesOf(peers, proxy.port);
  const why = `the proxy opened no tunnel: it answered ${status}${more}`;
  expect(await refusalOfConvertor(asking)).toMatchObject({ reason, msg: asked + why });
  expect(await refusalOfDashboard(telling)).toMatchObject({ reason, msg: told + why });
  expect(asking.log().filter(({ msg }) => msg.startsWith('Health status'))).toEqual([]);
  expect(peers.dashboard.requests).toEqual([]);
  expectDiscretion(asking, secretWords);
  expectDiscretion(telling, secretWords);
});

test('a proxy that wants credentials refuses http requests too, and gets no word of the report twice', async () => {
  const peers = await startPeers({});
  const proxy = await startProxy({ credentials: 'reporter:another' });
  const { asking, telling } = watchBoth(peers, withLogin(proxy.port));
  const why = 'answered 407: the proxy wants other credentials';
  expect(await refusalOfConvertor(asking)).toMatchObject({
    reason: 'unauthorized',
    msg: `No data for service: api: ${why}`,
  });
  expect(await refusalOfDashboard(telling)).toMatchObject({
    reason: 'unauthorized',
    msg: `Could not send notification to dashboard: ${why}`,
  });
  expect(peers.dashboard.requests).toEqual([]);
  expectDiscretion(asking, secretWords);
  expectDiscretion(telling, secretWords);
});

test.each(['http', 'https'])(
  'a dead proxy is named, and %s peers are not reached without it',
  async (scheme) => {
    const peers = await startPeers(scheme === 'https' ? { convertor: good, dashboard: good } : {});
    const proxy = await startProxy();
    await proxy.stop();
    const { asking, telling } = watchBoth(peers, withLogin(proxy.port));
    const { asked, told } = placesOf(peers, proxy.port);
    const why = 'connection refused (ECONNREFUSED)';
    expect(await refusalOfConvertor(asking)).toMatchObject({ reason: 'unreachable', msg: asked + why });
    expect(await refusalOfDashboard(telling)).toMatchObject({ reason: 'unreachable', msg: told + why });
    expect(peers.dashboard.requests).toEqual([]);
    expectDiscretion(asking, secretWords);
    expectDiscretion(telling, secretWords);
  },
);

test('a proxy that cuts the connection instead of opening a tunnel is named', async () => {
  const peers = await startPeers({ convertor: good, dashboard: good });
  const proxy = await startProxy({ answer: '' });
  const { asking, telling } = watchBoth(peers, withLogin(proxy.port));
  const { asked, told } = placesOf(peers, proxy.port);
  const why = 'connection reset by the peer (ECONNRESET)';
  expect(await refusalOfConvertor(asking)).toMatchObject({ reason: 'unreachable', msg: asked + why });
  expect(await refusalOfDashboard(telling)).toMatchObject({ reason: 'unreachable', msg: told + why });
  expect(peers.dashboard.requests).toEqual([]);
});

test('a proxy that never opens a tunnel costs the time-out, and no connection outlasts its attempt', async () => {
  const peers = await startPeers({ convertor: good, dashboard: good });
  const proxy = await startProxy({ answer: 'nothing' });
  const { asking, telling } = watchBoth(peers, withLogin(proxy.port), 1);
  const way = (path: string) => `${path} through the proxy 127.0.0.1:${proxy.port}`;
  const [noData, notSent] = await Promise.all([
    asking.waitForLog('No data for service'),
    telling.waitForLog('Could not send notification'),
  ]);
  expect(noData).toMatchObject({
    reason: 'timeout',
    msg: `No data for service: api: no answer from ${way(`${peers.convertor.url}/v1/health`)} within 1 s`,
  });
  expect(notSent).toMatchObject({
    reason: 'timeout',
    msg: `Could not send notification to dashboard: no answer from ${way(`${peers.dashboard.url}/api/incidents`)} in time`,
  });
  // Each daemon has one attempt under way; the end of the one before may still be on its way.
  await proxy.arrived(4);
  expect(proxy.open()).toBeLessThanOrEqual(3);
  telling.signal('SIGTERM');
  expect(await telling.ended()).toMatchObject({ code: 0 });
  expect(peers.dashboard.requests).toEqual([]);
});

test('a proxy that comes back is used at the next cycle', async () => {
  const peers = await startPeers({ convertor: good, dashboard: good });
  const proxy = await startProxy({ answer: 'HTTP/1.1 503 Later\r\n\r\n' });
  const keys = [`proxy: ${proxy.url}`, trust()];
  const program = watchOver(peers, { convertor: keys, dashboard: keys });
  await refusalOfConvertor(program);
  proxy.answer(undefined);
  expect((await peers.dashboard.waitFor()).reasons).toEqual([]);
});

test.each(['socks5://reporter:pass-of-the-proxy@127.0.0.1:1', 'http://reporter:pass-of-the-proxy@[::1'])(
  'a proxy of the environment that makes no sense (%s) stops every request, not the daemon',
  async (proxyUrl) => {
    const [open, secure] = [await startPeers({}), await startPeers({ convertor: good, dashboard: good })];
    const env = { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl, DEBUG: '*' };
    for (const peers of [open, secure]) {
      const program = watchOver(peers, { convertor: [trust()] }, env);
      expect(await refusalOfConvertor(program)).toMatchObject({
        reason: 'unreachable',
        msg: `No data for service: api: ${peers.convertor.url}/v1/health: the proxy in HTTP_PROXY or HTTPS_PROXY is not an http or https URL (PROXY_URL)`,
      });
      expect(peers.dashboard.requests).toEqual([]);
      expectDiscretion(program, secretWords);
    }
  },
);
