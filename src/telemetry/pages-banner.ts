/**
 * Two states that are easily taken for one: how the reporter itself is, and how the services are
 * that it reports about. A healthy reporter reports an outage; an ill one shows old news. How a
 * collector is that runs beside it, or alone, is a third.
 */
import { drawBanner } from '../pages/banner.ts';
import { type Html, html } from '../pages/html.ts';
import { headline, type Tone, toneOf, worstOf } from '../pages/level.ts';
import { countOf } from '../pages/number.ts';
import { summaryOf } from '../pages/summary.ts';
import { drawTime } from '../pages/time.ts';
import type { Health } from './health.ts';
import type { Observations } from './observations.ts';
import { standingsOf } from './pages-standing.ts';
import type { CollectorView, View } from './pages-view.ts';

const namesMax = 6;
const reasonsMax = 6;

export function drawState({ seen, reporter, collector }: View): Html {
  const banners = [
    ...(reporter ? [drawReporterState(reporter), drawServicesState(seen, reporter)] : []),
    ...(collector ? [drawCollectorState(collector)] : []),
  ];
  return html`<div role="status"><div class="state" id="state" data-live>${banners}</div></div>`;
}

/** For the tab: the worst of all. */
export function toneOfAll({ seen, reporter, collector }: View): Tone {
  const tones = [
    ...(reporter ? [stateOf(reporter).tone, toneOf(worstOf(standingsOf(seen)))] : []),
    ...(collector ? [stateOf(collector.health).tone] : []),
  ];
  return (['outage', 'degraded', 'none'] as const).find((tone) => tones.includes(tone)) ?? 'ok';
}

export function titleOf({ seen, reporter, collector }: View): string {
  const parts = [
    ...(reporter ? [headline(standingsOf(seen)), `reporter ${reporter.status}`] : []),
    ...(collector ? [`collector ${collector.health.status}`] : []),
  ];
  const title = parts.join(' · ');
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
}

function drawReporterState(health: Health): Html {
  const { headline: says, tone } = stateOf(health);
  const details = drawReasons(health, 'It polls in time, and no delivery is failing.');
  return drawBanner({ tone, about: 'Reporter', headline: says, details });
}

function drawServicesState(seen: Observations, health: Health): Html {
  const standings = standingsOf(seen);
  return drawBanner({
    tone: toneOf(worstOf(standings)),
    about: 'Services',
    headline: headline(standings),
    details: html`${summaryOf(standings, namesMax)}${drawAge(seen, health)}`,
  });
}

function drawCollectorState({ facts, health }: CollectorView): Html {
  const { headline: says, tone } = stateOf(health);
  const isAnswered = facts.sources.length > 0 && facts.sources.every(({ state }) => state === 'ok');
  const well = `It takes what is pushed${isAnswered ? ', and every source answers' : ''}.`;
  return drawBanner({ tone, about: 'Collector', headline: says, details: drawReasons(health, well) });
}

function stateOf({ status, reasons }: Health): { readonly headline: string; readonly tone: Tone } {
  if (status === 'healthy') return { headline: 'Healthy', tone: 'ok' };
  if (status === 'unhealthy') return { headline: 'Unhealthy', tone: 'outage' };
  const isStarting = reasons.every(({ reason }) => reason === 'starting');
  return isStarting ? { headline: 'Starting', tone: 'none' } : { headline: 'Degraded', tone: 'degraded' };
}

function drawReasons({ reasons }: Health, well: string): Html {
  if (reasons.length === 0) return html`${well}`;
  const shown = reasons.slice(0, reasonsMax).map(({ detail }) => html`<li>${sentence(detail)}</li>`);
  const others = reasons.length - shown.length;
  const more =
    others > 0
      ? html`<li>And ${countOf(others, 'other reason')}: <a href="/health">/health</a></li>`
      : undefined;
  return html`<ul>${shown}${more}</ul>`;
}

/** What is not read any more is not how things are. */
function drawAge({ cycle, clock }: Observations, { reasons }: Health): Html | undefined {
  if (!cycle || !reasons.some(({ reason }) => reason === 'cycle_late')) return undefined;
  return html`<br>This is old: the newest cycle ended at ${drawTime(cycle.atMs, clock.now())}.`;
}

function sentence(detail: string): string {
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
}
