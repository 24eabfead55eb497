/** The way through a proxy, for both peers: what passes it, what it may not fake, what it may not leak. */
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
import { type ProxyOptions, startProxy } from './proxy.ts';

const ours = await authority('our authority');
const good = await certificate({ by: ours });
const trust = () => tls({ ca: ours.cert });

const user = 'reporter';
const password = 'p@ss:wörd/100%';
const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
const credentials = `${user}:${password}`;
const secretWords = [password, encodeURIComponent(password), Buffer.from(credentials).toString('base64')];

const startSecurePeers = () => startPeers({ convertor: good, dashboard: good });
const withLogin = (url: string) => url.replace('://', `://${login}@`);
const hostOf = (url: string) => new URL(url).host;

async function behindProxy(peers: Peers, options: ProxyOptions = {}) {
  const proxy = await startProxy({ credentials, ...options });
  return { ...peers, proxy, key: `proxy: ${withLogin(proxy.url)}` };
}

test('http goes through the proxy in absolute form, with its credentials, over one connection for each peer', async () => {
  const { convertor, dashboard, proxy, key } = await behindProxy(await startPeers({}));
  const program = watchOver({ convertor, dashboard }, { convertor: [key], dashboard: [key] }, { DEBUG: '*' });
  await dashboard.waitFor(() => true, 3);
  expect(dashboard.requests.flatMap(({ reasons }) => reasons)).toEqual([]);
  expect(dashboard.requests[0]?.headers).toMatchObject({ host: hostOf(dashboard.url) });
  const targets = proxy.requests.map(({ method, target }) => `${method} ${target.replace(/\?.*/, '')}`);
  expect(new Set(targets)).toEqual(
    new Set([
      ...['/v1/health', '/v1/maintenances', '/api/v1/maintenances'].map(
        (path) => `GET ${convertor.url}${path}`,
      ),
      `POST ${dashboard.url}/api/incidents`,
    ]),
  );
  expect(new Set(proxy.requests.map(({ connection }) => connection)).size).toBe(2);
  expectDiscretion(program, secretWords);
});

test('https goes through a tunnel that is kept, and the peers see nothing of the proxy', async () => {
  const { convertor, dashboard, proxy, key } = await behindProxy(await startSecurePeers());
  const keys = [key, trust()];
  const program = watchOver({ convertor, dashboard }, { convertor: keys, dashboard: keys }, { DEBUG: '*' });
  await dashboard.waitFor(() => true, 3);
  expect(dashboard.requests.flatMap(({ reasons }) => reasons)).toEqual([]);
  expect(proxy.requests.map(({ method, target }) => `${method} ${target}`)).toEqual([
    `CONNECT ${hostOf(convertor.url)}`,
    `CONNECT ${hostOf(dashboard.url)}`,
  ]);
  expect(proxy.requests[0]?.headers).not.toHaveProperty('authorization');
  for (const { headers } of [...dashboard.requests, ...convertor.requests]) {
    expect(Object.keys(headers).filter((name) => name.startsWith('proxy'))).toEqual([]);
  }
  expectDiscretion(program, secretWords);
});

test('a proxy that is itself reached over TLS is verified like a peer', async () => {
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const [open, secure] = [await startPeers({}), await startSecurePeers()];
  const proxy = await startProxy({ tls: good });
  const to = `proxy: ${proxy.url}`;
  const blind = [watchOver(open, { convertor: [to] }, env), watchOver(secure, { convertor: [to] }, env)];
  for (const program of blind) {
    expect((await refusalOfConvertor(program)).msg).toMatch(/certificate authority is not (trusted|known)/);
  }
  expect(proxy.requests).toEqual([]);
  const keys = { convertor: [to, trust()], dashboard: [to, trust()] };
  watchOver(open, keys, env);
  watchOver(secure, keys, env);
  await Promise.all([open.dashboard.waitFor(), secure.dashboard.waitFor()]);
  expect(new Set(proxy.requests.map(({ method }) => method))).toEqual(new Set(['CONNECT', 'GET', 'POST']));
});

