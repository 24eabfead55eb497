/** The dialects that the pages about dashboards are played against, as their configurations ask for it. */
import { startDashboard } from '../../src/demo/dashboard.ts';
import { startAlertmanager } from '../../src/demo/dialects/alertmanager.ts';
import { startCachet } from '../../src/demo/dialects/cachet.ts';
import type { DialectRequest } from '../../src/demo/dialects/dialect.ts';
import { startPagerduty } from '../../src/demo/dialects/pagerduty.ts';
import { startSlack } from '../../src/demo/dialects/slack.ts';
import { startStackmonV1 } from '../../src/demo/dialects/stackmon-v1.ts';
import { startStackmonV2 } from '../../src/demo/dialects/stackmon-v2.ts';
import { startStatuspage } from '../../src/demo/dialects/statuspage.ts';
import { startWebhook } from '../../src/demo/dialects/webhook.ts';
import type { FakeClock } from '../fake-clock.ts';

type Dialect = {
  readonly url: string;
  readonly stop: () => Promise<void>;
  readonly requests: readonly Pick<
    DialectRequest,
    'method' | 'rawUrl' | 'headers' | 'body' | 'answered' | 'answer'
  >[];
};

/** A section of a configuration, as it is written. */
export type Section = Readonly<Record<string, string>>;

const starts: Readonly<Record<string, (section: Section, clock: FakeClock) => Promise<Dialect>>> = {
  incidents: ({ secret = '' }, clock) => startDashboard({ clock, secret }),
  'stackmon-v1': ({ secret = '' }, clock) => startStackmonV1({ clock, secret }),
  'stackmon-v2': ({ secret = '' }, clock) => startStackmonV2({ clock, secret }),
  auto: ({ secret = '' }, clock) => startStackmonV2({ clock, secret }),
  statuspage: ({ api_key: apiKey = '', page_id: pageId = '' }, clock) =>
    startStatuspage({ clock, apiKey, pageId }),
  cachet: ({ token = '' }, clock) => startCachet({ clock, token }),
  pagerduty: ({ routing_key: routingKey = '' }, clock) => startPagerduty({ clock, routingKey }),
  slack: ({ webhook_url: url = '' }, clock) => startSlack({ clock, path: new URL(url).pathname }),
  alertmanager: (_, clock) => startAlertmanager({ clock }),
  webhook: ({ secret = '' }, clock) => startWebhook({ clock, secret }),
};

export function startDialectOf(kind: string, section: Section, clock: FakeClock): Promise<Dialect> {
  const start = starts[kind];
  if (!start) throw new Error(`write into ${import.meta.filename} how the dialect of ${kind} is started`);
  return start(section, clock);
}
