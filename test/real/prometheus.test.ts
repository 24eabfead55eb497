/** A real Prometheus scrapes the program over mutual TLS, and our rules, panels and pages make sense to it. */
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { faultyService } from '../../src/demo/faults.ts';
import { type Page, pages } from '../docs/page.ts';
import { expressions } from '../observability/grafana.ts';
import { rules } from '../observability/rules.ts';
import { authority, type Certificate, certificate } from '../process/certificates.ts';
import { file, start, temporaryFolder } from '../process/program.ts';
import { startWorld } from '../process/world.ts';
import { freePort, type ScrapeConfig, startPrometheus, until } from './prometheus.ts';

const exampleText = readFileSync('observability/prometheus.yaml', 'utf8');
const exampleFolder = '/etc/prometheus/cloudmon-reporter';

const server = await authority('of servers');
const clients = await authority('of clients');
const certificates = {
  reporter: await certificate({ by: server }),
  client: await certificate({ by: clients, host: 'prometheus', use: 'client' }),
  foreign: await certificate({ by: await authority('of nobody'), host: 'prometheus', use: 'client' }),
  selfMade: await certificate({ host: 'prometheus', use: 'client' }),
  expired: await certificate({ by: clients, host: 'prometheus', use: 'client', from: -9, to: -2 }),
  forServers: await certificate({ by: clients, host: 'prometheus', use: 'server' }),
};

/** The files that the example names, in a folder of this test. */
function exampleFiles({ cert, key }: Certificate): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ ca: server.cert, client: cert, 'client-key': key })) {
    file(text, `${name}.pem`, folder);
  }
  return folder;
}

/** The job of the example, with another target, other files, and what else is changed. */
function job(name: string, port: number, shown: Certificate, changed: object = {}): ScrapeConfig {
  const [, secure] = parse(exampleText.replaceAll(exampleFolder, exampleFiles(shown))).scrape_configs;
  return {
    ...secure,
    job_name: name,
    scrape_timeout: '2s',
    tls_config: { ...secure.tls_config, server_name: 'localhost', ...changed },
    static_configs: [{ targets: [`127.0.0.1:${port}`], labels: { job: name } }],
  };
}

/** A reporter with every kind of trouble, whose telemetry asks for a client certificate. */
async function startReporter(): Promise<number> {
  const ill = ['degraded', 'out', 'critical'];
  const faulty = [
    faultyService('convertor', 'status-500'),
    faultyService('dashboard', 'status-503'),
    faultyService('dashboard', 'status-401'),
  ];
  const { convertor, text } = await startWorld(['well', 'flapping', ...ill, ...faulty], {
    pollSeconds: 1,
    convertor: ['retries: 0'],
    dashboard: ['retries: 1'],
  });
  for (const [at, name] of ill.entries()) convertor.set(name, 'production', { status: at + 1 });
  let status = 0;
  const flapping = setInterval(() => {
    status = 1 - status;
    convertor.set('flapping', 'production', { status });
  }, 1_500);
  onTestFinished(() => clearInterval(flapping));
  const port = await freePort();
  const more = stringify({
    telemetry: {
      port,
      tls: {
        cert_file: file(certificates.reporter.cert, 'reporter.pem'),
        key_file: file(certificates.reporter.key, 'reporter-key.pem'),
        client_ca_file: file(clients.cert, 'clients.pem'),
      },
    },
  });
  const program = start(['-c', file(text({ more }))]);
  await program.waitForLog('Telemetry is listening');
  return port;
}

