/** The first page: whether things are fine, at one glance, and where to look further. */
import { drawFrame } from '../pages/frame.ts';
import { type Html, html } from '../pages/html.ts';
import { drawState, titleOf, toneOfAll } from './pages-banner.ts';
import { drawCollector } from './pages-collector.ts';
import { drawLinks } from './pages-links.ts';
import { drawNav, gone, refreshMs, skipOf } from './pages-nav.ts';
import { drawServices } from './pages-services.ts';
import { drawSources } from './pages-sources.ts';
import { drawTargetList } from './pages-targets.ts';
import type { View } from './pages-view.ts';

export function drawIndex(view: View): string {
  const { seen, version, reporter, isServer } = view;
  const what = isServer
    ? html`Metrics come in at <code>/api/ingest</code>.`
    : html`Everything here is read-only.`;
  const same = reporter
    ? html` The same as data: <a href="/api/targets">/api/targets</a>`
    : html` The same numbers for machines: <a href="/metrics">/metrics</a>`;
  return drawFrame({
    title: `${titleOf(view)} · cloudmon-reporter`,
    tone: toneOfAll(view),
    refreshMs,
    nowMs: seen.clock.now(),
    heading: html`cloudmon-reporter <span class="muted">${version}</span>`,
    nav: drawNav('/'),
    skip: skipOf(view),
    gone,
    main: html`${drawState(view)}
<div class="columns">
<div class="sections">
${reporter && drawTargetList(seen)}
${drawCollected(view)}
</div>
${drawLinks(view)}
</div>`,
    foot: html`${what}${same}`,
  });
}

function drawCollected({ collector, isServer }: View): readonly Html[] {
  if (!collector) return [];
  const { facts } = collector;
  return [drawServices(facts, isServer), drawSources(facts), drawCollector(collector)];
}
