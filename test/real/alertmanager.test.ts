/** A real Alertmanager shows, groups, tells and ends what the program tells it. */
import { expect, onTestFinished, test } from 'vitest';
import { startConvertor } from '../../src/demo/convertor.ts';
import { ask } from '../demo/ask.ts';
import { alertmanagerAnswers } from '../demo/dialects/alertmanager-answers.ts';
import { authority, certificate } from '../process/certificates.ts';
import { file, start, temporaryFolder } from '../process/program.ts';
import { startAlertmanager } from './alertmanager.ts';
import { until } from './prometheus.ts';

type Services = Readonly<Record<string, 0 | 1 | 2 | 3>>;

/** The program, a convertor with these services, and what is configured of the dashboard. */
async function startReporter(services: Services, dashboard: readonly string[]) {
  const convertor = await startConvertor();
  onTestFinished(() => convertor.stop());
  const set = (changed: Services) => {
    for (const [name, status] of Object.entries(changed)) convertor.set(name, 'production', { status });
  };
  set(services);
  const path = file(
    [
      'convertor:',
      `  url: ${convertor.url}`,
      '  retries: 0',
      'dashboards:',
      '  alerts:',
      '    kind: alertmanager',
      ...dashboard.map((line) => `    ${line}`),
      'reporter:',
      '  poll_interval: 1',
      `  state_dir: ${temporaryFolder()}`,
      '  services:',
      ...Object.keys(services).map((name) => `    - {name: ${name}, component: The ${name}}`),
    ].join('\n'),
  );
  return { convertor, set, begin: () => start(['-c', path]) };
}

const named = (shown: readonly { readonly labels: Readonly<Record<string, string>> }[]) =>
  shown.map(({ labels }) => `${labels['service']} ${labels['severity']}`);

test('alerts are shown, grouped by service, told to a receiver, and ended', async () => {
  const alertmanager = await startAlertmanager();
  const { url, amtool, alerts, waitFor } = alertmanager;
  const { set, begin } = await startReporter({ api: 2, web: 1, db: 0 }, [
    `url: ${url}`,
    'labels: {cluster: eu-1}',
  ]);
  begin();
  const api = await waitFor(({ groupLabels }) => groupLabels['service'] === 'api');
  const web = await waitFor(({ groupLabels }) => groupLabels['service'] === 'web');
  expect([api.status, named(api.alerts), web.status, named(web.alerts)]).toEqual([
    'firing',
    ['api critical'],
    'firing',
    ['web warning'],
  ]);
  expect(named(await alerts())).toEqual(['api critical', 'web warning']);
  expect((await alerts())[0]).toMatchObject({
    labels: {
      alertname: 'CloudMonServiceHealth',
      cluster: 'eu-1',
      component: 'The api',
      environment: 'production',
      service: 'api',
      severity: 'critical',
    },
    annotations: { summary: 'The api (production): outage' },
  });
  const listed = await amtool('alert', 'query', '-o', 'simple', 'service=api', 'cluster=eu-1');
  expect(listed).toMatch(
    /^Alertname +Starts At +Summary +State\s+CloudMonServiceHealth .* The api \(production\): outage +active\s*$/,
  );

  set({ api: 0 });
  const over = await waitFor(
    ({ groupLabels, status }) => groupLabels['service'] === 'api' && status === 'resolved',
  );
  expect(named(over.alerts)).toEqual(['api critical']);
  expect(named(await alerts())).toEqual(['web warning']);
  expect(await amtool('alert', 'query', 'service=api')).not.toContain('CloudMonServiceHealth');
});

test('another severity ends the one alert and begins the other, with the begin of the incident', async () => {
  const { url, alerts, waitFor, notified } = await startAlertmanager();
  const { set, begin } = await startReporter({ api: 1 }, [`url: ${url}`]);
  begin();
  const first = await waitFor(({ status }) => status === 'firing');
  set({ api: 2 });
  await waitFor(({ alerts: told }) => told.some(({ labels }) => labels['severity'] === 'critical'));
  const [shown, ...others] = await alerts();
  expect([shown?.labels['severity'], Date.parse(shown?.startsAt ?? ''), others]).toEqual([
    'critical',
    Date.parse(first.alerts[0]?.startsAt ?? ''),
    [],
  ]);
  await waitFor(({ alerts: told }) =>
    told.some(({ labels, status }) => labels['severity'] === 'warning' && status === 'resolved'),
  );
  set({ api: 0 });
  await waitFor(({ status }) => status === 'resolved');
  expect(await alerts()).toEqual([]);
  expect(notified().every(({ groupLabels }) => groupLabels['service'] === 'api')).toBe(true);
});

