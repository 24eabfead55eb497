/**
 * How available everything was, as one page that stands alone: it asks for nothing, runs nothing and can
 * be sent to somebody as a file.
 */
import { createHash } from 'node:crypto';
import { rfc3339 } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import { drawBanner } from '../pages/banner.ts';
import { Html, html } from '../pages/html.ts';
import type { Tone } from '../pages/level.ts';
import { drawIcon, drawToned } from '../pages/mark.ts';
import { countOf, countText } from '../pages/number.ts';
import { type Availability, availabilityRule, type Report, shareUp, type Tally } from './availability.ts';
import { dayLegend, drawDayBars, drawDayTable } from './uptime-bars.ts';
import { uptimeStyle } from './uptime-style.ts';
import { hoursText, percentText } from './uptime-text.ts';

export function uptimePage(report: Report): string {
  const targets = [...report.targets].sort((a, b) => rank(a) - rank(b));
  const name = monthName(report.month);
  const worst = toneOfAll(targets);
  const icon = `data:image/svg+xml,${encodeURIComponent(drawIcon(worst))}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Availability in ${name}</title>
<link rel="icon" href="${icon}">
${new Html(`<style>${uptimeStyle}</style>`)}
</head>
<body>
<a class="skip" href="#targets">Skip to the targets</a>
<div class="wrap">
<header class="top"><h1>Availability in ${name}</h1>${drawPeriod(report)}</header>
<main>
${drawBanner({ tone: worst, headline: headlineOf(targets), details: detailsOf(targets) })}
<section class="card" aria-labelledby="targets-title">
<header><h2 id="targets-title">Targets</h2><span class="muted small">lowest availability first</span></header>
<ol id="targets" tabindex="-1">${targets.slice(0, limits.uptimeTargetsShown).map((target) => drawTarget(target, report))}</ol>
${drawMore(targets.length - limits.uptimeTargetsShown)}<div class="foot muted small"><p>${dayLegend}</p><p>${availabilityRule}</p></div>
</section>
</main>
<footer class="page-foot muted small">${footOf(report)}</footer>
</div>
</body>
</html>
`.text;
}

/** The only style is the page's own. A page that is a file has no header that could say so. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(uptimeStyle).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

function monthName(month: string): string {
  const [year, number] = month.split('-');
  return `${monthNames[Number(number) - 1]} ${year}`;
}

function drawPeriod({ fromMs, toMs, timeZone, isUnderWay }: Report): Html {
  const [from, to] = [rfc3339(fromMs), rfc3339(toMs)];
  const end = isUnderWay
    ? html`now, <time datetime="${to}">${to}</time>`
    : html`<time datetime="${to}">${to}</time>`;
  return html`<span class="muted small period">${hoursText(toMs - fromMs)} in ${timeZone}: <time datetime="${from}">${from}</time> to ${end}</span>`;
}

function drawTarget({ service, environment, tally, days }: Availability, report: Report): Html {
  const name = html`<bdi>${service}</bdi> <span class="muted"><bdi>${environment}</bdi></span>`;
  const caption = `${service} (${environment}), day by day`;
  const share = shareUp(tally);
  const percent = share === undefined ? 'no data' : percentText(share);
  return html`<li class="service uptime"><h3 class="name who">${name}</h3>${drawDayBars(days, report)}<div class="told">${drawToned(toneOf(tally), percent)}</div><p class="facts muted small">${factsOf(tally)}</p>${drawDayTable(caption, days)}</li>
`;
}

function factsOf(tally: Tally): Html[] {
  const { degraded, outage, critical, maintenance, noData } = tally;
  const facts = [
    ['Outage', outage + critical],
    ['degraded', degraded],
    ['maintenance', maintenance],
    ['no data', noData],
  ] as const;
  const shown = facts.filter(([, ms], at) => at === 0 || ms > 0);
  return shown.map(([word, ms], at) => {
    const dot = at < shown.length - 1 ? ' ·' : '';
    return html`<span>${word} ${hoursText(ms)}${dot}</span> `;
  });
}

function drawMore(count: number): Html | undefined {
  if (count <= 0) return undefined;
  return html`<p class="more small">And ${countOf(count, 'more target')} with a higher availability: <code>--service</code> and <code>--environment</code> choose which are shown, <code>--format csv</code> has all of them.</p>
`;
}

function headlineOf(targets: readonly Availability[]): string {
  const ill = targets.filter(({ tally }) => tally.outage + tally.critical > 0).length;
  if (ill > 0) return `Outages of ${countText(ill)} of ${countOf(targets.length, 'target')}`;
  return toneOfAll(targets) === 'none' ? 'No data' : 'No outage';
}

function detailsOf(targets: readonly Availability[]): Html | string {
  const [lowest] = targets;
  const share = lowest && shareUp(lowest.tally);
  if (!lowest || share === undefined) return 'Nothing is known of any target.';
  return html`Lowest availability: ${percentText(share)}, <bdi>${lowest.service}</bdi> (<bdi>${lowest.environment}</bdi>)`;
}

function toneOf({ healthy, degraded, outage, critical }: Tally): Tone {
  if (outage + critical > 0) return 'outage';
  if (degraded > 0) return 'degraded';
  return healthy > 0 ? 'ok' : 'none';
}

function toneOfAll(targets: readonly Availability[]): Tone {
  const tones = targets.map(({ tally }) => toneOf(tally));
  return (['outage', 'degraded', 'ok'] as const).find((tone) => tones.includes(tone)) ?? 'none';
}

/** Those of which nothing counts come last. */
function rank({ tally }: Availability): number {
  return shareUp(tally) ?? 2;
}

function footOf({ damagedCount, isUnderWay }: Report): string {
  const underWay = isUnderWay ? 'The month is under way: what has passed counts. ' : '';
  const damage =
    damagedCount === 0 ? '' : `${countOf(damagedCount, 'line')} of the history could not be read. `;
  return `${underWay}${damage}Made by cloudmon-reporter from its history.`;
}