test('NODE_TLS_REJECT_UNAUTHORIZED=0 opens no tunnel to a peer that is not trusted', async () => {
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const [first, second] = [
    await behindProxy(await startSecurePeers()),
    await behindProxy(await startSecurePeers()),
  ];
  const asking = watchOver(first, { convertor: [first.key], dashboard: [first.key] }, env);
  const telling = watchOver(second, { convertor: [second.key, trust()], dashboard: [second.key] }, env);
  expect((await refusalOfConvertor(asking)).msg).toContain('certificate authority is not');
  expect((await refusalOfDashboard(telling)).msg).toContain('certificate authority is not');
  expect([first.convertor.requests, first.dashboard.requests, second.dashboard.requests]).toEqual([
    [],
    [],
    [],
  ]);
});

test.each(['localhost', 'status.example.com'])(
  'in a tunnel to an address a certificate of %s alone is refused',
  async (host) => {
    const { convertor, dashboard, key } = await behindProxy(
      await startPeers({ dashboard: await certificate({ by: ours, host }) }),
    );
    const program = watchOver({ convertor, dashboard }, { dashboard: [key, trust()] });
    expect((await refusalOfDashboard(program)).msg).toContain('certificate is for another host name');
    expect(dashboard.requests).toEqual([]);
  },
);

test('in a tunnel TLS 1.1 is refused', async () => {
  const old = { ...good, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  const { convertor, dashboard, key } = await behindProxy(await startPeers({ dashboard: old }));
  const program = watchOver({ convertor, dashboard }, { dashboard: [key, trust()] });
  expect((await refusalOfDashboard(program)).msg).toContain(
    'TLS version was refused: 1.2 or newer is needed',
  );
});

test('a client certificate is shown to the peer through a tunnel, and not to the proxy', async () => {
  const client = await certificate({ by: ours, use: 'client' });
  const curious = { ...good, ca: ours.cert, requestCert: true };
  const { convertor, dashboard } = await startPeers({
    convertor: { ...curious, rejectUnauthorized: true },
  });
  const proxy = await startProxy({ tls: { ...curious, rejectUnauthorized: false } });
  const keys = [`proxy: ${proxy.url}`, tls({ ca: ours.cert, ...client })];
  watchOver({ convertor, dashboard }, { convertor: keys, dashboard: keys });
  expect((await dashboard.waitFor()).reasons).toEqual([]);
  expect(proxy.requests.map(({ method }) => method)).toEqual(['CONNECT', 'POST']);
  expect(proxy.requests.map(({ hasCertificate }) => hasCertificate)).toEqual([false, false]);
});

test.each(['HTTP_PROXY', 'http_proxy'])('%s holds for http peers', async (name) => {
  const { convertor, dashboard, proxy } = await behindProxy(await startPeers({}));
  const program = watchOver({ convertor, dashboard }, {}, { [name]: withLogin(proxy.url), DEBUG: '*' });
  await dashboard.waitFor();
  expect(new Set(proxy.requests.map(({ method }) => method))).toEqual(new Set(['GET', 'POST']));
  expectDiscretion(program, secretWords);
});

test.each(['HTTPS_PROXY', 'https_proxy'])('%s holds for https peers', async (name) => {
  const { convertor, dashboard, proxy } = await behindProxy(await startPeers({ dashboard: good }));
  const env = { [name]: withLogin(proxy.url), DEBUG: '*' };
  const program = watchOver({ convertor, dashboard }, { dashboard: [trust()] }, env);
  await dashboard.waitFor();
  expect(proxy.requests.map(({ method }) => method)).toEqual(['CONNECT']);
  expectDiscretion(program, secretWords);
});

test.each(['NO_PROXY', 'no_proxy'])('%s names peers that are reached without the proxy', async (name) => {
  const { convertor, dashboard, proxy } = await behindProxy(await startPeers({}));
  const env = { HTTP_PROXY: withLogin(proxy.url), [name]: `example.com,${hostOf(convertor.url)}` };
  watchOver({ convertor, dashboard }, {}, env);
  await dashboard.waitFor();
  expect(new Set(proxy.requests.map(({ method }) => method))).toEqual(new Set(['POST']));
});

test('the key proxy comes before the environment, and an empty one leaves it to the environment', async () => {
  const { convertor, dashboard, proxy, key } = await behindProxy(await startPeers({}));
  const other = await startProxy();
  const keys = { convertor: [key], dashboard: ['proxy: ""'] };
  watchOver({ convertor, dashboard }, keys, { HTTP_PROXY: other.url, NO_PROXY: hostOf(convertor.url) });
  await dashboard.waitFor();
  expect(new Set(proxy.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
  expect(new Set(other.requests.map(({ method }) => method))).toEqual(new Set(['POST']));
});
