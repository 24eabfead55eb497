/**
 * How the contract suite speaks with each kind: its dialect, its section of the configuration, and what
 * people see there.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startDashboard } from '../../src/demo/dashboard.ts';
import type { dashboardFaults } from '../../src/demo/dashboard-faults.ts';
import { startAlertmanager } from '../../src/demo/dialects/alertmanager.ts';
import { startCachet } from '../../src/demo/dialects/cachet.ts';
import { fixed } from '../../src/demo/dialects/cachet-store.ts';
import { startPagerduty } from '../../src/demo/dialects/pagerduty.ts';
import { startSlack } from '../../src/demo/dialects/slack.ts';
import { component } from '../../src/demo/dialects/stackmon-components.ts';
import { startStackmonV1 } from '../../src/demo/dialects/stackmon-v1.ts';
import { startStackmonV2 } from '../../src/demo/dialects/stackmon-v2.ts';
import { startStatuspage } from '../../src/demo/dialects/statuspage.ts';
import { startWebhook } from '../../src/demo/dialects/webhook.ts';
import type { FaultLimit } from '../../src/demo/fault-switch.ts';
import type { Reply } from '../../src/demo/reply.ts';
import type { Seen } from '../../src/demo/server.ts';
import type { Abilities } from '../../src/model/dashboard.ts';
import { FakeClock } from '../fake-clock.ts';
import { stage } from './stage.ts';

export type Fault = keyof typeof dashboardFaults;

/** A dialect, as far as the suite needs it. */
type Dialect = {
  readonly url: string;
  readonly stop: () => Promise<void>;
  readonly requests: readonly (Seen & { readonly body: string; readonly answered: number | undefined })[];
  readonly trap: { readonly requests: readonly Seen[] };
  readonly fail: (fault: Fault | Reply | undefined, limit?: FaultLimit) => void;
};

/** What people see on it. */
type Page = {
  /** What ails now, one entry for each component: `API 2` with the kind's own word for the status. */
  readonly shown: () => readonly string[];
  /** How many incidents it has ever made of what it was told. */
  readonly incidents: () => number;
  /** Somebody else opens an incident about `api`; returns how to see whether it is as it was. */
  readonly human?: () => () => boolean;
};

export type Peer = Dialect & Page;

type Stand = {
  readonly clock: FakeClock;
  /** The only one that it takes. */
  readonly secret: string;
  readonly components: readonly string[];
};

/** `name: value` or `name_file: path`; the value is the secret, or has it in it. */
type WriteSecret = (name: string, value?: string) => string;

type Part = {
  readonly start: (stand: Stand) => Promise<Peer>;
  /** Its section, in braces; `more` begins with a comma. */
  readonly yaml: (url: string, secret: WriteSecret, more: string) => string;
  readonly abilities: Abilities;
  /** As it shows 1, 2 and 3. */
  readonly severities: readonly [string, string, string];
  readonly send: 'every_poll' | 'on_change';
  readonly perMinute?: number;
  /** It knows a message, or an incident, when it comes again. */
  readonly tellsTwice: boolean;
  /** What 409 is: already known, or a refusal. */
  readonly conflict: 'known' | 'rejected';
  /** What it turns out to be. */
  readonly becomes?: string;
  /** It reads before it writes, and shows its secret then. */
  readonly asksFirst?: true;
  /** What a preview has of a body: ids are known to those who ask. */
  readonly previewOf?: (sent: string) => string;
  /** What 404, 422 and so on mean where it is not a refusal. */
  readonly reasons?: Readonly<Record<number, string>>;
};

/** Kinds that speak with nobody. */
export const silentKinds: readonly string[] = ['console'];

