/** The story that the demo tells: two minutes in the life of a shop, then again. */
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
  | { readonly type: 'page'; readonly becomes: PageMood }
  | { readonly type: 'human'; readonly act: HumanAct };

/** The status page answers 503 to everything, or takes the next change and loses its answer. */
export type PageMood = 'well' | 'away' | 'forgetful';

/** What a human does on the status page: an incident of theirs, about one service. */
export type HumanAct =
  | { readonly does: 'open'; readonly service: string; readonly title: string; readonly impact: 1 | 2 | 3 }
  | { readonly does: 'close'; readonly service: string };

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

function page(seconds: number, becomes: PageMood, says: string): Step {
  return { atMs: seconds * 1000, says, change: { type: 'page', becomes } };
}

function human(seconds: number, act: HumanAct, says: string): Step {
  return { atMs: seconds * 1000, says, change: { type: 'human', act } };
}

export const story: Story = {
  durationMs: 120_000,
  cast: [checkout, payments, search, accounts, media, mail, stagingCheckout, stagingSearch],
  steps: [
    traffic(2, search, { latencyMs: 900 }, 'Search gets slow: degraded. An incident is opened.'),
    traffic(12, payments, { errorShare: 1, latencyMs: 15 }, 'Payments stops answering: an outage.'),
    traffic(
      22,
      payments,
      { errorShare: 1, latencyMs: 3_000 },
      'Payments loses its database too: critical. Its incident gets worse.',
    ),
    traffic(28, search, {}, 'Search is fast again: its incident is closed.'),
    page(34, 'away', 'The status page answers 503 to everything. The other dashboard hears all the same.'),
    traffic(
      36,
      payments,
      { latencyMs: 800 },
      'Payments is back, but slow: degraded. The reporter tries again and again.',
    ),
    page(46, 'well', 'The status page is back, and soon hears how things are now.'),
    human(
      56,
      { does: 'open', service: 'mail', title: 'Letters may arrive late', impact: 1 },
      'A human opens an incident about Mail. It is theirs: no machine will change or close it.',
    ),
    traffic(60, payments, {}, 'Payments is healthy: its incident is closed.'),
    traffic(
      66,
      media,
      { perSecond: 0 },
      'Nobody measures Media any more: no data. That opens nothing and closes nothing.',
    ),
    page(70, 'forgetful', 'The status page will take the next report, and lose its answer.'),
    traffic(
      72,
      checkout,
      { latencyMs: 700 },
      'Checkout gets slow: degraded. The reporter looks before it tells again: nothing is doubled.',
    ),
    traffic(
      82,
      checkout,
      { latencyMs: 700, errorShare: 0.25 },
      'Checkout loses one order in four: an outage.',
    ),
    traffic(86, media, {}, 'Media is measured again, and healthy.'),
    traffic(
      90,
      mail,
      { latencyMs: 8_000 },
      'Mail queues up: degraded. The human’s incident says so already, and is left alone.',
    ),
    traffic(
      93,
      stagingSearch,
      { errorShare: 0.9 },
      'A bad build reaches Search in staging: an outage. The public is not told about staging.',
    ),
    traffic(98, checkout, {}, 'Checkout is healthy: its incident is closed.'),
    traffic(102, mail, {}, 'Mail is delivered again. The human’s incident stays open: only they close it.'),
    traffic(105, stagingSearch, {}, 'Staging is rolled back.'),
    human(
      113,
      { does: 'close', service: 'mail' },
      'The human closes their incident: all is well, until the story begins anew.',
    ),
  ],
};
