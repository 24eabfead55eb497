/** What was sent: every request to the dashboard with its token, decoded and verified, its body and its answer. */
import { type Html, html } from '../pages/html.ts';
import { drawWord } from '../pages/mark.ts';
import { drawTime } from '../pages/time.ts';
import type { RequestView } from './view.ts';

export function drawRequests(requests: readonly RequestView[], nowMs: number): Html {
  return html`<section class="card sent" aria-labelledby="sent-title">
<header><h2 id="sent-title">What was sent</h2><span class="muted small">newest first; open one to see all of it</span></header>
<div id="sent" data-live data-list>${requests.length === 0 ? drawNone() : requests.map((request, i) => drawRequest(request, i === 0, nowMs))}</div>
</section>`;
}

function drawNone(): readonly Html[] {
  return [
    html`<p class="empty" id="sent-none">Nothing yet: every service is healthy, and what is healthy is not reported.</p>`,
  ];
}

function drawRequest(request: RequestView, isNewest: boolean, nowMs: number): Html {
  const { number, timeMs, method, path, service, environment, attempt, body, answer } = request;
  const retry = attempt > 1 ? html`<span class="chip">attempt ${attempt}</span>` : undefined;
  const open = isNewest ? 'open' : '';
  return html`<details class="request" id="request-${number}" ${open}>
<summary id="request-${number}-summary">${drawTime(timeMs, nowMs)}<span class="about">${service} <span class="muted">${environment}</span> ${drawLevel(request)}</span><code>${method} ${path}</code><span class="chips">${retry}${drawToken(request)}${drawAnswer(request)}</span></summary>
<div class="parts">
<div><h3>Token: header and claims</h3>${drawClaims(request)}</div>
<div><h3>Body</h3><pre>${pretty(body)}</pre></div>
<div><h3>Answer ${request.answered}</h3><pre>${pretty(answer ?? '(none)')}</pre></div>
</div>
</details>`;
}

function drawLevel({ token }: RequestView): Html | undefined {
  const status = token.claims?.['status'];
  return status === 1 || status === 2 || status === 3 ? drawWord(status) : undefined;
}

function drawToken({ token }: RequestView): Html {
  return token.verified
    ? html`<span class="chip good">token verified ✓</span>`
    : html`<span class="chip bad">token refused ✗</span>`;
}

function drawAnswer({ answered }: RequestView): Html {
  const tone = answered !== undefined && answered < 300 ? 'good' : 'bad';
  return html`<span class="chip ${tone}">${answered ?? 'no answer'}</span>`;
}

function drawClaims({ token }: RequestView): Html {
  if (!token.header) return html`<pre>${token.problem ?? 'no token'}</pre>`;
  return html`<pre>${JSON.stringify(token.header, null, 2)}</pre><pre>${JSON.stringify(token.claims, null, 2)}</pre>`;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text.slice(0, 2_000);
  }
}