export const parts: Readonly<Record<string, Part>> = {
  incidents: {
    start: async ({ clock, secret }) => {
      const dashboard = await startDashboard({ clock, secret });
      const keys = () => dashboard.accepted.map(({ key }) => key);
      return also(dashboard, {
        shown: () => [
          ...new Map(
            dashboard.accepted.map(({ service, status }) => [service, `${service} ${status}`]),
          ).values(),
        ],
        incidents: () => 1 + keys().length - new Set(keys()).size,
      });
    },
    yaml: (url, secret, more) => `{kind: incidents, url: "${url}", ${secret('secret')}${more}}`,
    abilities: { closes: false, lowers: true, attachesEvidence: false, forgets: false },
    severities: ['1', '2', '3'],
    send: 'every_poll',
    tellsTwice: true,
    conflict: 'known',
  },

  'stackmon-v1': {
    start: async ({ clock, secret, components }) => {
      const page = await startStackmonV1({ clock, secret, components: components.map(stackmonComponent) });
      return also(page, {
        shown: () =>
          page.incidents
            .filter(({ system, endMs }) => system && endMs === undefined)
            .flatMap(({ impact, components: ailing }) => ailing.map(({ name }) => `${name} ${impact}`)),
        incidents: () => page.incidents.filter(({ system }) => system).length,
        human: () => {
          const id = page.openIncident(2, [1]);
          return untouched(() => page.incidents.find((each) => each.id === id));
        },
      });
    },
    yaml: (url, secret, more) =>
      `{kind: stackmon-v1, url: "${url}", path: /api/v1/component_status, ${secret('secret')}${more}}`,
    abilities: { closes: false, lowers: false, attachesEvidence: false, forgets: false },
    severities: ['1', '2', '3'],
    send: 'every_poll',
    tellsTwice: true,
    conflict: 'known',
  },

  'stackmon-v2': stackmonV2('stackmon-v2'),

  auto: { ...stackmonV2('auto'), becomes: 'stackmon-v2' },

  statuspage: {
    start: async ({ clock, secret, components }) => {
      const page = await startStatuspage({
        clock,
        apiKey: secret,
        components: components.map((name) => ({ name })),
      });
      const isOurs = ({ metadata }: { readonly metadata: object }) => Object.keys(metadata).length > 0;
      const ailing = () =>
        page.incidents
          .filter((incident) => isOurs(incident) && incident.resolvedMs === undefined)
          .flatMap(({ componentIds }) => componentIds);
      const human = () => {
        const [component] = page.components;
        const keys = { name: 'Fibre cut', status: 'identified', body: 'A digger.' };
        const id = page.human.open({ ...keys, components: { [component?.id ?? '']: 'partial_outage' } });
        return untouched(() => page.incidents.find((each) => each.id === id));
      };
      return also(page, {
        shown: () =>
          page.components
            .filter(({ id, status }) => ailing().includes(id) && status !== 'operational')
            .map(({ name, status }) => `${name} ${status}`),
        incidents: () => page.incidents.filter(isOurs).length,
        human,
      });
    },
    yaml: (url, secret, more) =>
      `{kind: statuspage, url: "${url}", page_id: page, ${secret('api_key')}${more}}`,
    abilities: { closes: true, lowers: true, attachesEvidence: false, forgets: false },
    severities: ['degraded_performance', 'major_outage', 'major_outage'],
    send: 'on_change',
    perMinute: 60,
    tellsTwice: true,
    conflict: 'known',
    asksFirst: true,
    previewOf: (sent) => {
      const {
        component_ids: _,
        deliver_notifications: __,
        metadata: ___,
        ...incident
      } = JSON.parse(sent).incident;
      const [status] = Object.values(incident.components);
      return JSON.stringify({ incident: { ...incident, components: { api: status } } });
    },
  },

  cachet: {
    start: async ({ clock, secret, components }) => {
      const page = await startCachet({
        clock,
        token: secret,
        components: components.map((name) => ({ name })),
      });
      const ours = () => page.incidents.filter(({ meta }) => Object.keys(meta).length > 0);
      return also(page, {
        // Version 3 shows a component as it was when its incident began: what is read is what counts.
        shown: () =>
          ours()
            .filter(({ status }) => status !== fixed)
            .map(({ message, updates }) => updates.at(-1)?.message ?? message)
            .map((message) => message.replace(/\.$/, '')),
        incidents: () => ours().length,
        human: () => {
          const id = page.human.open({ name: 'Fibre cut', message: 'A digger.', status: 2 });
          return untouched(() => page.incidents.find((each) => each.id === id));
        },
      });
    },
    yaml: (url, secret, more) => `{kind: cachet, url: "${url}", ${secret('token')}${more}}`,
    abilities: { closes: true, lowers: true, attachesEvidence: false, forgets: false },
    severities: ['is degraded', 'has an outage', 'has a critical outage'],
    send: 'on_change',
    perMinute: 300,
    tellsTwice: true,
    conflict: 'known',
    previewOf: (sent) => sent.replace('"components":[{"id":1,', '"components":[{"id":0,'),
  },

  pagerduty: {
    start: async ({ clock, secret }) => {
      const dashboard = await startPagerduty({ clock, routingKey: secret });
      return also(dashboard, {
        shown: () =>
          dashboard.alerts
            .filter(({ status }) => status === 'triggered')
            .map(({ summary, severity }) => `${summary.split(' ')[0]} ${severity}`),
        incidents: () => dashboard.alerts.length,
      });
    },
    yaml: (url, secret, more) => `{kind: pagerduty, url: "${url}", ${secret('routing_key')}${more}}`,
    abilities: { closes: true, lowers: true, attachesEvidence: false, forgets: false },
    severities: ['warning', 'critical', 'critical'],
    send: 'on_change',
    perMinute: 120,
    tellsTwice: true,
    conflict: 'known',
  },

  slack: {
    start: async ({ clock, secret }) => {
      const channel = await startSlack({ clock, path: `/services/T1/B1/${secret}` });
      const messages = () =>
        channel.messages.map(({ text }) => {
          const [, component = '', word = ''] = /^\*(.*)\* \(production\): (.*)$/.exec(text) ?? [];
          return { component, word };
        });
      return also(channel, inOrder(messages));
    },
    yaml: (url, secret, more) =>
      `{kind: slack, ${secret('webhook_url', `${url}/services/T1/B1/${theSecret}`)}${more}}`,
    abilities: { closes: true, lowers: true, attachesEvidence: false, forgets: false },
    severities: ['degraded', 'outage', 'critical'],
    send: 'on_change',
    perMinute: 60,
    tellsTwice: false,
    conflict: 'known',
  },

  alertmanager: {
    start: async ({ clock, secret }) => {
      const dashboard = await startAlertmanager({ clock, authorization: `Bearer ${secret}` });
      const posted = () =>
        dashboard.requests.flatMap(({ body }) => [
          ...(JSON.parse(body) as { readonly labels: Record<string, string>; readonly startsAt: string }[]),
        ]);
      return also(dashboard, {
        shown: () =>
          dashboard.alerts
            .filter(({ endsMs }) => endsMs > clock.now())
            .map(({ labels }) => `${labels['component']} ${labels['severity']}`),
        incidents: () => new Set(posted().map(({ labels, startsAt }) => labels['service'] + startsAt)).size,
      });
    },
    yaml: (url, secret, more) => `{kind: alertmanager, url: "${url}", ${secret('bearer_token')}${more}}`,
    abilities: { closes: true, lowers: true, attachesEvidence: false, forgets: true },
    severities: ['warning', 'critical', 'critical'],
    send: 'every_poll',
    tellsTwice: true,
    conflict: 'known',
  },

  webhook: {
    start: async ({ clock, secret }) => {
      const receiver = await startWebhook({ clock, secret });
      const bodies = () => receiver.received.map(({ json }) => json as { component: string; word: string });
      return also(receiver, inOrder(bodies));
    },
    yaml: (url, secret, more) => {
      const body = '{"component": "{{component}}", "word": "{{word}}"}';
      return `{kind: webhook, url: "${url}/hook", ${secret('secret')}, close_body: '${body}'${more}}`;
    },
    abilities: { closes: true, lowers: true, attachesEvidence: false, forgets: false },
    severities: ['degraded', 'outage', 'critical'],
    send: 'on_change',
    tellsTwice: true,
    conflict: 'known',
  },
};

