/** Latencies as a small chart, in words, and as a table for those who do not see it. */
import { type Html, html } from '../pages/html.ts';
import { countOf } from '../pages/number.ts';
import { latencyText } from '../pages/time.ts';

type Point = {
  readonly meanMs: number;
  readonly maxMs: number;
  /** When, or which. */
  readonly label: string;
};

export type Chart = {
  /** What a point is: `cycle`. */
  readonly unit: string;
  readonly points: readonly Point[];
  readonly pointsMax: number;
};

const pitch = 8;
const height = 48;
/** Above the highest point. */
const air = 2;

export function drawLatency({ unit, points, pointsMax }: Chart): Html {
  if (points.length === 0) return html`<p class="muted small">No ${unit} has been timed yet.</p>`;
  const { minMs, meanMs, maxMs } = extremesOf(points);
  const words = html`Latency of the last ${countOf(points.length, unit)}: <span>min <b>${latencyText(minMs)}</b></span> · <span>mean <b>${latencyText(meanMs)}</b></span> · <span>max <b>${latencyText(maxMs)}</b></span>`;
  return html`<figure class="latency"><figcaption class="muted small">${words}</figcaption>${drawChart(points, pointsMax, maxMs)}${drawTable(unit, points)}</figure>`;
}

function extremesOf(points: readonly Point[]): { minMs: number; meanMs: number; maxMs: number } {
  let [minMs, sumMs, maxMs] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const point of points) {
    minMs = Math.min(minMs, point.meanMs);
    sumMs += point.meanMs;
    maxMs = Math.max(maxMs, point.maxMs);
  }
  return { minMs, meanMs: sumMs / points.length, maxMs };
}

/** The mean as a line, the longest as what is filled beneath it; the newest on the right. */
function drawChart(points: readonly Point[], pointsMax: number, maxMs: number): Html {
  const width = pointsMax * pitch;
  const left = width - points.length * pitch;
  const y = (ms: number) => Number((height - (ms / Math.max(maxMs, 1e-9)) * (height - air)).toFixed(1));
  const steps = (value: (point: Point) => number) =>
    points
      .map((point, i) => `${i === 0 ? 'M' : 'L'}${left + i * pitch} ${y(value(point))}h${pitch}`)
      .join('');
  const area = `${steps(({ maxMs: most }) => most)}V${height}H${left}z`;
  const areas = points.map((point, i) => {
    const says = `${point.label}: ${latencyText(point.meanMs)}${isRange(point) ? `, at most ${latencyText(point.maxMs)}` : ''}`;
    return html`<path class="hit" d="M${left + i * pitch} 0h${pitch}v${height}h-${pitch}z"><title>${says}</title></path>`;
  });
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true"><path class="base" d="M0 ${height}H${width}"/><path class="most" d="${area}"/><path class="mean" d="${steps(({ meanMs }) => meanMs)}"/>${areas}</svg>`;
}

function isRange({ meanMs, maxMs }: Point): boolean {
  return latencyText(meanMs) !== latencyText(maxMs);
}

function drawTable(unit: string, points: readonly Point[]): Html {
  const rows = points.map(
    ({ label, meanMs, maxMs }) =>
      html`<tr><td>${label}</td><td>${latencyText(meanMs)}</td><td>${latencyText(maxMs)}</td></tr>`,
  );
  return html`<div class="hidden"><table><caption>Latency by ${unit}</caption><thead><tr><th scope="col">When</th><th scope="col">Mean</th><th scope="col">Longest</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
