/**
 * The reporter decides, tells and logs the same whether it asks our collector in its own process, ours over
 * HTTP, or a convertor of CloudMon's that answers the same.
 */
import { expect, onTestFinished, test } from 'vitest';
import { startConvertor } from '../../src/demo/convertor.ts';
import { startDashboard } from '../../src/demo/dashboard.ts';
import { file, freePort, type LogLine, type Program, start } from './program.ts';
import { secret } from './world.ts';

const environment = 'production';

/** What each service is measured as: `errors` and `latency`, where there is a value. */
const measured: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  well: { errors: 0, latency: 10 },
  slow: { errors: 0, latency: 900 },
  broken: { errors: 0.5, latency: 10 },
  dead: { errors: 0.9, latency: 5_000 },
  half: { errors: 0 },
  silent: {},
};

/** What is to become of it: a status, or why there is none. */
const expected: Readonly<Record<string, number | string>> = {
  well: 0,
  slow: 1,
  broken: 2,
  dead: 3,
  half: 'empty',
  silent: 'empty',
};

const services = Object.keys(measured);

/** Of CloudMon's form. */
const health = {
  environments: [{ name: environment }],
  metric_templates: {
    errors: { query: 'errors{service="$service",environment="$environment"}', op: 'gt', threshold: 0.05 },
    latency: { query: 'latency{service="$service",environment="$environment"}', op: 'gt', threshold: 800 },
  },
  flag_metrics: services.flatMap((service) =>
    ['errors', 'latency'].map((name) => ({
      name: `high-${name}`,
      service,
      template: { name },
      environments: [{ name: environment }],
    })),
  ),
  health_metrics: Object.fromEntries(
    services.map((service) => [
      service,
      {
        service,
        component_name: service,
        category: 'test',
        metrics: [`${service}.high-errors`, `${service}.high-latency`],
        expressions: [
          { expression: `${service}.high-latency`, weight: 1 },
          { expression: `${service}.high-errors`, weight: 2 },
          { expression: `${service}.high-errors && ${service}.high-latency`, weight: 3 },
        ],
      },
    ]),
  ),
};

async function dashboardOf() {
  const dashboard = await startDashboard({ secret });
  onTestFinished(dashboard.stop);
  return dashboard;
}

function configuration(parts: object, dashboardUrl: string): string {
  return file(
    JSON.stringify({
      ...parts,
      status_dashboard: { kind: 'incidents', url: dashboardUrl, secret },
      reporter: { poll_interval: 1, services: services.map((name) => ({ name, environment })) },
    }),
  );
}

const collector = { collect_interval: '1s' };

/** As of a moment ago: there is a whole second since. */
async function push(url: string): Promise<void> {
  const timestamp = new Date(Date.now() - 5_000).toISOString();
  const samples = Object.entries(measured).flatMap(([service, values]) =>
    Object.entries(values).flatMap(([name, value]) => ({
      name,
      value,
      labels: { service, environment },
      timestamp,
    })),
  );
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/samples`, {
    method: 'POST',
    headers,
    body: JSON.stringify(samples),
  });
  expect(await answer.json()).toMatchObject({ success: true });
}

/** What the newest cycle that saw all of it made of each service. */
async function outcomes(program: Program, dashboard: Awaited<ReturnType<typeof dashboardOf>>) {
  const isRead = (line: LogLine) => line['service'] === 'dead' && line['status'] === 3;
  await program.waitForLog(isRead);
  const isDone = ({ msg }: LogLine) => msg === 'Cycle done';
  await program.waitForLog(isDone, program.log().filter(isDone).length + 2);
  program.signal('SIGTERM');
  await program.ended();
  const read = new Map<string, object>();
  for (const line of program.log()) {
    const { service, status, reason, component, matched_expression, triggered, msg } = line;
    if (typeof service !== 'string' || !/^Health status|^No data/.test(msg)) continue;
    read.set(service, { status, reason, component, matched_expression, triggered, msg });
  }
  const told = dashboard.requests.map(({ body, token }) => {
    const { timestamp: _, ...report } = JSON.parse(body);
    return JSON.stringify({ report, isVerified: token.verified });
  });
  return { read: Object.fromEntries([...read].sort()), told: [...new Set(told)].sort() };
}

const daemon = (config: string) =>
  start(['-c', config, '--log-level', 'debug', '--log-format', 'json'], { LOG_FORMAT: 'json' });

test('asked in memory, over HTTP and in the words of CloudMon, it is the same', async () => {
  const dashboards = await Promise.all([dashboardOf(), dashboardOf(), dashboardOf()]);
  const [inside, overHttp, cloudMons] = dashboards;
  if (!inside || !overHttp || !cloudMons) throw new Error('there are three');
  const port = await freePort();
  const alone = start(
    ['collect', '-c', file(JSON.stringify({ collector, ...health })), '--log-format', 'json'],
    {
      PORT: String(port),
    },
  );
  const { url } = await alone.waitForLog('Collector is listening');
  await push(String(url));

  const convertor = await startConvertor({ strict: true });
  onTestFinished(convertor.stop);
  for (const service of services) {
    const window = `from=-5min&to=now&service=${service}&environment=${environment}`;
    const answer = await fetch(`${url}/api/v1/health?${window}`);
    const body = await answer.text();
    const type = answer.headers.get('content-type') ?? '';
    convertor.set(service, environment, {
      answer: { status: answer.status, headers: { 'content-type': type }, body },
    });
  }

  const server = { port: await freePort() };
  const programs = [
    daemon(configuration({ collector, server, ...health }, inside.url)),
    daemon(configuration({ convertor: { url } }, overHttp.url)),
    daemon(configuration({ convertor: { url: convertor.url } }, cloudMons.url)),
  ];
  const listening = await programs[0]?.waitForLog('Collector is listening');
  await push(String(listening?.['url']));
  const [first, ...others] = await Promise.all(
    programs.map((program, index) => outcomes(program, dashboards[index] ?? inside)),
  );
  const seen = Object.entries(first?.read ?? {}).map(([service, line]) => {
    const { status, reason } = line as { status?: number; reason?: string };
    return [service, status ?? reason];
  });
  expect(Object.fromEntries(seen)).toEqual(expected);
  expect(first?.told.length).toBe(3);
  for (const other of others) expect(other).toEqual(first);
});