function stackmonV2(kind: string): Part {
  return {
    start: async ({ clock, secret, components }) => {
      const page = await startStackmonV2({ clock, secret, components: components.map(stackmonComponent) });
      const nameOf = (id: number) => components[id - 1];
      const ours = () => page.events.filter(({ system, type }) => system && type === 'incident');
      return also(page, {
        shown: () =>
          ours()
            .filter(({ endMs }) => endMs === undefined)
            .flatMap(({ impact, components: ailing }) => ailing.map((id) => `${nameOf(id)} ${impact}`)),
        incidents: () => ours().length,
        human: () => {
          const id = page.openIncident(2, [1]);
          return untouched(() => page.events.find((each) => each.id === id));
        },
      });
    },
    yaml: (url, secret, more) => `{kind: ${kind}, url: "${url}", ${secret('secret')}${more}}`,
    abilities: { closes: true, lowers: true, attachesEvidence: false, forgets: false },
    severities: ['1', '2', '3'],
    send: 'on_change',
    tellsTwice: true,
    // Newer ones mean that somebody else has changed the event meanwhile.
    conflict: 'rejected',
    asksFirst: true,
    previewOf: (sent) => sent.replace('"components":[1]', '"components":["api"]'),
  };
}

function stackmonComponent(name: string, index: number) {
  return component(index + 1, name);
}

