/** The page with everything that the program knows about its work, one snapshot for the whole of it. */

import type { Snapshot } from '../exposition/family.ts';
import { drawFrame } from '../pages/frame.ts';
import { html } from '../pages/html.ts';
import type { Health } from './health.ts';
import type { Observations } from './observations.ts';
import { drawState, titleOf, toneOfAll } from './pages-banner.ts';
import { drawDeliveries } from './pages-deliveries.ts';
import { Figures } from './pages-figures.ts';
import { drawNav, gone, refreshMs } from './pages-nav.ts';
import { drawConvertor, drawDashboards } from './pages-peers.ts';
import { drawProcess, drawReporter } from './pages-reporter.ts';
import { drawTargets } from './pages-targets.ts';

export function drawDebug(seen: Observations, health: Health, snapshot: Snapshot, version: string): string {
  const figures = new Figures(snapshot);
  return drawFrame({
    title: `${titleOf(seen, health)} · cloudmon-reporter details`,
    tone: toneOfAll(seen, health),
    refreshMs,
    nowMs: seen.clock.now(),
    heading: html`cloudmon-reporter <span class="muted">${version}</span>`,
    nav: drawNav('/debug/metrics'),
    skip: { to: 'targets-title', text: 'Skip to the targets' },
    gone,
    main: html`${drawState(seen, health)}
<div class="sections">
${drawReporter(seen, figures)}
${drawTargets(seen)}
${drawConvertor(seen, figures)}
${drawDashboards(seen, figures)}
${drawDeliveries(seen)}
${drawProcess(seen, figures)}
</div>`,
    foot: html`The same numbers for machines: <a href="/metrics">/metrics</a>, <a href="/metrics/json">/metrics/json</a>, <a href="/api/targets">/api/targets</a>`,
  });
}
