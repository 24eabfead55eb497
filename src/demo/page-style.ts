/** The page's style sheet: one column on a phone, two on a desk, light or dark as the reader has it. */
export const pageStyle = `
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
code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .8125rem; }
.muted { color: var(--muted); }
.small { font-size: .875rem; }
.hidden {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap;
}
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }

.top { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; justify-content: space-between; margin-bottom: 1.25rem; }

.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.card > header { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; align-items: baseline; padding: 1rem 1.25rem .75rem; }
.card > .foot { padding: .75rem 1.25rem 1rem; border-top: 1px solid var(--line); }

.banner { display: flex; gap: 1rem; align-items: center; padding: 1.375rem 1.25rem; border-left-width: 6px; }
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

.story { margin: 1rem 0; padding: 1rem 1.25rem 1.125rem; }
.story-head { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; align-items: baseline; }
.story-says { font-size: 1.0625rem; margin: .125rem 0 .625rem; }
progress { appearance: none; display: block; width: 100%; height: 4px; border: 0; border-radius: 2px; background: var(--line); overflow: hidden; margin-bottom: .5rem; }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--link); }
progress::-moz-progress-bar { background: var(--link); }

.columns { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
@media (min-width: 62rem) { .columns { grid-template-columns: minmax(0, 5fr) minmax(0, 3fr); } }

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
.who span { display: block; }
.bars { display: block; width: 100%; height: 2rem; }
.bars rect { fill: var(--none); }
.bars .b0 { fill: var(--ok); }
.bars .b1 { fill: var(--degraded); }
.bars .b2, .bars .b3 { fill: var(--outage); }
.bars .bn { fill: none; stroke: var(--none); stroke-width: 1; }
.bars .be { fill: var(--line); }
.bars g:hover rect { opacity: .7; }

.incident { padding: .875rem 1.25rem; border-top: 1px solid var(--line); }
.incident-head { display: flex; flex-wrap: wrap; gap: 0 .75rem; justify-content: space-between; align-items: baseline; }
.incident ol { margin: .375rem 0 0; }
.incident li { display: flex; gap: .625rem; align-items: baseline; font-size: .875rem; }
.incident time { color: var(--muted); font-variant-numeric: tabular-nums; }
.chip { display: inline-block; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .8125rem; line-height: 1.375rem; color: var(--muted); white-space: nowrap; }
.chip.now { color: var(--text); border-color: currentColor; }
.chip.good { color: var(--ok); border-color: currentColor; }
.chip.bad { color: var(--outage); border-color: currentColor; }
.empty { padding: .25rem 1.25rem 1.25rem; color: var(--muted); }

.chain { display: grid; gap: .5rem 1rem; grid-template-columns: minmax(0, 1fr); padding: 0 1.25rem 1.125rem; }
@media (min-width: 48rem) { .chain { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
.chain li { position: relative; padding: .625rem .875rem; background: var(--soft); border-radius: 8px; }
.chain b { font-variant-numeric: tabular-nums; }
.chain a, .chain code { overflow-wrap: anywhere; }

.sent { margin-top: 1rem; }
.request { border-top: 1px solid var(--line); }
.request summary { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; padding: .6875rem 1.25rem; cursor: pointer; list-style: none; }
.request summary::-webkit-details-marker { display: none; }
.request summary::before { content: ""; width: .4375rem; height: .4375rem; border: solid var(--muted); border-width: 0 1.5px 1.5px 0; transform: translateY(-2px) rotate(-45deg); flex: none; }
.request[open] summary::before { transform: translateY(-3px) rotate(45deg); }
.request summary:hover { background: var(--soft); }
.request .about { flex: 1 1 7rem; overflow-wrap: anywhere; }
.request .word { margin-left: .375rem; font-size: .875rem; }
.request code { color: var(--muted); }
.request .chips { display: flex; flex-wrap: wrap; gap: .375rem; }
.request time { color: var(--muted); font-variant-numeric: tabular-nums; }
.parts { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); padding: .25rem 1.25rem 1.25rem; }
@media (min-width: 48rem) { .parts { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
.parts h3 { margin: 0 0 .375rem; font-size: .8125rem; font-weight: 600; color: var(--muted); }
pre { margin: 0; padding: .75rem .875rem; background: var(--soft); border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
pre + pre { margin-top: .5rem; }
.page-foot { margin-top: 1.5rem; }

@media (max-width: 30rem) {
  .wrap { padding: 1.25rem .75rem 3rem; }
  .banner strong { font-size: 1.25rem; }
  .card > header, .card > .foot, .service, .incident, .request summary, .parts, .story, .banner { padding-left: 1rem; padding-right: 1rem; }
}
@media (prefers-reduced-motion: no-preference) {
  .fresh { animation: arrive .6s ease-out; }
  @keyframes arrive { from { opacity: 0; transform: translateY(-4px); } }
}
@media (forced-colors: active) { .bars rect, .mark { forced-color-adjust: none; } }
`;
