/** The window of pushed metrics: memory of a metric, and how long its pages take as it grows. */
import { limitRow } from '../table.js';

const sizes = [10_000, 100_000, 1_000_000];

export async function windowFigure(workshop) {
  const measured = [];
  // Each in a process of its own: what another one leaves would be counted.
  for (const size of sizes) measured.push(await measure(workshop, size));
  const [small, middle, large] = measured;
  const name = ({ size }) => `${size.toLocaleString('en')} metrics`;
  return [
    ...[middle, large].map((each) => limitRow(`memory of a metric, ${name(each)}`, each.bytes, 32, 'B')),
    ...[small, middle, large].flatMap((each) => [
      limitRow(`/api/stats, ${name(each)}`, each.statsMs, 0.5, 'ms'),
      limitRow(`/api/services, ${name(each)}`, each.servicesMs, 0.5, 'ms'),
    ]),
  ];
}

async function measure(workshop, size) {
  const tool = workshop.startTool('window', { sizes: [size] }, ['--expose-gc']);
  const code = await tool.ended;
  if (code !== 0) throw new Error(tool.printed.stderr);
  return JSON.parse(tool.printed.stdout)[0];
}
