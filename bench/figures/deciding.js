/** What a cycle over 10,000 targets decides for four dashboards costs, and for how long it holds up everything else. */
import { amount, limitRow, median, ratioRow } from '../table.js';

const rounds = 3;
/** In which nothing else has its turn. */
const pieceMsMax = 100;
const environments = 10;
const dashboards = 4;

const steps = [
  { name: 'first', status: 0, isNew: true },
  { name: 'healthy', status: 0, isNew: true },
  { name: 'the same points again', status: 0, isNew: false },
  { name: 'everything opens', status: 1, isNew: true },
  { name: 'open, nothing new', status: 1, isNew: true },
];

export async function decidingFigure(workshop) {
  const runs = { large: [], small: [] };
  for (let round = 0; round < rounds; round++) {
    runs.large.push(await run(workshop, 1_000));
    runs.small.push(await run(workshop, 100));
  }
  const of = (size, { name }, figure) => median(runs[size].map((taken) => taken[name][figure]));
  return steps.slice(1).flatMap((step) => {
    const figure = `deciding, ${step.name}`;
    const tenfold = 10 * of('small', step, 'cycleMs');
    const later = amount(of('large', step, 'anyPieceMs'), 'ms');
    return [
      ratioRow(`${figure}: CPU`, of('large', step, 'cycleMs'), tenfold, 'ms', 'ten times 1,000 targets'),
      limitRow(
        `${figure}: longest piece`,
        of('large', step, 'pieceMs'),
        pieceMsMax,
        'ms',
        `with the deliveries that follow ${later}`,
      ),
    ];
  });
}

async function run(workshop, services) {
  const deciding = workshop.startTool('deciding', { services, environments, dashboards, steps });
  const code = await deciding.ended;
  if (code !== 0) throw new Error(deciding.printed.stderr);
  return JSON.parse(deciding.printed.stdout);
}
