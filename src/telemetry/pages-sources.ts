/** What the collector asks for metrics, and how that goes, or how to name the first source. */

import type { CollectorFacts, SourceFacts } from '../model/collector-facts.ts';
import { type Html, html } from '../pages/html.ts';
import type { Tone } from '../pages/level.ts';
import { drawToned } from '../pages/mark.ts';
import { countOf, countText } from '../pages/number.ts';
import { latencyText } from '../pages/time.ts';
import { drawName } from './pages-name.ts';
import { drawTable } from './pages-table.ts';

const sourcesMax = 50;

export function drawSources({ sources }: CollectorFacts): Html {
  return html`<section class="card" aria-labelledby="sources-title">
<header><h2 id="sources-title">Sources</h2><span class="muted small">what is asked for metrics</span></header>
<div id="sources" data-live>${sources.length === 0 ? drawNone() : drawRows(sources)}</div>
</section>`;
}

const columns = ['Source', 'State', 'Took', 'Samples'] as const;

/** Those that do not answer first. */
function drawRows(sources: readonly SourceFacts[]): Html {
  const shown = [...sources].sort((a, b) => ranks[b.state] - ranks[a.state]).slice(0, sourcesMax);
  const rows = shown.map((source) => [
    html`${drawName(source.name)}${drawReason(source)}`,
    drawToned(tones[source.state], source.state),
    source.durationMs === undefined ? '–' : latencyText(source.durationMs),
    source.samples === undefined ? '–' : countText(source.samples),
  ]);
  const others = sources.length - shown.length;
  const more =
    others > 0
      ? html`<p class="more small">And ${countOf(others, 'more source')}, none of them worse: <a href="/metrics">/metrics</a> has all of them.</p>`
      : undefined;
  const table = drawTable({ name: 'by-source', titleId: 'sources-title', columns, rows });
  const legend = sources.some(({ state }) => state === 'paused')
    ? html`<p class="foot muted small">Paused: it failed again and again, and is asked once a minute until it answers.</p>`
    : undefined;
  return html`${table}${more}${legend}`;
}

const ranks: Readonly<Record<SourceFacts['state'], number>> = { ok: 0, waiting: 1, failing: 2, paused: 3 };

const tones: Readonly<Record<SourceFacts['state'], Tone>> = {
  ok: 'ok',
  waiting: 'none',
  failing: 'degraded',
  paused: 'outage',
};

/** Of one that answers, the newest failure is over. */
function drawReason({ state, reason, detail }: SourceFacts): Html | undefined {
  if (state === 'ok' || reason === undefined) return undefined;
  const words = reason.replaceAll('_', ' ');
  return html`<span class="why muted small">${detail === undefined ? words : `${words}: ${detail}`}</span>`;
}

function drawNone(): Html {
  return html`<div class="empty"><p>No source is configured. This one tells about the host; others read exporters and JSON:</p><pre class="command"><code>collector:
  sources:
    - type: node</code></pre></div>`;
}
