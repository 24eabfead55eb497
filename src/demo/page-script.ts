/**
 * The page's script: fetches the page again and puts in place only what changed, so that
 * an open request stays open and a screen reader hears only news. Pauses when hidden.
 */
export const pageScript = `
'use strict';
const everyMs = Number(document.body.dataset.refreshMs);
let timer;

function put(now, next) {
  if (now.outerHTML === next.outerHTML) return;
  if (next.hasAttribute('data-list')) return putList(now, next);
  const open = now.querySelector('details')?.open ?? now.open;
  const focus = now.contains(document.activeElement) ? document.activeElement.id : '';
  now.replaceWith(next);
  const details = next.matches('details') ? next : next.querySelector('details');
  if (details && open) details.open = true;
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
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
  if (document.hidden) return;
  try {
    const answer = await fetch('/', { cache: 'no-store' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const details of page.querySelectorAll('details')) details.removeAttribute('open');
    for (const next of page.querySelectorAll('[data-live]')) {
      const now = document.getElementById(next.id);
      if (now) put(now, document.importNode(next, true));
    }
    document.querySelector('link[rel=icon]').href = page.querySelector('link[rel=icon]').getAttribute('href');
    document.title = page.title;
  } catch {
    document.title = 'The demo has ended';
  }
  timer = setTimeout(refresh, everyMs);
}

document.addEventListener('visibilitychange', refresh);
timer = setTimeout(refresh, everyMs);
`;
