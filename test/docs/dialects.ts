/** The dialects that the pages about dashboards are played against, as their configurations ask for it. */
import { startDashboard } from '../../src/demo/dashboard.ts';
import { startAlertmanager } from '../../src/demo/dialects/alertmanager.ts';
import type { DialectRequest } from '../../src/demo/dialects/dialect.ts';
import { startPagerduty } from '../../src/demo/dialects/pagerduty.ts';
import { startSlack } from '../../src/demo/dialects/slack.ts';
import { startWebhook } from '../../src/demo/dialects/webhook.ts';
import type { FakeClock } from '../fake-clock.ts';

type Played = {
  readonly url: string;
  /** The key of the section that holds the address. */
  readonly urlKey: string;
  readonly stop: () => Promise<void>;
  readonly requests: readonly Pick<
    DialectRequest,
    'method' | 'rawUrl' | 'headers' | 'body' | 'answered' | 'answer'
  >[];
};

/** A configuration as it is written. */
type Written = {
  readonly status_dashboard?: Section;
  readonly dashboards?: Readonly<Record<string, Section>>;
};
type Section = Readonly<Record<string, string>>;

export async function dialectOf(kind: string, written: Written, clock: FakeClock): Promise<Played> {
  const section = written.status_dashboard ?? Object.values(written.dashboards ?? {})[0] ?? {};
  switch (kind) {
    case 'incidents':
      return at('url', await startDashboard({ clock, secret: section['secret'] ?? '' }));
    case 'pagerduty':
      return at('url', await startPagerduty({ clock, routingKey: section['routing_key'] ?? '' }));
    case 'slack':
      return at('webhook_url', await startSlack({ clock, path: pathOf(section['webhook_url']) }));
    case 'alertmanager':
      return at('url', await startAlertmanager({ clock }));
    case 'webhook':
      return at('url', await startWebhook({ clock, secret: section['secret'] ?? '' }));
    default:
      throw new Error(`write into ${import.meta.filename} how the dialect of ${kind} is started`);
  }
}

function pathOf(url = ''): string {
  return new URL(url).pathname;
}

function at<Of extends object>(urlKey: string, dialect: Of): Of & { readonly urlKey: string } {
  return Object.create(dialect, { urlKey: { value: urlKey } }) as Of & { readonly urlKey: string };
}