test('no data keeps an alert, and a restart ends and doubles nothing', async () => {
  const { url, alerts, waitFor, notified } = await startAlertmanager();
  const { convertor, set, begin } = await startReporter({ api: 3 }, [`url: ${url}`]);
  const before = begin();
  await waitFor(({ status }) => status === 'firing');
  const [first] = await alerts();
  convertor.fail('status-500');
  const later = await until(async () => {
    const [now] = await alerts();
    const gainedMs = Date.parse(now?.endsAt ?? '') - Date.parse(first?.endsAt ?? '');
    return gainedMs >= 3_000 ? now : undefined;
  });
  expect(later.startsAt).toBe(first?.startsAt);

  before.signal('SIGKILL');
  await before.ended();
  begin();
  convertor.fail(undefined);
  const restarted = await until(async () => {
    const [now] = await alerts();
    return Date.parse(now?.endsAt ?? '') > Date.parse(later.endsAt) ? now : undefined;
  });
  expect([named(await alerts()), restarted.startsAt]).toEqual([['api critical'], first?.startsAt]);
  expect(notified().length).toBe(1);
  set({ api: 0 });
  await waitFor(({ status }) => status === 'resolved');
  expect(notified().length).toBe(2);
});

test('what was over while the program was down is ended by the next start', async () => {
  const { url, alerts, waitFor } = await startAlertmanager();
  const { set, begin } = await startReporter({ api: 2 }, [`url: ${url}`]);
  const before = begin();
  await waitFor(({ status }) => status === 'firing');
  before.signal('SIGKILL');
  await before.ended();
  set({ api: 0 });
  begin();
  await waitFor(({ status }) => status === 'resolved');
  expect(await alerts()).toEqual([]);
});

test('it is told over mutual TLS with a password, and not without them', async () => {
  const servers = await authority('of servers');
  const clients = await authority('of clients');
  const server = await certificate({ by: servers });
  const client = await certificate({ by: clients, host: 'reporter', use: 'client' });
  const alertmanager = await startAlertmanager({
    tls_server_config: {
      cert_file: file(server.cert, 'server.pem'),
      key_file: file(server.key, 'server-key.pem'),
      client_ca_file: file(clients.cert, 'clients.pem'),
      client_auth_type: 'RequireAndVerifyClientCert',
    },
    // bcrypt of "wacht am tor".
    basic_auth_users: { reporter: '$2b$04$I6BrNMYJMOVT934h1lkxAuKfAxbLizbW/uJ8hSAAtrbdoj6NjxeAS' },
  });
  const port = new URL(alertmanager.url).port;
  const address = (password: string) => `url: https://reporter:${password}@localhost:${port}`;
  const ca = `ca_file: ${file(servers.cert, 'ca.pem')}`;
  const own = `cert_file: ${file(client.cert, 'cert.pem')}, key_file: ${file(client.key, 'key.pem')}`;
  const failureOf = async (lines: readonly string[]) => {
    const { begin } = await startReporter({ api: 2 }, [...lines, 'retries: 0']);
    const program = begin();
    const { reason, msg } = await program.waitForLog((line) => line['reason'] !== undefined);
    program.signal('SIGKILL');
    expect(program.stdout()).not.toMatch(/reporter:|wacht/);
    return `${reason}: ${msg}`;
  };
  expect(await failureOf([address('wacht%20am%20tor'), `tls: {${ca}}`])).toMatch(
    /^unreachable: .*client certificate/,
  );
  expect(await failureOf([address('wacht%20am%20hof'), `tls: {${ca}, ${own}}`])).toMatch(
    /^unauthorized: .*answered 401: Unauthorized$/,
  );
  const { begin } = await startReporter({ api: 2 }, [address('wacht%20am%20tor'), `tls: {${ca}, ${own}}`]);
  begin();
  const told = await alertmanager.waitFor(({ status }) => status === 'firing');
  expect(named(told.alerts)).toEqual(['api critical']);
});

test('the dialect answers as the real one does', async () => {
  const { url } = await startAlertmanager();
  for (const { name, method, path, type, body, status, says } of alertmanagerAnswers) {
    const seen = await ask(url + path, { method, headers: { 'content-type': type }, send: body });
    expect([seen.status, String(seen.body).trim()], name).toEqual([status, expect.stringMatching(says)]);
  }
});
