/** The whole chain in one process on loopback: a convertor and a dashboard that tell a story, and a reporter between them. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../model/clock.ts';
import { type Convertor, startConvertor } from './convertor.ts';
import { type Dashboard, startDashboard } from './dashboard.ts';
import type { PageLinks } from './page.ts';
import { startPage } from './page-server.ts';
import { startScenario } from './scenario.ts';
import { type Change, type Story, story, type TargetName } from './story.ts';
import { look } from './view.ts';

export type DemoReporterSettings = {
  readonly convertorUrl: string;
  readonly dashboardUrl: string;
  readonly secret: string;
  readonly pollIntervalSeconds: number;
  readonly targets: readonly { readonly name: string; readonly environment: string }[];
};

type DemoReporter = {
  readonly stop: () => Promise<void>;
  /** Where it tells how it is doing. */
  readonly telemetryUrl: string | undefined;
};

export type DemoParts = {
  /** Of the page; 0: a free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly print: (text: string) => void;
  readonly startReporter: (settings: DemoReporterSettings) => Promise<DemoReporter>;
};

export type Demo = { readonly url: string; readonly stop: () => Promise<void> };

const pollIntervalSeconds = 2;
const keep = 4_000;

export async function startDemo({ port, clock, print, startReporter }: DemoParts): Promise<Demo> {
  const secret = randomBytes(32).toString('base64url');
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const convertor = await startConvertor({ clock, keep, strict: true });
    stops.push(convertor.stop);
    const dashboard = await startDashboard({ clock, keep, secret });
    stops.push(dashboard.stop);
    for (const target of story.targets) setHealth(convertor, target, 0);

    const scenario = startScenario(story, {
      clock,
      speed: 1,
      apply: (change) => apply(change, convertor, dashboard),
    });
    stops.push(scenario.stop);
    const view = () =>
      look({
        nowMs: clock.now(),
        pollIntervalMs: pollIntervalSeconds * 1000,
        story,
        position: scenario.position(),
        polls: convertor.requests,
        posts: dashboard.requests.filter(({ method }) => method === 'POST'),
        accepted: dashboard.accepted,
      });
    const peers = { convertorUrl: convertor.url, dashboardUrl: dashboard.url };
    let reporter: DemoReporter | undefined;
    const links = () => ({ ...peers, telemetryUrl: reporter?.telemetryUrl });
    const page = await startPage({ port, clock }, view, links);
    stops.push(page.stop);
    const targets = story.targets.map(({ service, environment }) => ({ name: service, environment }));
    reporter = await startReporter({ ...peers, secret, pollIntervalSeconds, targets });
    stops.push(reporter.stop);
    print(greeting(page.url, links(), story));
    return { url: page.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function apply(change: Change, convertor: Convertor, dashboard: Dashboard): void {
  if (change.type === 'dashboard') dashboard.fail(change.fault);
  else setHealth(convertor, change.target, change.health, change.flags);
}

/** Every answer names every flag of the target: one that is missing would be an incomplete answer. */
function setHealth(
  convertor: Convertor,
  target: TargetName,
  health: number | 'no data',
  raised: readonly string[] = [],
): void {
  const { service, environment } = target;
  const names = story.steps.flatMap(({ change }) =>
    change.type === 'health' && change.target.service === service ? change.flags : [],
  );
  const flags = Object.fromEntries(
    [`${service}.api_down`, ...names].map((name) => [name, raised.includes(name)]),
  );
  convertor.set(service, environment, health === 'no data' ? { shape: 'H' } : { status: health, flags });
}

function greeting(
  pageUrl: string,
  { convertorUrl, dashboardUrl, telemetryUrl }: PageLinks,
  { steps, durationMs }: Story,
): string {
  const minutes = (ms: number) => `${Math.floor(ms / 60_000)}:${String((ms / 1000) % 60).padStart(2, '0')}`;
  return `
  The demo runs. Open the page: the first incident comes within ten seconds.

    Page       ${pageUrl}
    Convertor  ${convertorUrl}
    Dashboard  ${dashboardUrl}/api/incidents
    Telemetry  ${telemetryUrl}/

  What happens, and again after ${minutes(durationMs)}:

${steps.map(({ atMs, says }) => `    ${minutes(atMs)}  ${says}\n`).join('')}
  On the page, open a request under "What was sent" to see its token, its body and its answer.
  Ctrl+C ends the demo.

`;
}
