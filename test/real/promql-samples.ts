/** Samples of a shop with everything that is hard for a query: odd values, gaps, restarts, what ends and begins. */
import { type Draw, drawing } from '../chance.ts';

export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timeMs: number;
};

/** Across the border of two blocks of Prometheus, which begin at even hours. */
export const endMs = Date.parse('2025-06-01T12:40:00Z');
export const startMs = endMs - 5_400_000;
const stepMs = 15_000;

type Shape = {
  /** How late samples come, at most. */
  readonly jitterMs: number;
  /** Part of the time from 0 to 1, without any. */
  readonly silent?: readonly (readonly [from: number, to: number])[];
  readonly value: (index: number, draw: Draw) => number;
};

type Labels = Sample['labels'];

const jobs = ['api', 'web', 'mail'];
const instances = ['a:80', 'b:80', 'c:80'];

/** In the order of time for each series. */
export function shopSamples(): readonly Sample[] {
  const draw = drawing(5);
  const samples: Sample[] = [];
  const add = (name: string, labels: Labels, { jitterMs, silent = [], value }: Shape) => {
    const count = (endMs - startMs) / stepMs;
    for (let index = 0; index < count; index++) {
      const made = value(index, draw);
      const timeMs = startMs + index * stepMs + draw(jitterMs + 1);
      const at = index / count;
      if (!silent.some(([from, to]) => at >= from && at < to))
        samples.push({ name, labels, value: made, timeMs });
    }
  };
  for (const [j, job] of jobs.entries()) {
    for (const [i, instance] of instances.entries()) {
      if (job === 'mail' && instance === 'c:80') continue;
      addOf(add, { job, instance }, j, i);
    }
  }
  addOdd(add);
  return samples;
}

type Add = (name: string, labels: Labels, shape: Shape) => void;

function addOf(add: Add, labels: Labels, j: number, i: number): void {
  // Most are silent for longer than a value lasts; some end, some begin late.
  const silent = [
    [],
    [[0.3, 0.42]],
    [[0.6, 1]],
    [[0, 0.5]],
    [
      [0.2, 0.24],
      [0.7, 0.8],
    ],
  ] as const;
  const shape = { jitterMs: 200 * i, silent: silent[(2 * j + i) % silent.length] ?? [] };
  for (const code of ['200', '500']) {
    const rises = counting(code === '200' ? 40 : 3, 60 + 20 * i);
    add('requests_total', { ...labels, code }, { ...shape, value: rises });
  }
  if (i < 2) add('errors_total', labels, { ...shape, jitterMs: 0, value: counting(5, 200) });
  add(
    'queue',
    { ...labels, Zone: j === 0 ? 'north' : 'south' },
    { ...shape, value: (_, draw) => draw(50) - 5 },
  );
  add('load', labels, { ...shape, value: (index, draw) => Math.sin(index / 20 + i) * 3 + draw(1_000) / 977 });
  add('up', labels, { jitterMs: 0, value: (_, draw) => (draw(20) === 0 ? 0 : 1) });
}

/** Begins anew every so often, and not at once at 0. */
function counting(risesBelow: number, restartsAfter: number): Shape['value'] {
  let count = 0;
  return (index, draw) => {
    count = index % restartsAfter === restartsAfter - 1 ? draw(3) : count + draw(risesBelow);
    return count;
  };
}

function addOdd(add: Add): void {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e308, -1e308, 5e-324];
  add('odd', { kind: 'mixed' }, { jitterMs: 0, value: (index, draw) => odd[draw(40)] ?? index / 7 });
  add('odd', { kind: 'nan' }, { jitterMs: 0, value: () => Number.NaN });
  add('odd', { kind: 'plus' }, { jitterMs: 0, value: () => Number.POSITIVE_INFINITY });
  add(
    'odd',
    { kind: 'minus' },
    { jitterMs: 0, value: (index) => (index % 3 === 0 ? -7.25 : Number.NEGATIVE_INFINITY) },
  );
  add('odd', { kind: 'huge' }, { jitterMs: 0, value: (index) => (index % 2 === 0 ? 1e300 : 1 + index) });
  // A point lies exactly at both ends of any window of whole minutes.
  add('exact', { kind: 'whole' }, { jitterMs: 0, value: (index) => index });
  // Seldom enough that there is less than a value, or just one, in most windows.
  add('rare', { kind: 'é "x"\\' }, { jitterMs: 0, silent: every(0.06), value: (index) => index / 3 });
  // Two names whose other labels are the same, one after the other, and at once.
  add('first', { job: 'api' }, { jitterMs: 0, silent: [[0.4, 1]], value: (index) => index });
  add('second', { job: 'api' }, { jitterMs: 0, silent: [[0, 0.6]], value: (index) => -index });
  add('second', { job: 'web' }, { jitterMs: 0, value: (index) => -index });
  add('third', { job: 'web' }, { jitterMs: 0, value: (index) => index * 0.1 });
}

/** All of the time but a point of each such part. */
function every(part: number): readonly (readonly [number, number])[] {
  return Array.from(
    { length: Math.ceil(1 / part) },
    (_, index) => [index * part + 0.003, (index + 1) * part] as const,
  );
}

/** As promtool reads them. */
export function openMetrics(samples: readonly Sample[]): string {
  const lines = samples.map(({ name, labels, value, timeMs }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
    return `${name}{${pairs.join(',')}} ${numberText(value)} ${timeMs / 1_000}`;
  });
  return `${lines.join('\n')}\n`;
}

/** As `POST /api/samples` reads it; JSON is written by hand, for it would lose the sign of 0. */
export function pushed({ name, labels, value, timeMs }: Sample): string {
  const told = Number.isFinite(value) ? numberText(value) : JSON.stringify(numberText(value));
  const rest = JSON.stringify({ name, labels, timestamp: new Date(timeMs).toISOString() });
  return `${rest.slice(0, -1)},"value":${told}}`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
