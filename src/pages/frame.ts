/**
 * What every page of ours stands in, and the files that it asks for.
 *
 * No page has a style or a script of its own in it: the policy of both listeners forbids that.
 */
import { type Html, html } from './html.ts';
import { type Tone, tones } from './level.ts';
import { drawIcon } from './mark.ts';
import { pageScript } from './script.ts';
import { baseStyle } from './style.ts';
import { clockTime } from './time.ts';

export type Frame = {
  readonly title: string;
  /** Of the picture on the tab. */
  readonly tone: Tone;
  readonly refreshMs: number;
  readonly nowMs: number;
  readonly heading: Html;
  /** Links beside the heading. */
  readonly nav?: Html;
  readonly skip: { readonly to: string; readonly text: string };
  /** What is said when the program does not answer any more. */
  readonly gone: string;
  readonly main: Html;
  readonly foot: Html;
};

export function drawFrame(frame: Frame): string {
  const { title, tone, refreshMs, nowMs, heading, nav, skip, gone, main, foot } = frame;
  const iso = new Date(nowMs).toISOString();
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="/icon-${tone}.svg">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
<noscript><meta http-equiv="refresh" content="5"></noscript>
</head>
<body data-refresh-ms="${refreshMs}">
<a class="skip" href="#${skip.to}">${skip.text}</a>
<div class="wrap">
<header class="top"><h1>${heading}</h1>${nav}
<span class="muted small" id="updated" data-live><time datetime="${iso.slice(0, 19)}Z">${clockTime(nowMs, nowMs)}</time> UTC</span></header>
<div role="alert"><p class="card gone" id="gone" hidden>${gone}</p></div>
<main>
${main}
</main>
<footer class="page-foot muted small">${foot}</footer>
</div>
</body>
</html>
`.text;
}

export type PageFile = { readonly path: string; readonly type: string; readonly body: string };

/** @param style of these pages alone */
export function pageFiles(style: string): readonly PageFile[] {
  return [
    { path: '/page.css', type: 'text/css', body: `${baseStyle}${style}` },
    { path: '/page.js', type: 'text/javascript', body: pageScript },
    ...tones.map((tone) => ({
      path: `/icon-${tone}.svg`,
      type: 'image/svg+xml',
      body: drawIcon(tone),
    })),
  ];
}
