/** What a data source is asked with is seen in no log and on no page, not even where it tells us all of it. */
import { expect, onTestFinished, test } from 'vitest';
import { json, reply, text } from '../../src/demo/reply.ts';
import { type Seen, startServer } from '../../src/demo/server.ts';
import { file, freePort, run, start } from './program.ts';

const canaries = {
  bearer: 'canary-bearer-0123456789',
  userinfo: 'canary-userinfo-0123456789',
  tenant: 'canary-tenant-0123456789',
  cookie: 'canary-cookie-0123456789',
};
/** As a header says it. */
const basic = Buffer.from(`user:${canaries.userinfo}`).toString('base64');

/** Says whatever it was told, in the words in which it refuses; its URL has credentials in it. */
async function startGossip(): Promise<{ readonly url: string; readonly heard: () => string }> {
  const seen: string[] = [];
  const gossip = await startServer({}, (exchange, { headers, rawUrl }: Seen) => {
    seen.push(JSON.stringify(headers));
    const error = `${headers.authorization} ${headers.cookie} ${headers['x-scope-orgid']}`;
    if (rawUrl.includes('render')) reply(exchange, text(400, error));
    else reply(exchange, json(400, { status: 'error', errorType: 'bad_data', error }));
  });
  onTestFinished(() => gossip.stop());
  const url = gossip.url.replace('http://', `http://user:${canaries.userinfo}@`);
  return { url, heard: () => seen.join() };
}

const pages = [
  ...['/', '/stats', '/health', '/metrics', '/metrics/json', '/api/services', '/debug/metrics'],
  ...['/v1/health', '/api/v1/health'].map(
    (path) => `${path}?service=api&environment=production&from=-5min&to=now`,
  ),
];

/** What the program says of itself in every way that it has; the data source has heard `expected`. */
async function check(datasource: object, expected: readonly string[]): Promise<void> {
  const { url, heard } = await startGossip();
  const [port, collectorPort] = [await freePort(), await freePort()];
  const flag = {
    name: 'up',
    service: 'api',
    template: { name: 't' },
    environments: [{ name: 'production' }],
  };
  const expression = { expression: 'api.up', weight: 1 };
  const config = file(
    JSON.stringify({
      datasource: { url, ...datasource },
      environments: [{ name: 'production' }],
      metric_templates: { t: { query: 'up', op: 'gt', threshold: 1 } },
      flag_metrics: [flag],
      health_metrics: {
        api: { component_name: 'API', category: 'c', metrics: ['api.up'], expressions: [expression] },
      },
      collector: { collect_interval: '1s' },
      server: { address: '127.0.0.1', port: collectorPort },
      status_dashboard: { kind: 'console' },
      telemetry: { port },
      reporter: { poll_interval: 1 },
    }),
  );
  const program = start(['-c', config, '--log-level', 'trace'], { DEBUG: '*', LOG_FORMAT: 'json' });
  await program.waitForLog(/^No flags from datasource/);
  await program.waitForLog(/^No data/);
  const told = await Promise.all(
    [port, collectorPort].flatMap((at) =>
      pages.map(async (page) => (await fetch(`http://127.0.0.1:${at}${page}`)).text()),
    ),
  );
  program.signal('SIGTERM');
  await program.ended();
  const [shown, checked] = await Promise.all([
    run(['config', '-c', config]),
    run(['check', '--online', '-c', config]),
  ]);
  // It was asked with all of it, and what it said about that is told.
  for (const word of expected) expect(heard()).toContain(word);
  expect(told.join()).toContain('The data source failed');
  expect(checked.stdout).toContain('datasource');
  const output = [program.stdout(), program.stderr(), ...told, ...[shown, checked].map(allOf)].join();
  for (const canary of [...Object.values(canaries), basic]) expect(output).not.toContain(canary);
}

function allOf({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string {
  return stdout + stderr;
}

const headers = { 'X-Scope-OrgID': canaries.tenant, Cookie: canaries.cookie };

test('a Prometheus with a token', () =>
  check({ type: 'prometheus', bearer_token: canaries.bearer, headers }, [
    canaries.bearer,
    canaries.tenant,
    canaries.cookie,
  ]));

test('a Graphite with a name and a password in its URL', () =>
  check({ type: 'graphite', headers }, [basic, canaries.tenant, canaries.cookie]));