function untouched(find: () => unknown): () => boolean {
  const before = JSON.stringify(find());
  return () => JSON.stringify(find()) === before;
}

/** Where people read one message after the other; one that says the same again counts as one too many. */
function inOrder(messages: () => readonly { readonly component: string; readonly word: string }[]): Page {
  function read() {
    const last = new Map<string, string>();
    let incidents = 0;
    for (const { component, word } of messages()) {
      const before = last.get(component) ?? 'recovered';
      if (word !== 'recovered' && (before === 'recovered' || before === word)) incidents++;
      last.set(component, word);
    }
    return { last: [...last].filter(([, word]) => word !== 'recovered'), incidents };
  }
  return {
    shown: () => read().last.map(([component, word]) => `${component} ${word}`),
    incidents: () => read().incidents,
  };
}

/** The getters of a dialect must stay getters. */
function also<Of extends Dialect>(dialect: Of, page: Page): Of & Page {
  return Object.create(dialect, Object.getOwnPropertyDescriptors(page)) as Of & Page;
}

/** Long enough to be found wherever it must not be. */
export const theSecret = '0123456789abcdef0123456789abcdef';

/** A kind on its stage, with its dialect. */
export async function play(kind: string, more = '', components: readonly string[] = ['api']) {
  const part = partOf(kind);
  const clock = new FakeClock();
  const peer = await part.start({ clock, secret: theSecret, components });
  onTestFinished(() => peer.stop());
  const services = components.map((name) => `{name: ${name}, component: ${name}}`).join(', ');
  const yaml = part.yaml(peer.url, (name, value = theSecret) => `${name}: "${value}"`, more);
  const played = await stage(yaml, `[${services}]`, clock);
  return { part, peer, ...played };
}

/** The same with the secret in a file that holds another one at first. */
export async function playWithFile(kind: string) {
  const part = partOf(kind);
  const clock = new FakeClock();
  const folder = mkdtempSync(join(tmpdir(), 'secret-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'secret');
  let whole = theSecret;
  const peer = await part.start({ clock, secret: theSecret, components: ['api'] });
  onTestFinished(() => peer.stop());
  const yaml = part.yaml(
    peer.url,
    (name, value = theSecret) => {
      whole = value;
      writeFileSync(file, value.replace(theSecret, theSecret.toUpperCase()));
      return `${name}_file: ${file}`;
    },
    '',
  );
  const played = await stage(yaml, '[{name: api, component: api}]', clock);
  return { part, peer, rotate: () => writeFileSync(file, whole), ...played };
}

function partOf(kind: string): Part {
  const part = parts[kind];
  if (!part) throw new Error(`write into ${import.meta.filename} how the kind ${kind} is spoken with`);
  return part;
}

/** Everything but questions. */
export function writesOf(peer: Peer): Peer['requests'] {
  return peer.requests.filter(({ method }) => method !== 'GET');
}
