/** The story that the demo tells: two minutes in the life of a shop, then again. */
import type { Status } from '../model/status.ts';
import type { DashboardFault } from './faults.ts';

export type TargetName = { readonly service: string; readonly environment: string };

export type Change =
  | {
      readonly type: 'health';
      readonly target: TargetName;
      /** `no data`: the convertor answers without a single point. */
      readonly health: Status | 'no data';
      /** The flags that are raised, as the convertor's evidence. */
      readonly flags: readonly string[];
    }
  /** Undefined: the dashboard works again. */
  | { readonly type: 'dashboard'; readonly fault: DashboardFault | undefined };

export type Step = {
  /** Since the beginning of the story. */
  readonly atMs: number;
  /** What happens, for people. */
  readonly says: string;
  readonly change: Change;
};

export type Story = {
  readonly durationMs: number;
  readonly targets: readonly TargetName[];
  /** In the order of time. */
  readonly steps: readonly Step[];
};

const production = (service: string): TargetName => ({ service, environment: 'production' });
const staging = (service: string): TargetName => ({ service, environment: 'staging' });

function health(
  seconds: number,
  target: TargetName,
  value: Status | 'no data',
  says: string,
  flags: readonly string[] = [],
): Step {
  return { atMs: seconds * 1000, says, change: { type: 'health', target, health: value, flags } };
}

function dashboard(seconds: number, fault: DashboardFault | undefined, says: string): Step {
  return { atMs: seconds * 1000, says, change: { type: 'dashboard', fault } };
}

const search = production('search');
const payments = production('payments');
const checkout = production('checkout');
const media = production('media');
const mail = production('mail');

export const story: Story = {
  durationMs: 120_000,
  targets: [
    checkout,
    payments,
    search,
    production('accounts'),
    media,
    mail,
    staging('checkout'),
    staging('search'),
  ],
  steps: [
    health(2, search, 1, 'Search gets slow: degraded.', ['search.latency_high']),
    health(12, payments, 2, 'Payments stops answering: an outage.', ['payments.api_down']),
    health(22, payments, 3, 'Payments loses its database too: critical.', [
      'payments.api_down',
      'payments.db_down',
    ]),
    health(28, search, 0, 'Search is fast again: the reports about it stop.'),
    health(36, payments, 1, 'Payments is back, but slow: degraded.', ['payments.latency_high']),
    dashboard(
      44,
      'status-503',
      'The dashboard answers 503 to everything: the reporter tries again and again.',
    ),
    dashboard(53, undefined, 'The dashboard is back, and soon hears how things are.'),
    health(62, payments, 0, 'Payments is healthy: the reports about it stop.'),
    health(66, media, 'no data', 'Nobody measures Media any more: no data, so nothing is reported.'),
    health(72, checkout, 1, 'Checkout gets slow: degraded.', ['checkout.latency_high']),
    health(82, checkout, 2, 'Checkout loses orders: an outage.', ['checkout.error_rate_high']),
    health(86, media, 0, 'Media is measured again, and healthy.'),
    health(92, staging('search'), 2, 'A bad build reaches Search in staging.', ['search.api_down']),
    health(98, checkout, 0, 'Checkout is healthy: the reports about it stop.'),
    health(102, mail, 1, 'Mail queues up: degraded.', ['mail.queue_long']),
    health(108, staging('search'), 0, 'Staging is rolled back.'),
    health(112, mail, 0, 'Mail is delivered again: all is well, until the story begins anew.'),
  ],
};
