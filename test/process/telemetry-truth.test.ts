/**
 * The counters of a started program against what its peers wrote down.
 *
 * What each answer means, and when a delivery is over, is written here once more, from the
 * contract: nothing is taken from the program.
 */
import { expect, test } from 'vitest';
import type { ConvertorRequest } from '../../src/demo/convertor.ts';
import type { DashboardRequest } from '../../src/demo/dashboard.ts';
import {
  type ConvertorFault,
  type DashboardFault,
  dashboardFaultNames,
  faultyService,
} from '../../src/demo/faults.ts';
import { parsePage } from '../telemetry/page-parser.ts';
import { file, freePort, type Program, start, temporaryFolder } from './program.ts';
import { secret, startWorld } from './world.ts';

/** What a client sees of answers that are no plain status. */
const seenOf: Partial<Record<DashboardFault, 'timeout' | 'unreachable' | number>> = {
  hang: 'timeout',
  'hang-after-accept': 'timeout',
  // It answers after 2 s, when the time-out of 1 s is over.
  slow: 'timeout',
  'slow-headers': 'timeout',
  // The status says it all, whatever becomes of the body.
  drip: 201,
  'half-answer': 201,
  'cut-answer': 201,
  'huge-answer': 201,
  'huge-error': 500,
  'no-content': 204,
  'reset-before-accept': 'unreachable',
  'reset-after-accept': 'unreachable',
  'close-before-accept': 'unreachable',
  'close-after-accept': 'unreachable',
  'not-http': 'unreachable',
};
const longWaits: readonly DashboardFault[] = [
  'retry-after-minute',
  'retry-after-day',
  'retry-after-overflow',
];

/** How polls of services with these faults end, and how many requests one of them takes. */
const polls: Partial<Record<ConvertorFault, readonly [reason: string, requests: 1 | 2]>> = {
  'status-400': ['rejected', 1],
  'status-401': ['unauthorized', 1],
  'status-403': ['unauthorized', 1],
  'status-404': ['unsupported', 1],
  'status-408': ['failed', 1],
  'status-409': ['unsupported', 1],
  'status-410': ['rejected', 1],
  'status-429': ['rate_limited', 1],
  'status-500': ['failed', 2],
  'status-502': ['failed', 2],
  'status-503': ['failed', 2],
  'status-504': ['failed', 2],
  'not-http': ['unreachable', 2],
  hang: ['timeout', 1],
  redirect: ['rejected', 1],
  'not-json': ['garbled', 1],
  'weight-as-string': ['garbled', 1],
};

type Tally = Record<string, number>;

function count(tally: Tally, ...words: readonly string[]): void {
  const key = words.join(' ');
  tally[key] = (tally[key] ?? 0) + 1;
}

/** What an attempt came to: a status, or why there is none. */
function seen({ fault, answered }: DashboardRequest): number | 'timeout' | 'unreachable' {
  const special = fault === undefined || fault === 'unknown' ? undefined : seenOf[fault];
  return special ?? answered ?? 'unreachable';
}

function reasonOf(what: number | 'timeout' | 'unreachable'): string | undefined {
  if (typeof what === 'string') return what;
  if (what < 300 || what === 409) return undefined;
  if (what === 401 || what === 403) return 'unauthorized';
  if (what === 420 || what === 429) return 'rate_limited';
  return what === 408 || what === 425 || what >= 500 ? 'failed' : 'rejected';
}

/** What the counters must say about one target at one dashboard, from the requests that came about it. */
function tellStory(
  dashboard: string,
  requests: readonly DashboardRequest[],
  retries: number,
  truth: Tally,
): void {
  const doubted = new Set<string | undefined>();
  let attempts = 0;
  const end = (outcome: string) => {
    count(truth, 'notifications_total', dashboard, outcome);
    attempts = 0;
  };
  for (const request of requests) {
    attempts++;
    count(truth, 'dashboard_request_duration_seconds_count', dashboard);
    if (doubted.has(request.key)) count(truth, 'ambiguous_resends_total', dashboard);
    const what = seen(request);
    const reason = reasonOf(what);
    if (reason === undefined) {
      end(what === 409 ? 'known' : 'sent');
      continue;
    }
    tellRefusal(dashboard, reason, truth);
    if (typeof what === 'string' || (what >= 500 && what !== 503)) doubted.add(request.key);
    const outcome = lastOutcome(request, reason, attempts > retries);
    if (outcome) end(outcome);
  }
  // It recovered before it was told.
  if (attempts > 0) end('superseded');
}

