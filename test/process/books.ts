/** Real dialects of dashboards side by side, and what each of them shows of a service, whatever its form. */
import { onTestFinished } from 'vitest';
import { startDashboard } from '../../src/demo/dashboard.ts';
import { startAlertmanager } from '../../src/demo/dialects/alertmanager.ts';
import { startCachet } from '../../src/demo/dialects/cachet.ts';
import { startPagerduty } from '../../src/demo/dialects/pagerduty.ts';
import { startSlack } from '../../src/demo/dialects/slack.ts';
import { startStackmonV2 } from '../../src/demo/dialects/stackmon-v2.ts';
import { startStatuspage } from '../../src/demo/dialects/statuspage.ts';
import type { Clock } from '../../src/model/clock.ts';
import { systemClock } from '../../src/model/clock.ts';
import type { Status } from '../../src/model/status.ts';

export type Book = {
  readonly name: string;
  /** Its section of the configuration. */
  readonly yaml: string;
  /** What it shows now. */
  readonly shown: (service: string) => Status;
  /** How many incidents about it there ever were; of a book that only takes messages, how many it took. */
  readonly count: (service: string) => number;
  /** `incidents`: one for each time that it was not healthy. `messages`: one for each change. */
  readonly counts: 'incidents' | 'messages' | 'nothing';
  readonly closes: boolean;
  /** It knows neither a key nor whom it is told about: an answer that is lost may double a message. */
  readonly isDumb: boolean;
  /** Its newest requests, and what it answered, for whoever looks for the reason of a failure. */
  readonly trail: () => readonly string[];
  /** Resolves with its next request. */
  readonly next: () => Promise<unknown>;
};

/** Limits of so much a minute are no subject here: their time runs a thousand times as fast. */
const hasty: Clock = { ...systemClock, now: () => startMs + (systemClock.now() - startMs) * 1_000 };
const startMs = systemClock.now();

export async function startBooks(services: readonly string[]): Promise<readonly Book[]> {
  return Promise.all([
    ...[keyed(), pagerduty(), slack(), alertmanager()],
    ...[statuspage(services), cachet(services), stackmonV2(services)],
  ]);
}

function stopped<T extends { readonly stop: () => Promise<void> }>(server: T): T {
  onTestFinished(() => server.stop());
  return server;
}

type Server = {
  readonly requests: readonly {
    readonly method: string;
    readonly rawUrl: string;
    readonly body: string;
    readonly answered: number | undefined;
    readonly answer: string | undefined;
  }[];
  readonly waitFor: (matches: () => boolean, count: number) => Promise<unknown>;
};

function heard(server: Server): Pick<Book, 'next' | 'trail'> {
  return {
    next: () => server.waitFor(() => true, server.requests.length + 1),
    trail: () =>
      server.requests
        .slice(-30)
        .map(({ method, rawUrl, body, answered, answer = '' }) =>
          [method, rawUrl, body, '->', answered, answer.slice(0, 400)].join(' '),
        ),
  };
}

/** The generic dashboard that honours keys; it cannot be told that something is over. */
async function keyed(): Promise<Book> {
  const server = stopped(await startDashboard({ memory: 'keyed' }));
  const of = (service: string) => server.accepted.filter((taken) => taken.service === service);
  return {
    name: 'keyed',
    yaml: `{kind: incidents, url: ${server.url}, send: on_change}`,
    shown: (service) => (of(service).at(-1)?.status ?? 0) as Status,
    count: (service) => of(service).length,
    counts: 'nothing',
    closes: false,
    isDumb: false,
    ...heard(server),
  };
}

async function pagerduty(): Promise<Book> {
  const routingKey = 'r'.repeat(32);
  const server = stopped(await startPagerduty({ routingKey, clock: hasty }));
  const of = (service: string) => server.alerts.filter(({ summary }) => summary.includes(service));
  return {
    name: 'pagerduty',
    yaml: `{kind: pagerduty, url: ${server.url}/v2/enqueue, routing_key: ${routingKey}, ${free}}`,
    shown: (service) => {
      const alert = of(service).at(-1);
      if (alert?.status !== 'triggered') return 0;
      return alert.severity === 'warning' ? 1 : 2;
    },
    count: (service) => of(service).length,
    counts: 'incidents',
    closes: true,
    isDumb: false,
    ...heard(server),
  };
}

