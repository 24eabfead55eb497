/** What was sent: every request that told a dashboard something, with its token, decoded and verified, its body and its answer. */
import { type Html, html } from '../pages/html.ts';
import type { Level } from '../pages/level.ts';
import { drawWord } from '../pages/mark.ts';
import { countOf } from '../pages/number.ts';
import { drawTime } from '../pages/time.ts';
import type { Deed } from './account.ts';
import type { Token } from './token.ts';
import type { RequestView, View } from './view.ts';
import type { StatusPageRequest } from './view-status-page.ts';

/** One request, whoever was told. */
type Drawn = {
  readonly id: string;
  readonly timeMs: number;
  readonly about: Html;
  readonly level: Level;
  readonly method: string;
  readonly path: string;
  readonly chips: readonly Html[];
  readonly token: Token | undefined;
  readonly body: string;
  readonly answered: number | undefined;
  readonly answer: string | undefined;
};

export function drawRequests({ statusPage, requests, counts, nowMs }: View): Html {
  const ours = statusPage.requests.map(toStatusPage);
  const others = requests.map(toDashboard);
  return html`<section class="card sent" aria-labelledby="sent-title">
<header><h2 id="sent-title">Sent to the status page</h2><span class="muted small">newest first; open one to see all of it</span></header>
<div id="sent" data-live data-list>${ours.length === 0 ? drawNone('sent-none') : ours.map((request, i) => drawRequest(request, i === 0, nowMs))}</div>
</section>
<section class="card sent" aria-labelledby="reports-title">
<header id="reports-head" data-live><h2 id="reports-title">Sent to a dashboard that cannot close</h2><span class="muted small">told with every poll, so that it knows what goes on: ${countOf(counts.stored, 'report')} so far</span></header>
<div id="reports" data-live data-list>${others.length === 0 ? drawNone('reports-none') : others.map((request) => drawRequest(request, false, nowMs))}</div>
</section>`;
}

function drawNone(id: string): readonly Html[] {
  return [
    html`<p class="empty" id="${id}">Nothing yet: every service is healthy, and what is healthy is not reported.</p>`,
  ];
}

const linesMax = 20;

const deeds: Readonly<Record<Deed, string>> = {
  looked: 'looks first',
  opened: 'opens',
  worsened: 'raises',
  eased: 'lowers',
  split: 'takes apart',
  closed: 'closes',
  left: 'left to the human',
  again: 'again',
  touched: 'changes a human’s',
  refused: 'tries',
};

function toStatusPage(request: StatusPageRequest): Drawn {
  const { number, components, deed } = request;
  const chip = html`<span class="chip ${deed === 'again' || deed === 'touched' ? 'bad' : 'now'}">${deeds[deed]}</span>`;
  const about =
    components.length === 0 ? html`<span class="muted">what is open</span>` : html`${components.join(', ')}`;
  return { ...request, id: `request-${number}`, about, chips: [chip] };
}

function toDashboard(request: RequestView): Drawn {
  const { number, service, environment, attempt, token } = request;
  const status = token.claims?.['status'];
  return {
    ...request,
    id: `report-${number}`,
    about: html`${service} <span class="muted">${environment}</span>`,
    level: status === 1 || status === 2 || status === 3 ? status : undefined,
    chips: attempt > 1 ? [html`<span class="chip">attempt ${attempt}</span>`] : [],
  };
}

function drawRequest(request: Drawn, isNewest: boolean, nowMs: number): Html {
  const { id, timeMs, about, level, method, path, chips, token, body, answered, answer } = request;
  const open = isNewest ? 'open' : '';
  const word = level === undefined ? undefined : drawWord(level);
  return html`<details class="request" id="${id}" ${open}>
<summary id="${id}-summary">${drawTime(timeMs, nowMs)}<span class="about">${about} ${word}</span><code>${method} ${path}</code><span class="chips">${chips}${drawToken(token)}${drawAnswer(answered)}</span></summary>
<div class="parts">
<div><h3>Token: header and claims</h3>${drawClaims(token)}</div>
<div><h3>Body</h3><pre>${body === '' ? '(none)' : pretty(body)}</pre></div>
<div><h3>Answer ${answered}</h3><pre>${pretty(answer ?? '(none)')}</pre></div>
</div>
</details>`;
}

function drawToken(token: Token | undefined): Html | undefined {
  if (!token) return undefined;
  return token.verified
    ? html`<span class="chip good">token verified ✓</span>`
    : html`<span class="chip bad">token refused ✗</span>`;
}

function drawAnswer(answered: number | undefined): Html {
  const tone = answered !== undefined && answered < 300 ? 'good' : 'bad';
  return html`<span class="chip ${tone}">${answered ?? 'no answer'}</span>`;
}

function drawClaims(token: Token | undefined): Html {
  if (!token?.header) return html`<pre>${token?.problem ?? 'no token'}</pre>`;
  return html`<pre>${JSON.stringify(token.header, null, 2)}</pre><pre>${JSON.stringify(token.claims, null, 2)}</pre>`;
}

/** What would be too long is not broken into lines. */
function pretty(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const lines = JSON.stringify(value, null, 2);
    return lines.split('\n').length > linesMax ? JSON.stringify(value) : lines;
  } catch {
    return text.slice(0, 2_000);
  }
}
