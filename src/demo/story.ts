/** The story that the demo tells: two minutes in the life of a shop, then again. */
import type { DashboardFault } from './faults.ts';

export type TargetName = { readonly service: string; readonly environment: string };

export type Traffic = {
  /** Requests; 0: nobody measures the service. */
  readonly perSecond: number;
  /** In the middle; one request takes up to a third more or less. */
  readonly latencyMs: number;
  /** Of the requests, from 0 to 1, those that are answered 503. */
  readonly errorShare: number;
  readonly path: string;
};

/** What a step changes is never a health: that follows from the numbers. */
export type Change =
  | { readonly type: 'traffic'; readonly target: TargetName; readonly traffic: Traffic }
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
  /** How it begins. */
  readonly cast: readonly { readonly target: TargetName; readonly traffic: Traffic }[];
  /** In the order of time. */
  readonly steps: readonly Step[];
};

type Member = Story['cast'][number];

function member(
  service: string,
  environment: string,
  perSecond: number,
  latencyMs: number,
  path: string,
): Member {
  return { target: { service, environment }, traffic: { perSecond, latencyMs, errorShare: 0, path } };
}

const checkout = member('checkout', 'production', 6, 120, '/order');
const payments = member('payments', 'production', 5, 90, '/pay');
const search = member('search', 'production', 10, 60, '/search');
const accounts = member('accounts', 'production', 5, 40, '/login');
const media = member('media', 'production', 8, 25, '/images');
const mail = member('mail', 'production', 4, 180, '/send');
const stagingCheckout = member('checkout', 'staging', 3, 140, '/order');
const stagingSearch = member('search', 'staging', 3, 70, '/search');

/** What is not named is as in the beginning. */
function traffic(seconds: number, of: Member, changes: Partial<Traffic>, says: string): Step {
  const change = { type: 'traffic', target: of.target, traffic: { ...of.traffic, ...changes } } as const;
  return { atMs: seconds * 1000, says, change };
}

function dashboard(seconds: number, fault: DashboardFault | undefined, says: string): Step {
  return { atMs: seconds * 1000, says, change: { type: 'dashboard', fault } };
}

export const story: Story = {
  durationMs: 120_000,
  cast: [checkout, payments, search, accounts, media, mail, stagingCheckout, stagingSearch],
  steps: [
    traffic(2, search, { latencyMs: 900 }, 'Search gets slow: degraded.'),
    traffic(12, payments, { errorShare: 1, latencyMs: 15 }, 'Payments stops answering: an outage.'),
    traffic(
      22,
      payments,
      { errorShare: 1, latencyMs: 3_000 },
      'Payments loses its database too, and requests wait in vain: critical.',
    ),
    traffic(28, search, {}, 'Search is fast again: the reports about it stop.'),
    traffic(36, payments, { latencyMs: 800 }, 'Payments is back, but slow: degraded.'),
    dashboard(
      44,
      'status-503',
      'The dashboard answers 503 to everything: the reporter tries again and again.',
    ),
    dashboard(53, undefined, 'The dashboard is back, and soon hears how things are.'),
    traffic(62, payments, {}, 'Payments is healthy: the reports about it stop.'),
    traffic(66, media, { perSecond: 0 }, 'Nobody measures Media any more: no data, so nothing is reported.'),
    traffic(72, checkout, { latencyMs: 700 }, 'Checkout gets slow: degraded.'),
    traffic(
      82,
      checkout,
      { latencyMs: 700, errorShare: 0.25 },
      'Checkout loses one order in four: an outage.',
    ),
    traffic(86, media, {}, 'Media is measured again, and healthy.'),
    traffic(92, stagingSearch, { errorShare: 0.9 }, 'A bad build reaches Search in staging: an outage.'),
    traffic(98, checkout, {}, 'Checkout is healthy: the reports about it stop.'),
    traffic(102, mail, { latencyMs: 8_000 }, 'Mail queues up: degraded.'),
    traffic(108, stagingSearch, {}, 'Staging is rolled back.'),
    traffic(112, mail, {}, 'Mail is delivered again: all is well, until the story begins anew.'),
  ],
};