function tellRefusal(dashboard: string, reason: string, truth: Tally): void {
  count(truth, 'dashboard_errors_total', dashboard, reason);
  if (reason === 'unauthorized') count(truth, 'token_failures_total');
}

/** How a delivery ends with this refusal; undefined where it is tried again. */
function lastOutcome({ fault }: DashboardRequest, reason: string, isLast: boolean): string | undefined {
  if (reason === 'rejected' || reason === 'unauthorized') return 'rejected';
  return isLast || longWaits.some((each) => each === fault) ? 'failed' : undefined;
}

/** What the counters must say about polls, from the requests that the convertor got. */
function tellPolls(requests: readonly ConvertorRequest[], truth: Tally): void {
  const readings: Tally = {};
  for (const { service = '', fault, state } of requests) {
    count(truth, 'convertor_request_duration_seconds_count');
    const failure = fault === undefined || fault === 'unknown' ? undefined : polls[fault];
    if (!failure) {
      tellAnswer(state, truth);
      continue;
    }
    const [reason, perPoll] = failure;
    count(truth, 'convertor_errors_total', reason);
    count(readings, service);
    if ((readings[service] ?? 0) % perPoll === 0) count(truth, 'polls_total', 'error');
  }
}

function tellAnswer(state: ConvertorRequest['state'], truth: Tally): void {
  const isStale = Boolean(state?.ageMs);
  if (isStale) count(truth, 'convertor_errors_total', 'stale');
  count(truth, 'polls_total', isStale || state?.points?.length === 0 ? 'no_data' : 'ok');
}

/** The counters that are not 0, by name and the values of their labels. */
async function counters(url: string, accept: string): Promise<Tally> {
  const page = await (await fetch(`${url}/metrics`, { headers: { accept } })).text();
  const samples = parsePage(page, accept === '' ? 'text' : 'openmetrics').flatMap((family) => family.samples);
  const tally: Tally = {};
  for (const { name, labels, value } of samples) {
    tally[[name.replace('cloudmon_reporter_', ''), ...Object.values(labels)].join(' ')] = value;
  }
  return tally;
}

function only(all: Tally, families: readonly string[]): Tally {
  return Object.fromEntries(
    Object.entries(all).filter(([key, value]) => value !== 0 && families.includes(key.split(' ')[0] ?? '')),
  );
}

const families = [
  'polls_total',
  'convertor_request_duration_seconds_count',
  'convertor_errors_total',
  'notifications_total',
  'dashboard_request_duration_seconds_count',
  'dashboard_errors_total',
  'ambiguous_resends_total',
  'token_failures_total',
];

/** No cycle and no delivery is under way, and none will begin. */
async function settled(program: Program, url: string): Promise<void> {
  const polls = new Map<unknown, number>();
  for (const { msg, service } of program.log()) {
    if (msg.startsWith('Polling')) polls.set(service, (polls.get(service) ?? 0) + 1);
  }
  // The one under way may not have come to each of them yet.
  await program.waitForLog('Cycle done', Math.max(...polls.values()));
  await idle(url, 'deliveries_in_flight');
}

