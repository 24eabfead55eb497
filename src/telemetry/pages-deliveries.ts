/** The newest deliveries: what was said to whom, and what was answered. */
import { type Html, html } from '../pages/html.ts';
import { drawWord } from '../pages/mark.ts';
import { drawTime } from '../pages/time.ts';
import type { Observations } from './observations.ts';
import type { SeenDelivery } from './seen.ts';

/** The same said again and answered the same: one line of the timeline. */
type Line = { readonly id: string; readonly newest: SeenDelivery; readonly count: number };

export function drawDeliveries(seen: Observations): Html {
  const nowMs = seen.clock.now();
  const lines = linesOf(seen.deliveries.toArray()).map((line) => drawLine(line, nowMs));
  return html`<section class="card" aria-labelledby="deliveries-title">
<header><h2 id="deliveries-title">Deliveries</h2><span class="muted small">what the dashboards were told and answered, newest first</span></header>
<ol class="deliveries" id="deliveries" data-live data-list>${lines.length === 0 ? drawNone() : lines}</ol>
</section>`;
}

function drawNone(): readonly Html[] {
  return [
    html`<li class="empty" id="delivery-none">None yet: what is healthy, or not known, is not reported.</li>`,
  ];
}

/** Newest first. A line is known again by its first delivery: its time, and its place among those of the same millisecond. */
function linesOf(deliveries: readonly SeenDelivery[]): Line[] {
  const lines = new Map<string, Line>();
  const newest = new Map<string, Line>();
  const counts = new Map<number, number>();
  for (const delivery of deliveries) {
    const { atMs, dashboard, target } = delivery;
    const place = counts.get(atMs) ?? 0;
    counts.set(atMs, place + 1);
    const about = JSON.stringify([dashboard, target.key]);
    const before = newest.get(about);
    const line =
      before && isSaidAgain(before.newest, delivery)
        ? { id: before.id, newest: delivery, count: before.count + 1 }
        : { id: `delivery-${atMs}-${place}`, newest: delivery, count: 1 };
    newest.set(about, line);
    // Deleted first, so that it moves to the end.
    lines.delete(line.id);
    lines.set(line.id, line);
  }
  return [...lines.values()].reverse();
}

function isSaidAgain(before: SeenDelivery, next: SeenDelivery): boolean {
  const isSame = (['type', 'status', 'outcome', 'reason', 'httpStatus'] as const).every(
    (name) => before[name] === next[name],
  );
  return isSame && next.type === 'repeat';
}

function drawLine({ id, newest, count }: Line, nowMs: number): Html {
  const { atMs, target, dashboard, type, status } = newest;
  const times = count > 1 ? ` ${count} times` : '';
  return html`<li id="${id}">${drawTime(atMs, nowMs)}<span class="name"><bdi>${target.service}</bdi> <span class="muted">${target.environment}</span></span><span class="said">${says[type]}${times} ${drawWord(status)}</span><span class="to muted"><bdi>${dashboard}</bdi></span>${drawAnswer(newest)}</li>`;
}

const says: Readonly<Record<SeenDelivery['type'], string>> = {
  open: 'opened as',
  change: 'changed to',
  repeat: 'repeated',
  close: 'closed',
};

const tones: Readonly<Record<SeenDelivery['outcome'], 'good' | 'bad' | ''>> = {
  sent: 'good',
  known: 'good',
  suppressed: '',
  superseded: '',
  rejected: 'bad',
  failed: 'bad',
};

function drawAnswer({ outcome, reason, httpStatus }: SeenDelivery): Html {
  const said = outcome === 'known' ? 'known already' : outcome;
  const why = reason === undefined || reason === outcome ? '' : ` · ${reason.replaceAll('_', ' ')}`;
  const http = httpStatus === undefined ? '' : ` · HTTP ${httpStatus}`;
  return html`<span class="answer"><span class="chip ${tones[outcome]}">${said}${why}${http}</span></span>`;
}
