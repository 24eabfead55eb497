/** The style sheet of the demo's page alone: one column on a phone, two on a desk. */
export const demoStyle = `
.story { margin: 1rem 0; padding: 1rem 1.25rem 1.125rem; }
.story-head { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; align-items: baseline; }
.story-says { font-size: 1.0625rem; margin: .125rem 0 .625rem; }
progress { appearance: none; display: block; width: 100%; height: 4px; border: 0; border-radius: 2px; background: var(--line); overflow: hidden; margin-bottom: .5rem; }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--link); }
progress::-moz-progress-bar { background: var(--link); }

.columns { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
@media (min-width: 62rem) { .columns { grid-template-columns: minmax(0, 5fr) minmax(0, 3.5fr); } }

.account { margin: 0 0 1rem; }
.account dl { display: grid; gap: 1px; grid-template-columns: repeat(2, minmax(0, 1fr)); }
@media (min-width: 48rem) { .account dl { grid-template-columns: repeat(4, minmax(0, 1fr)); } }
.account dl > div { display: flex; flex-direction: column; padding: .875rem 1.25rem 1rem; }
.account dt { font-weight: 600; }
.account .number { order: -1; font-size: 1.75rem; line-height: 1.2; font-weight: 600; }

.components { display: grid; gap: .125rem; padding: 0 1.25rem 1rem; }
.components li { display: flex; gap: .5rem; justify-content: space-between; overflow-wrap: anywhere; }
.incidents-head { padding: .625rem 1.25rem .5rem; border-top: 1px solid var(--line); font-weight: 600; }
.incident h4 { margin: 0; font-size: 1rem; }
.incident { padding: .875rem 1.25rem; border-top: 1px solid var(--line); }
.incident-head { display: flex; flex-wrap: wrap; gap: 0 .75rem; justify-content: space-between; align-items: baseline; }
.incident ol { margin: .375rem 0 0; }
.incident li { display: flex; gap: .625rem; align-items: baseline; font-size: .875rem; }
.incident time { color: var(--muted); }

.service .why { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; min-width: 0; }
@media (min-width: 40rem) { .service .why { grid-column: 2 / -1; } }
.numbers { font-variant-numeric: tabular-nums; }
.why details { min-width: 0; }
.why details[open] { flex: 1 0 100%; }
.why summary { display: flex; gap: .5rem; align-items: baseline; }
.why summary:hover { background: var(--soft); }
.why code { overflow-wrap: anywhere; }
.why li { margin-top: .25rem; padding: .375rem .625rem; background: var(--soft); border-radius: 8px; }

.chain { display: grid; gap: .5rem 1rem; grid-template-columns: minmax(0, 1fr); padding: 0 1.25rem 1.125rem; }
@media (min-width: 48rem) { .chain { grid-template-columns: repeat(5, minmax(0, 1fr)); } }
.chain li { position: relative; padding: .625rem .875rem; background: var(--soft); border-radius: 8px; }
.chain b { font-variant-numeric: tabular-nums; }
.chain a, .chain code { overflow-wrap: anywhere; }

.sent { margin-top: 1rem; }
.request { border-top: 1px solid var(--line); }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: ""; width: .4375rem; height: .4375rem; border: solid var(--muted); border-width: 0 1.5px 1.5px 0; transform: translateY(-2px) rotate(-45deg); flex: none; }
[open] > summary::before { transform: translateY(-3px) rotate(45deg); }
.request summary { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; padding: .6875rem 1.25rem; }
.request summary:hover { background: var(--soft); }
.request .about { flex: 1 1 7rem; overflow-wrap: anywhere; }
.request .word { margin-left: .375rem; font-size: .875rem; }
.request code { color: var(--muted); }
.request .chips { display: flex; flex-wrap: wrap; gap: .375rem; }
.request time { color: var(--muted); }
.parts { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); padding: .25rem 1.25rem 1.25rem; }
@media (min-width: 48rem) { .parts { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
.parts h3 { margin: 0 0 .375rem; font-size: .8125rem; font-weight: 600; color: var(--muted); }
pre { margin: 0; padding: .75rem .875rem; background: var(--soft); border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
pre + pre { margin-top: .5rem; }

@media (max-width: 30rem) {
  .incident, .incidents-head, .components, .account dl > div, .request summary, .parts, .story { padding-left: 1rem; padding-right: 1rem; }
}
`;