async function idle(url: string, gauge: string): Promise<void> {
  for (;;) {
    const all = await counters(url, '');
    if (!Object.entries(all).some(([key, value]) => key.startsWith(gauge) && value > 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('the counters are what the peers wrote down, over every kind of answer and a reload', async () => {
  const { convertor, dashboard } = await startWorld();
  const faulty = dashboardFaultNames.map((fault) => faultyService('dashboard', fault));
  const recovering = faultyService('dashboard', 'status-503', 2);
  const insisting = faultyService('dashboard', 'hang-after-accept', 2);
  const badPolls = Object.keys(polls).map((fault) => faultyService('convertor', fault as ConvertorFault));
  // Several dashboards at one address, so that no fault waits for another's sixteen places.
  const places = new Map([
    ...Array.from({ length: 5 }, (_, at): [string, string[]] => [
      `d${at}`,
      faulty.filter((_, index) => index % 5 === at),
    ]),
    ['recovers', [recovering]],
    ['insists', [insisting]],
    ['distrusts', ['api']],
  ]);
  const more = new Map([
    ['insists', ', send: on_change, retries: 0'],
    ['distrusts', ', secret: another-secret-0123456789-0123456789'],
  ]);
  convertor.set('api', 'production', { status: 3 });
  convertor.set('stale', 'production', { status: 2, ageMs: 3_600_000 });
  convertor.set('silent', 'production', { points: [] });

  const port = await freePort();
  const folder = temporaryFolder();
  const config = (pollSeconds: number) =>
    file(
      [
        `convertor: {url: ${convertor.url}, path: /v1/health, timeout: 1, retries: 1}`,
        `telemetry: {port: ${port}}`,
        'dashboards:',
        ...[...places].map(
          ([name, services]) =>
            `  ${name}: {url: ${dashboard.url}, timeout: 1, match: {services: [${services.join()}]}${more.get(name)?.includes('secret') ? '' : `, secret: ${secret}`}${more.get(name) ?? ''}}`,
        ),
        'reporter:',
        `  poll_interval: ${pollSeconds}`,
        '  concurrency: 32',
        '  services:',
        ...[...places.values(), badPolls, ['stale', 'silent']]
          .flat()
          .map((service) => `    - {name: ${service}, environment: production}`),
      ].join('\n'),
      'config.yaml',
      folder,
    );

  const program = start(['-c', config(2), '--log-level', 'debug']);
  const url = `http://127.0.0.1:${port}`;
  await dashboard.waitFor(({ service }) => service === recovering);
  convertor.set(recovering, 'production', { status: 0 });
  const isDegraded = ({ state }: ConvertorRequest) => state?.status === 1;
  await convertor.waitForRequest(isDegraded, 230);
  await program.waitForLog('Cycle done', 4);
  // A delivery that a reload takes over in the middle of its only attempt has not failed: there is none any more.
  convertor.set(insisting, 'production', { status: 0 });
  await convertor.waitForRequest(({ service, state }) => service === insisting && state?.status === 0, 2);
  await idle(url, 'deliveries_in_flight insists');
  config(3_600);
  program.signal('SIGHUP');
  await program.waitForLog('Configuration was reloaded');
  await settled(program, url);

  const truth: Tally = {};
  for (const [name, services] of places) {
    for (const service of services) {
      const requests = dashboard.requests.filter((request) => request.service === service);
      expect(requests.length, service).toBeGreaterThan(0);
      tellStory(name, requests, name === 'insists' ? 0 : 3, truth);
    }
  }
  tellPolls(convertor.requests, truth);
  const found = await counters(url, '');
  expect(only(found, families)).toEqual(truth);
  expect(only(await counters(url, 'application/openmetrics-text'), families)).toEqual(truth);

  // That the truth is not trivial.
  expect(convertor.requests.filter(isDegraded).length).toBeGreaterThanOrEqual(200);
  expect(truth['notifications_total recovers superseded']).toBe(1);
  expect(truth['ambiguous_resends_total insists']).toBeGreaterThan(1);
  expect(truth['dashboard_errors_total distrusts unauthorized']).toBeGreaterThan(1);
  const outcomes = Object.keys(truth).flatMap((key) => /^notifications_total \S+ (\S+)/.exec(key)?.[1] ?? []);
  expect([...new Set(outcomes)].sort()).toEqual(['failed', 'known', 'rejected', 'sent', 'superseded']);

  const cycles = program.log().filter(({ msg }) => msg === 'Cycle done').length;
  expect(found).toMatchObject({
    poll_cycle_duration_seconds_count: cycles,
    'service_status api production': 3,
    'service_status stale production': -1,
    [`service_status ${recovering} production`]: 0,
    [`service_flaps_total ${recovering} production`]: 1,
    'service_flaps_total api production': 0,
    health_status: 0.5,
    convertor_connected: 1,
    config_last_reload_successful: 1,
  });
}, 90_000);
