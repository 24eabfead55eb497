/** The style of the page of availability, whole: it stands in the page itself. */
import { baseStyle } from '../pages/style.ts';

export const uptimeStyle = `${baseStyle}
.period { overflow-wrap: anywhere; }
.banner { margin-bottom: 1rem; }
.uptime .facts { grid-column: 1 / -1; }
.uptime .facts span { white-space: nowrap; }
.uptime .bars { grid-row: 2; }
.uptime .told { display: block; grid-column: 2; grid-row: 1; text-align: right; }
.uptime .word { font-variant-numeric: tabular-nums; }
.bars .bm { fill: var(--link); }
.foot p + p { margin-top: .25rem; }
.more { padding: .75rem 1.25rem; border-top: 1px solid var(--line); }
@media (min-width: 40rem) {
  .service.uptime { grid-template-columns: minmax(0, 12rem) minmax(0, 1fr) 9rem; gap: .125rem 1.25rem; }
  .uptime .bars { grid-row: 1; }
  .uptime .told { grid-column: 3; }
  .uptime .facts { grid-column: 2 / -1; }
}
@media (max-width: 30rem) { .more { padding-left: 1rem; padding-right: 1rem; } }
@media print {
  body { background: none; }
  .uptime { break-inside: avoid; }
  .bars path, .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
