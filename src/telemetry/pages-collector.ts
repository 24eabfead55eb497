/** What the collector holds, took and refused. */

import type { CollectorFacts } from '../model/collector-facts.ts';
import { type Html, html } from '../pages/html.ts';
import type { Tone } from '../pages/level.ts';
import { drawToned } from '../pages/mark.ts';
import { countText } from '../pages/number.ts';
import { spanText } from '../pages/time.ts';
import type { Health } from './health.ts';
import { type Counted, countedText, drawFigures, type Figure, sumOf } from './pages-figures.ts';
import type { CollectorView } from './pages-view.ts';

export function drawCollector({ facts, health }: CollectorView): Html {
  return html`<section class="card" aria-labelledby="collector-title" id="collector" data-live>
<header><h2 id="collector-title">Collector</h2>${drawToned(tones[health.status], health.status)}</header>
${drawFigures(figuresOf(facts))}
</section>`;
}

const tones: Readonly<Record<Health['status'], Tone>> = {
  healthy: 'ok',
  degraded: 'degraded',
  unhealthy: 'outage',
};

function figuresOf(facts: CollectorFacts): readonly Figure[] {
  const { metrics, metricsMax, historyMs, accepted, evicted, series, seriesMax, points, pointsMax } = facts;
  const refused = refusedOf(facts);
  return [
    {
      about: 'Metrics',
      value: countText(metrics),
      note: `pushed in the last ${spanText(historyMs)}; room for ${countText(metricsMax)}`,
    },
    { about: 'Accepted', value: countText(accepted), note: 'since the start' },
    { about: 'Refused', value: countText(sumOf(refused)), note: countedText(refused) || 'none' },
    {
      about: 'Pushed out',
      value: countText(evicted),
      note: evicted > 0 ? 'the window was full: the oldest went' : 'there was room for all',
    },
    { about: 'Series', value: countText(series), note: `room for ${countText(seriesMax)}` },
    { about: 'Points', value: countText(points), note: `of all series; room for ${countText(pointsMax)}` },
  ];
}

/** Most often first. */
function refusedOf({ refused }: CollectorFacts): readonly Counted[] {
  return Array.from(refused, ([word, count]) => ({ word, count }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}
