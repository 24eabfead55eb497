/** What both pages have around them. */
import type { Frame } from '../pages/frame.ts';
import { type Html, html } from '../pages/html.ts';
import type { View } from './pages-view.ts';

export const refreshMs = 5_000;
export const gone =
  'cloudmon-reporter does not answer any more. What is below is how things were at the time above.';

const pages = [
  ['/', 'Overview'],
  ['/debug/metrics', 'Details'],
] as const;

export function drawNav(current: (typeof pages)[number][0]): Html {
  const links = pages.map(([path, name]) =>
    path === current
      ? html`<a href="${path}" aria-current="page">${name}</a>`
      : html`<a href="${path}">${name}</a>`,
  );
  return html`<nav aria-label="Pages">${links}</nav>`;
}

/** To what the reader came for. */
export function skipOf({ reporter }: View): Frame['skip'] {
  return reporter
    ? { to: 'targets-title', text: 'Skip to the targets' }
    : { to: 'services-title', text: 'Skip to the services' };
}
