/**
 * The page's script: fetches the page again and puts in place only what changed, so that
 * an open request stays open and a screen reader hears only news. Pauses when hidden.
 */
export const pageScript = `
'use strict';
const everyMs = Number(document.body.dataset.refreshMs);
const reachable = 'a, summary';
const waitMs = 10_000;
const gone = document.getElementById('gone');
let timer;
let isAsking = false;

function put(now, next) {
  if (now.outerHTML === next.outerHTML) return;
  if (next.hasAttribute('data-list')) return putList(now, next);
  const open = now.querySelector('details')?.open ?? now.open;
  const focused = [...now.querySelectorAll(reachable)].indexOf(document.activeElement);
  now.replaceWith(next);
  const details = next.matches('details') ? next : next.querySelector('details');
  if (details && open) details.open = true;
  if (focused !== -1) next.querySelectorAll(reachable)[focused]?.focus({ preventScroll: true });
}

function putList(now, next) {
  const known = new Map([...now.children].map((child) => [child.id, child]));
  const wanted = [...next.children];
  wanted.forEach((child, i) => {
    const old = known.get(child.id);
    known.delete(child.id);
    if (!old) {
      child.classList.add('fresh');
      now.insertBefore(child, now.children[i] ?? null);
    } else {
      if (now.children[i] !== old) now.insertBefore(old, now.children[i] ?? null);
      if (!same(old, child)) put(old, child);
    }
  });
  for (const gone of known.values()) if (!gone.open) gone.remove();
}

function same(old, child) {
  const copy = old.cloneNode(true);
  copy.classList.remove('fresh');
  if (copy.className === '') copy.removeAttribute('class');
  for (const details of [copy, ...copy.querySelectorAll('details')]) details.removeAttribute('open');
  return copy.outerHTML === child.outerHTML;
}

async function refresh() {
  clearTimeout(timer);
  if (document.hidden || isAsking) return;
  isAsking = true;
  try {
    const answer = await fetch(location.pathname, { cache: 'no-store', signal: AbortSignal.timeout(waitMs) });
    if (!answer.ok) throw new Error('no page');
    show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    gone.hidden = true;
  } catch {
    gone.hidden = false;
    document.title = gone.textContent;
  }
  isAsking = false;
  if (!document.hidden) timer = setTimeout(refresh, everyMs);
}

function show(page) {
  for (const details of page.querySelectorAll('details')) details.removeAttribute('open');
  for (const next of page.querySelectorAll('[data-live]')) {
    const now = document.getElementById(next.id);
    if (now) put(now, document.importNode(next, true));
  }
  document.querySelector('link[rel=icon]').href = page.querySelector('link[rel=icon]').getAttribute('href');
  document.title = page.title;
}

document.addEventListener('visibilitychange', refresh);
timer = setTimeout(refresh, everyMs);
`;
