/** What the style sheets of all pages begin with: colours, cards, the banner, marks and bars, light or dark as the reader has it. */
export const baseStyle = `
:root {
  color-scheme: light dark;
  --page: #f6f8fa; --card: #ffffff; --line: #d1d9e0; --soft: #f6f8fa;
  --text: #1f2328; --muted: #59636e;
  --ok: #1a7f37; --degraded: #9a6700; --outage: #cf222e; --link: #0969da; --none: #6e7781;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #010409; --card: #0d1117; --line: #30363d; --soft: #161b22;
    --text: #e6edf3; --muted: #9198a1;
    --ok: #3fb950; --degraded: #d29922; --outage: #f85149; --link: #58a6ff; --none: #6e7681;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
.wrap { max-width: 72rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
h1, h2, h3, p, ol, ul, dl, dd, figure { margin: 0; padding: 0; }
ol, ul { list-style: none; }
h1 { font-size: 1.0625rem; font-weight: 600; }
h2 { font-size: 1.0625rem; font-weight: 600; }
h3 { font-size: 1rem; font-weight: 600; }
a { color: var(--link); text-underline-offset: .2em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
[hidden] { display: none; }
code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .8125rem; }
time, .number { font-variant-numeric: tabular-nums; }
.muted { color: var(--muted); }
.small { font-size: .875rem; }
.hidden {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap;
}
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }

.top { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; justify-content: space-between; margin-bottom: 1.25rem; }
.gone { margin-bottom: 1rem; padding: .75rem 1.25rem; border-color: var(--outage); color: var(--outage); font-weight: 600; }

.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.card > header { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; align-items: baseline; padding: 1rem 1.25rem .75rem; }
.card > .foot { padding: .75rem 1.25rem 1rem; border-top: 1px solid var(--line); }

.banner { display: flex; gap: 1rem; align-items: center; padding: 1.375rem 1.25rem; border-left-width: 6px; overflow-wrap: anywhere; }
.banner > div { min-width: 0; }
.banner .mark { width: 2rem; height: 2rem; flex: none; }
.banner strong { display: block; font-size: 1.5rem; line-height: 1.25; font-weight: 600; letter-spacing: -.01em; }
.banner.ok { border-left-color: var(--ok); }
.banner.degraded { border-left-color: var(--degraded); }
.banner.outage { border-left-color: var(--outage); }
.banner.none { border-left-color: var(--none); }

.mark { width: .8125rem; height: .8125rem; flex: none; fill: currentColor; }
.word { display: inline-flex; gap: .5rem; align-items: baseline; font-weight: 600; white-space: nowrap; }
.word .mark { align-self: center; }
.ok > .mark { color: var(--ok); }
.word.ok { font-weight: 400; }
.degraded > .mark, .word.degraded { color: var(--degraded); }
.outage > .mark, .word.outage { color: var(--outage); }
.none > .mark, .word.none { color: var(--muted); }

.service { display: grid; gap: .375rem 1rem; grid-template-columns: minmax(0, 1fr) auto; padding: .8125rem 1.25rem; border-top: 1px solid var(--line); align-items: baseline; }
.service .bars { grid-column: 1 / -1; }
.name { overflow-wrap: anywhere; font-weight: 600; }
.name .muted { font-weight: 400; }
.service .percent { text-align: right; white-space: nowrap; color: var(--muted); font-variant-numeric: tabular-nums; }
@media (min-width: 40rem) {
  .service { grid-template-columns: minmax(0, 8.5rem) minmax(0, 1fr) 12.75rem; align-items: center; }
  .service .bars { grid-column: 2; grid-row: 1; }
  .service .told { grid-column: 3; }
  .service .who { grid-row: 1; }
}
.told { display: grid; grid-template-columns: auto 4.25rem; gap: .5rem; justify-content: end; align-items: baseline; }
@media (min-width: 40rem) { .told { grid-template-columns: 1fr 4.25rem; } }
.who span { display: block; overflow-wrap: anywhere; }
.bars { display: block; width: 100%; height: 2rem; }
.bars path { fill: var(--none); pointer-events: all; }
.bars .b0 { fill: var(--ok); }
.bars .b1 { fill: var(--degraded); }
.bars .b2, .bars .b3 { fill: var(--outage); }
.bars .bn { fill: none; stroke: var(--none); stroke-width: 1; vector-effect: non-scaling-stroke; }
.bars .be { fill: var(--line); }
.bars path:hover { opacity: .7; }

.chip { display: inline-block; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .8125rem; line-height: 1.375rem; color: var(--muted); white-space: nowrap; }
.chip.now { color: var(--text); border-color: currentColor; }
.chip.good { color: var(--ok); border-color: currentColor; }
.chip.bad { color: var(--outage); border-color: currentColor; }
.empty { padding: .25rem 1.25rem 1.25rem; color: var(--muted); }
.page-foot { margin-top: 1.5rem; }

@media (max-width: 30rem) {
  .wrap { padding: 1.25rem .75rem 3rem; }
  .banner strong { font-size: 1.25rem; }
  .card > header, .card > .foot, .service, .banner, .gone, .empty { padding-left: 1rem; padding-right: 1rem; }
}
@media (prefers-reduced-motion: no-preference) {
  .fresh { animation: arrive .6s ease-out; }
  @keyframes arrive { from { opacity: 0; transform: translateY(-4px); } }
}
@media (forced-colors: active) { .bars path, .mark { forced-color-adjust: none; } }
`;
