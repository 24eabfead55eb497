/** The account in four numbers: what was opened and closed on the status page, and how often too often. */
import { type Html, html } from '../pages/html.ts';
import { countOf, countText, timesOf } from '../pages/number.ts';
import type { StatusPageView } from './view-status-page.ts';

export function drawAccount({ told, failed }: StatusPageView): Html {
  const { opened, worsened, eased, closed, again, touched, left } = told;
  const changes = worsened + eased;
  const changed = changes === 0 ? '' : `; changed ${timesOf(changes)} since`;
  const despite = failed === 0 ? 'whatever goes wrong' : `although ${countOf(failed, 'request')} failed`;
  const covered = left === 0 ? 'theirs stay theirs' : `although they covered ours ${timesOf(left)}`;
  return html`<section class="card account" aria-labelledby="account-title">
<h2 class="hidden" id="account-title">Told to the status page</h2>
<dl id="account" data-live>
${drawNumber(opened, 'incidents opened', `one request each${changed}`)}
${drawNumber(closed, 'incidents closed', 'one request each, by the machine that opened them')}
${drawNumber(again, 'sent twice', despite)}
${drawNumber(touched, 'humans’ incidents changed', covered)}
</dl>
</section>`;
}

function drawNumber(count: number, name: string, note: string): Html {
  return html`<div><dt>${name}</dt><dd class="number">${countText(count)}</dd><dd class="small muted">${note}</dd></div>
`;
}
