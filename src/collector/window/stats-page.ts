/** `/api/stats`: everything in the window, added up. Keys and their order are those of seed 000. */
import { rfc3339 } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import { averageText, writeCounted } from './counted-json.ts';
import { goDuration } from './go-duration.ts';
import { JsonBytes } from './json-bytes.ts';
import { type Counted, largest } from './largest.ts';
import type { Names } from './names.ts';
import type { TimeRange, Window } from './window.ts';

export function statsJson(window: Window, nowMs: number): Buffer {
  const { totals } = window;
  const json = new JsonBytes();
  const services = totals.services();
  json.raw('{"total_requests":');
  json.count(window.count);
  json.raw(',"requests_by_service":');
  writeLargest(json, services, window.services);
  json.raw(',"requests_by_ip":');
  writeLargest(json, totals.ips.counted(), window.ips);
  json.raw(',"requests_by_path":');
  writeLargest(json, totals.paths.counted(), window.paths);
  json.raw(`,"average_latency_ms":${averageText(totals.meanLatencyMs(services.ids))}`);
  const statuses = totals.statuses().map(([status, count]) => `"${status}":${count}`);
  json.raw(`,"status_code_counts":{${statuses.join(',')}}`);
  json.raw(`,"unique_ips":${totals.ips.distinct}`);
  json.raw(`,"time_range":"${timeRangeText(window.timeRange())}"`);
  json.raw(`,"last_updated":"${rfc3339(nowMs)}"}\n`);
  return json.done();
}

function writeLargest(json: JsonBytes, counted: Counted, names: Names): void {
  writeCounted(json, largest(counted, limits.namesShown, names, 0), names);
}

/** Whole seconds: the range is the difference of the two times that are written. */
function timeRangeText(range: TimeRange | undefined): string {
  if (!range) return 'no metrics';
  const seconds = Math.floor(range.toMs / 1_000) - Math.floor(range.fromMs / 1_000);
  return `${rfc3339(range.fromMs)} to ${rfc3339(range.toMs)} (${goDuration(1_000 * seconds)})`;
}