test('Prometheus scrapes over mutual TLS, and is refused without the right certificate', async () => {
  const port = await startReporter();
  const prometheus = await startPrometheus([
    job('with a certificate', port, certificates.client),
    job('with none', port, certificates.client, { cert_file: undefined, key_file: undefined }),
    job('with one of another authority', port, certificates.foreign),
    job('with a self-made one', port, certificates.selfMade),
    job('with an expired one', port, certificates.expired),
    job('with one for servers', port, certificates.forServers),
    { ...job('without TLS', port, certificates.client), scheme: 'http' },
    job('for another host', port, certificates.client, { server_name: 'reporter.example.com' }),
    job('trusting another authority', port, certificates.client, { ca_file: file(clients.cert, 'ca.pem') }),
  ]);
  const seen = await prometheus.scraped();
  const up = await until(async () => {
    const everUp = await prometheus.query('max_over_time(up[5m]) == 1');
    return everUp.length > 0 ? everUp : undefined;
  });
  expect(up.map(({ metric }) => metric['job'])).toEqual(['with a certificate']);
  expect((await prometheus.query('up')).length).toBe(seen.length);
  const why = (name: string) => seen.find(({ labels }) => labels['job'] === name)?.lastError;
  expect(why('with a certificate')).toBe('');
  expect(why('with none')).toMatch(/tls: certificate required/);
  // With TLS 1.3 a client believes it is in before its certificate was looked at: then the connection is cut.
  const cut = /EOF$|connection reset by peer$|broken pipe$|server closed idle connection$/;
  expect(why('with one of another authority')).toMatch(cut);
  expect(why('with a self-made one')).toMatch(cut);
  expect(why('with an expired one')).toMatch(cut);
  expect(why('with one for servers')).toMatch(cut);
  // Only the probes are answered there.
  expect(why('without TLS')).toMatch(/HTTP status 404/);
  expect(why('for another host')).toMatch(/certificate is valid for localhost/);
  expect(why('trusting another authority')).toMatch(/unknown authority/);
});

test('every query of the dashboard finds something, and those of rules and pages make sense', async () => {
  const port = await startReporter();
  const prometheus = await startPrometheus([job('cloudmon-reporter', port, certificates.client)]);
  await until(async () => {
    const told = await prometheus.query('rate(cloudmon_reporter_notifications_total[5m]) > 0');
    const flaps = await prometheus.query('rate(cloudmon_reporter_service_flaps_total[5m]) > 0');
    return told.length >= 2 && flaps.length > 0 ? told : undefined;
  });
  const empty: string[] = [];
  for (const expression of expressions) {
    const found = await prometheus.query(filledIn(expression));
    if (found.length === 0) empty.push(expression);
  }
  // A file was never refused, and the kinds of this version cannot list a dashboard's incidents.
  expect(empty.filter((each) => !/reload_successful|unowned_incidents|resets\(/.test(each))).toEqual([]);
  const shown = [...rules.map(({ expr }) => expr), ...pages().flatMap(queriesOf)];
  expect(shown.length).toBeGreaterThan(rules.length);
  for (const query of shown) await prometheus.query(query);
});

/** What Grafana fills in. */
function filledIn(expression: string): string {
  return expression
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('$__range', '1h')
    .replaceAll('$job', 'cloudmon-reporter')
    .replaceAll(/\$(instance|dashboard|environment)/g, '.*');
}

/** Those in blocks of PromQL, one a paragraph, and those in columns of tables that are called `query`. */
function queriesOf({ blocks, prose }: Page): readonly string[] {
  const ofBlocks = blocks.filter(({ info }) => info === 'promql').flatMap(({ text }) => text.split(/\n{2,}/));
  const cellsOf = (line: string) => line.split(/(?<!\\)\|/).map((cell) => cell.trim());
  let column = -1;
  const ofTables = prose.flatMap((line, at) => {
    if (!line.startsWith('|')) return [];
    if (/^\|[-| ]+$/.test(prose[at + 1] ?? '')) {
      column = cellsOf(line).findIndex((cell) => /query/i.test(cell));
      return [];
    }
    return [...(cellsOf(line)[column] ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
  });
  return [...ofBlocks, ...ofTables].map((query) => query.replaceAll('\\|', '|').trim()).filter(Boolean);
}
