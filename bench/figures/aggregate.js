/** The page of aggregates that seed 002 allows 50 ms for. */
import { limitRow } from '../table.js';

export async function aggregateFigure(workshop) {
  const tool = workshop.startTool('aggregate', { series: 15, points: 5_760 });
  const code = await tool.ended;
  if (code !== 0) throw new Error(tool.printed.stderr);
  const { ms, stored } = JSON.parse(tool.printed.stdout);
  return [limitRow(`/metrics/aggregated, ${stored} points of 15 series`, ms, 2, 'ms')];
}
