/** The style sheet of the telemetry's pages alone. */
export const telemetryStyle = `
.name, .target .who span, .deliveries .to, .links a, .state li { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 12; overflow: hidden; min-width: 0; overflow-wrap: anywhere; }
nav { display: flex; gap: 1rem; margin-right: auto; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
nav a[aria-current] { color: var(--text); font-weight: 600; text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: .35em; }

.state { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); margin-bottom: 1rem; }
@media (min-width: 48rem) { .state { grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); } }
.state .banner { align-items: flex-start; padding: 1.125rem 1.25rem 1.25rem; }
.state .mark { margin-top: 1.5rem; }
.about { display: block; }

.columns { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
@media (min-width: 62rem) { .columns { grid-template-columns: minmax(0, 5fr) minmax(0, 3fr); } }
.sections { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }

.roll { padding-bottom: .5rem; }
.roll .word { min-width: 7.25rem; }
.roll li { display: flex; gap: 1rem; justify-content: space-between; align-items: baseline; padding: .5rem 1.25rem; border-top: 1px solid var(--line); }
.links li { display: flex; flex-direction: column; align-items: flex-start; padding: .5rem 1.25rem .625rem; border-top: 1px solid var(--line); }
.links img { margin-top: .5rem; max-width: 100%; }
.more { padding: .75rem 1.25rem; border-top: 1px solid var(--line); }

.target .facts { grid-column: 1 / -1; overflow-wrap: anywhere; }
@media (min-width: 40rem) {
  .service.target { grid-template-columns: minmax(0, 12rem) minmax(0, 1fr) 15rem; gap: 0 1.25rem; }
  .target .who, .target .bars { grid-row: 1 / span 2; }
  .target .told { grid-row: 1; align-self: end; }
  .target .facts { grid-column: 3; grid-row: 2; align-self: start; }
}

.figures { display: grid; gap: 1px; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); padding: 0 1.25rem 1.125rem; }
.figures > div { padding: .25rem 0; min-width: 0; }
.figures dt { font-size: .875rem; color: var(--muted); }
.figures dd { overflow-wrap: anywhere; }
.figures .number { font-size: 1.25rem; line-height: 1.4; font-weight: 600; letter-spacing: -.005em; }
.figures .note { font-size: .875rem; color: var(--muted); padding-right: .75rem; font-variant-numeric: tabular-nums; }

.peer { display: grid; grid-template-columns: minmax(0, 1fr); align-items: end; padding: 0 1.25rem 1.25rem; gap: .25rem 1.5rem; }
.peer .figures { padding: 0; align-self: start; }
@media (min-width: 56rem) { .peer { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
.latency span { white-space: nowrap; }
.latency b { color: var(--text); font-variant-numeric: tabular-nums; }
.spark { display: block; width: 100%; height: 3.5rem; margin-top: .375rem; }
.spark path { vector-effect: non-scaling-stroke; fill: none; }
.spark .base { stroke: var(--line); stroke-width: 1; }
.spark .most { fill: var(--link); opacity: .18; }
.spark .mean { stroke: var(--link); stroke-width: 1.5; stroke-linejoin: round; }
.spark .hit { pointer-events: all; }
.spark .hit:hover { fill: var(--link); opacity: .25; }
.dashboard { border-top: 1px solid var(--line); }
.dashboard-head { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; align-items: baseline; padding: .875rem 1.25rem .5rem; }

.deliveries li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .75rem; align-items: baseline; padding: .5rem 1.25rem; border-top: 1px solid var(--line); }
.deliveries .empty { display: block; border-top: 0; }
.deliveries time { order: 2; color: var(--muted); font-size: .875rem; }
.deliveries .name { order: 1; flex: 1 1 60%; }
.deliveries .said { order: 3; display: flex; flex-wrap: wrap; gap: 0 .5rem; align-items: baseline; }
.deliveries .answer { order: 4; }
.deliveries .to { order: 5; flex: 0 0 100%; font-size: .875rem; }
.deliveries .chip { white-space: normal; }
@media (min-width: 48rem) {
  .deliveries li { display: grid; gap: 0 1rem; grid-template-columns: minmax(4.5rem, auto) minmax(0, 5fr) minmax(0, 6fr) minmax(0, 3fr) minmax(0, 6fr); }
  .deliveries li > :is(time, .name, .said, .to, .answer) { order: 0; }
  .deliveries .to { font-size: 1rem; }
}

.table { width: 100%; table-layout: fixed; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.table :is(th, td) { padding: .5rem 0 .5rem .75rem; border-top: 1px solid var(--line); text-align: right; vertical-align: baseline; font-weight: 400; overflow-wrap: anywhere; }
.table :is(th, td):first-child { padding-left: 1.25rem; text-align: left; }
.table :is(th, td):last-child { padding-right: 1.25rem; }
.table thead th { padding-top: 0; border-top: 0; font-size: .875rem; color: var(--muted); vertical-align: bottom; }
.table .name { -webkit-line-clamp: 2; }
.table .why { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.by-service th:first-child { width: 36%; }
.by-service th:last-child { width: 18%; }
.by-source th:first-child { width: 46%; }
.by-source th:nth-child(2) { width: 22%; }
.table + .foot { padding: .75rem 1.25rem 1rem; border-top: 1px solid var(--line); }
.command { margin: .75rem 0 0; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 6px; background: var(--soft); color: var(--text); white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  .table, .table :is(thead, tbody) { display: block; }
  .table tr { display: grid; gap: 0 .75rem; grid-template-columns: repeat(4, minmax(0, 1fr)); align-items: baseline; padding: .5rem 1.25rem; border-top: 1px solid var(--line); }
  .by-source tr { grid-template-columns: minmax(0, 2fr) repeat(2, minmax(0, 1fr)); }
  .table thead tr { padding-top: 0; border-top: 0; align-items: end; }
  .table tr > :nth-child(n) { width: auto; padding: 0; border: 0; }
  .table thead th { font-size: .8125rem; }
  .table tr > :first-child { grid-column: 1 / -1; }
  .table thead tr > :first-child { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .by-service tr > :nth-child(2), .by-source tr > :nth-child(2) { text-align: left; }
}

@media (max-width: 30rem) {
  .table tr { padding-left: 1rem; padding-right: 1rem; gap: 0 .375rem; }
  .by-service tr { grid-template-columns: 5fr 4fr 3.6fr 4.1fr; }
  .table td { font-size: .875rem; }
  .table + .foot { padding-left: 1rem; padding-right: 1rem; }
  .roll li { gap: .5rem; }
  .roll .word { min-width: 6.95rem; }
  .roll li, .links li, .more, .figures, .peer, .dashboard-head, .deliveries li { padding-left: 1rem; padding-right: 1rem; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .25rem 1rem; }
  .peer .figures { padding: 0; }
  .figures .number { font-size: 1.125rem; }
}
`;
