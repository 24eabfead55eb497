/** The page with everything that the program knows about its work, one snapshot for the whole of it. */

import type { Snapshot } from '../exposition/family.ts';
import { drawFrame } from '../pages/frame.ts';
import { type Html, html } from '../pages/html.ts';
import { drawState, titleOf, toneOfAll } from './pages-banner.ts';
import { drawCollector } from './pages-collector.ts';
import { drawDeliveries } from './pages-deliveries.ts';
import { Figures } from './pages-figures.ts';
import { drawNav, gone, refreshMs, skipOf } from './pages-nav.ts';
import { drawConvertor, drawDashboards } from './pages-peers.ts';
import { drawProcess, drawReporter } from './pages-reporter.ts';
import { drawServices } from './pages-services.ts';
import { drawSources } from './pages-sources.ts';
import { drawTargets } from './pages-targets.ts';
import type { View } from './pages-view.ts';

export function drawDebug(view: View, snapshot: Snapshot): string {
  const { seen, version, reporter, collector } = view;
  const figures = new Figures(snapshot);
  const sections: readonly Html[] = [
    ...(reporter
      ? [
          drawReporter(seen, figures),
          drawTargets(seen),
          drawConvertor(seen, figures),
          drawDashboards(seen, figures),
          drawDeliveries(seen),
        ]
      : []),
    ...(collector
      ? [drawCollector(collector), drawServices(collector.facts, view.isServer), drawSources(collector.facts)]
      : []),
    drawProcess(seen, figures),
  ];
  const targets = reporter && html`, <a href="/api/targets">/api/targets</a>`;
  return drawFrame({
    title: `${titleOf(view)} · cloudmon-reporter details`,
    tone: toneOfAll(view),
    refreshMs,
    nowMs: seen.clock.now(),
    heading: html`cloudmon-reporter <span class="muted">${version}</span>`,
    nav: drawNav('/debug/metrics'),
    skip: skipOf(view),
    gone,
    main: html`${drawState(view)}
<div class="sections">
${sections}
</div>`,
    foot: html`The same numbers for machines: <a href="/metrics">/metrics</a>, <a href="/metrics/json">/metrics/json</a>${targets}`,
  });
}
