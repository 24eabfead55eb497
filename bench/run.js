/**
 * Measures the program against peers and limits, all in one run.
 *
 * `npm run bench` takes every figure but those of `onlyNamed`, `npm run bench -- memory soak` those that are named.
 * Rates swing on a shared machine, so the ratios count, and nothing here fails a build.
 */
import { aggregateFigure } from './figures/aggregate.js';
import { awayFigure } from './figures/away.js';
import { cpuFigure } from './figures/cpu.js';
import { cycleFigure } from './figures/cycle.js';
import { decidingFigure } from './figures/deciding.js';
import { floodFigure } from './figures/flood.js';
import { ingestFigure } from './figures/ingest.js';
import { memoryFigure } from './figures/memory.js';
import { queriesFigure } from './figures/queries.js';
import { soakFigure } from './figures/soak.js';
import { startFigure } from './figures/start.js';
import { telemetryFigure } from './figures/telemetry.js';
import { tokenFigure } from './figures/token.js';
import { windowFigure } from './figures/window.js';
import { machineLine, printRows } from './table.js';
import { openWorkshop } from './workshop.js';

const figures = {
  cycle: cycleFigure,
  deciding: decidingFigure,
  cpu: cpuFigure,
  memory: memoryFigure,
  start: startFigure,
  token: tokenFigure,
  telemetry: telemetryFigure,
  ingest: ingestFigure,
  window: windowFigure,
  aggregate: aggregateFigure,
  queries: queriesFigure,
  flood: floodFigure,
  soak: soakFigure,
  away: awayFigure,
};

/** Long, or in need of Debian's servers. */
const onlyNamed = new Set(['soak', 'flood', 'ingest', 'queries', 'away', 'deciding']);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(figures, name));
if (unknown.length > 0) {
  console.error(`no such figure: ${unknown.join(', ')}; there are: ${Object.keys(figures).join(', ')}`);
  process.exitCode = 64;
} else {
  await measure(asked.length > 0 ? asked : Object.keys(figures).filter((name) => !onlyNamed.has(name)));
}

async function measure(names) {
  const workshop = await openWorkshop();
  const startedMs = performance.now();
  const rows = [];
  try {
    for (const name of names) {
      console.error(`${Math.round((performance.now() - startedMs) / 1000)} s: ${name}`);
      rows.push(...(await figures[name](workshop)));
    }
  } finally {
    await workshop.close();
  }
  printRows(rows);
  console.log(`\n${machineLine()}; ${Math.round((performance.now() - startedMs) / 1000)} s.`);
}
