/**
 * The whole chain in one process on loopback: the traffic of a shop, sent through the client library to a
 * collector, whose flags and expressions a reporter asks for, and two dashboards that it tells: a status page,
 * whose incidents it opens and closes, and one that only takes reports.
 */
import { randomBytes } from 'node:crypto';
import type { Client } from '../client/client.ts';
import type { Chance } from '../model/chance.ts';
import type { Clock } from '../model/clock.ts';
import type { Reading } from '../model/reading.ts';
import type { DemoSettings } from './configuration.ts';
import { type Dashboard, startDashboard } from './dashboard.ts';
import { greet } from './greeting.ts';
import { openNumbers } from './numbers.ts';
import { startPage } from './page-server.ts';
import { Readings } from './readings.ts';
import { startScenario } from './scenario.ts';
import { startStatusPage } from './status-page.ts';
import { story } from './story.ts';
import { startTraffic } from './traffic.ts';
import { look } from './view.ts';
import { viewStatusPage } from './view-status-page.ts';

type DemoDaemon = {
  readonly stop: () => Promise<void>;
  readonly collectorUrl: string | undefined;
  /** Where the reporter tells how it is doing. */
  readonly telemetryUrl: string | undefined;
};

export type DemoParts = {
  /** Of the page; 0: a free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly print: (text: string) => void;
  /** A collector and a reporter in one; `hear` is told each reading. */
  readonly startDaemon: (settings: DemoSettings, hear: (reading: Reading) => void) => Promise<DemoDaemon>;
  /** What the shop sends its requests with. */
  readonly openClient: (collectorUrl: string) => Pick<Client, 'send' | 'stats' | 'close'>;
};

export type Demo = { readonly url: string; readonly stop: () => Promise<void> };

const keep = 4_000;

export async function startDemo(parts: DemoParts): Promise<Demo> {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    return { url: await start(parts, (end) => stops.push(end)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns the URL of the page */
async function start(parts: DemoParts, onStop: (end: () => Promise<void> | void) => void): Promise<string> {
  const { port, clock, chance, print } = parts;
  const [secret, statusPageSecret] = [newSecret(), newSecret()];
  const targets = story.cast.map(({ target }) => target);
  const dashboard = await startDashboard({ clock, keep, secret });
  onStop(dashboard.stop);
  const statusPage = await startStatusPage({ clock, keep, secret: statusPageSecret, targets });
  onStop(statusPage.stop);

  const readings = new Readings();
  const urls = { dashboardUrl: dashboard.url, statusPageUrl: statusPage.url };
  const settings = { ...urls, secret, statusPageSecret, targets };
  const daemon = await parts.startDaemon(settings, (reading) => readings.hear(reading, clock.now()));
  onStop(daemon.stop);
  const { collectorUrl, telemetryUrl } = daemon;
  if (collectorUrl === undefined) throw new Error('the collector of the demo does not listen');

  const client = parts.openClient(collectorUrl);
  onStop(client.close);
  const traffic = startTraffic(story.cast, { clock, chance, send: client.send });
  onStop(traffic.stop);
  const scenario = startScenario(story, {
    clock,
    speed: 1,
    apply: (change) => {
      // Nobody may be looking, and the status page forgets.
      statusPage.account();
      if (change.type === 'traffic') traffic.set(change.target, change.traffic);
      else if (change.type === 'page') statusPage.become(change.becomes);
      else statusPage.act(change.act);
    },
  });
  onStop(scenario.stop);

  const readNumbers = openNumbers(collectorUrl, clock);
  const view = async () => {
    const numbers = await readNumbers();
    const seen = await viewStatusPage(statusPage, statusPageSecret);
    return look({
      nowMs: clock.now(),
      story,
      position: scenario.position(),
      readings,
      numbers,
      measured: client.stats().sent,
      statusPage: seen,
      ...seenBy(dashboard),
    });
  };
  const links = { ...urls, collectorUrl, telemetryUrl };
  const page = await startPage({ port, clock }, { view, links, settings });
  onStop(page.stop);
  print(greet({ pageUrl: page.url, ...links }, story));
  return page.url;
}

function seenBy({ requests, accepted }: Dashboard) {
  const posts = requests.filter(({ method }) => method === 'POST');
  return { posts, stored: accepted.at(-1)?.id ?? 0 };
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