async function slack(): Promise<Book> {
  const server = stopped(await startSlack({ clock: hasty }));
  const of = (service: string) =>
    server.messages.filter((message) => JSON.stringify(message).includes(service));
  return {
    name: 'slack',
    yaml: `{kind: slack, webhook_url: ${server.url}/services/T1/B1/x1, ${free}}`,
    shown: (service) => {
      const said = JSON.stringify(of(service).at(-1) ?? 'recovered');
      if (said.includes('recovered')) return 0;
      return said.includes('degraded') ? 1 : 2;
    },
    count: (service) => of(service).length,
    counts: 'messages',
    closes: true,
    isDumb: true,
    ...heard(server),
  };
}

async function statuspage(services: readonly string[]): Promise<Book> {
  const components = services.map((name) => ({ name, id: `id-${name}` }));
  const server = stopped(await startStatuspage({ components, clock: hasty }));
  const component = (service: string) => server.components.find(({ name }) => name === service);
  return {
    name: 'statuspage',
    yaml: `{kind: statuspage, url: ${server.url}, api_key: key, page_id: page, ${free}}`,
    shown: (service) => {
      const status = component(service)?.status;
      if (status === 'operational') return 0;
      return status === 'degraded_performance' ? 1 : 2;
    },
    count: (service) =>
      server.incidents.filter(({ componentIds }) => componentIds.includes(`id-${service}`)).length,
    counts: 'incidents',
    closes: true,
    isDumb: false,
    ...heard(server),
  };
}

async function cachet(services: readonly string[]): Promise<Book> {
  const components = services.map((name) => ({ name }));
  const server = stopped(await startCachet({ components, clock: hasty }));
  const idOf = (service: string) => services.indexOf(service) + 1;
  return {
    name: 'cachet',
    yaml: `{kind: cachet, url: ${server.url}, token: token, ${free}}`,
    // The page goes on showing how an incident began; how bad it is now is what was said last.
    shown: (service) => {
      if (server.shown(idOf(service)) === 1) return 0;
      const open = server.incidents.filter(
        ({ component, status }) => component?.id === idOf(service) && status !== 4,
      );
      const said = open.at(-1);
      return (said?.updates.at(-1)?.message ?? said?.message)?.includes('degraded') ? 1 : 2;
    },
    count: (service) => server.incidents.filter(({ component }) => component?.id === idOf(service)).length,
    counts: 'incidents',
    closes: true,
    isDumb: false,
    ...heard(server),
  };
}

/** What is taken out of a shared event is an event of its own, so those are not counted. */
async function stackmonV2(services: readonly string[]): Promise<Book> {
  const components = services.map((name, index) => ({ id: index + 1, name, attributes: [] }));
  const server = stopped(await startStackmonV2({ components }));
  const open = (service: string) =>
    server.events.filter(
      (event) => event.endMs === undefined && event.components.includes(services.indexOf(service) + 1),
    );
  return {
    name: 'stackmon',
    yaml: `{kind: stackmon-v2, url: ${server.url}}`,
    // Two events about one component would be wrong, whatever they say.
    shown: (service) => (open(service).length > 1 ? 3 : (open(service)[0]?.impact ?? 0)) as Status,
    count: () => 0,
    counts: 'nothing',
    closes: true,
    isDumb: false,
    ...heard(server),
  };
}

async function alertmanager(): Promise<Book> {
  const server = stopped(await startAlertmanager());
  return {
    name: 'alerts',
    yaml: `{kind: alertmanager, url: ${server.url}}`,
    shown: (service) => {
      const firing = server.alerts.filter(
        ({ labels, endsMs }) => labels['service'] === service && endsMs > systemClock.now(),
      );
      const severities = firing.map(({ labels }) => labels['severity']);
      if (severities.length === 0) return 0;
      return severities.length === 1 && severities[0] === 'warning' ? 1 : 2;
    },
    count: () => 0,
    counts: 'nothing',
    closes: true,
    isDumb: false,
    ...heard(server),
  };
}

/** The reporter's own budget is no subject either. */
const free = 'rate: {requests: 100000, per: 60}';
