/** `/api/services`: each service by itself. Keys and their order are those of seed 000. */
import { limits } from '../../model/limits.ts';
import { averageText, writeCounted } from './counted-json.ts';
import { JsonBytes } from './json-bytes.ts';
import { type Counted, largest } from './largest.ts';
import { idsEnd, other } from './names.ts';
import { pathsShown, ServicePaths } from './service-paths.ts';
import type { Totals } from './totals.ts';
import type { Window } from './window.ts';

export function servicesJson({ totals, services, paths }: Window): Buffer {
  const all = totals.services();
  const shown = largest(all, limits.namesShown, services, 0);
  const rest = restOf(all, shown);
  const servicePaths = new ServicePaths(totals, shown.ids);
  const pathsMax = pathsShown(servicePaths.sizes);
  const json = new JsonBytes();
  json.raw('{');
  for (let i = 0; i < shown.ids.length; i++) {
    const id = shown.ids[i] as number;
    const isRest = id === other;
    const members = isRest ? rest : [id];
    if (i > 0) json.raw(',');
    json.name(services, id);
    json.raw(':{"total_requests":');
    json.count(shown.counts[i] as number);
    json.raw(',"unique_ips":');
    json.count(isRest ? distinctIps(totals, rest) : totals.ipsOf(id));
    json.raw(`,"avg_latency":${averageText(totals.meanLatencyMs(members))},"paths":`);
    const counted = isRest ? servicePaths.rest : servicePaths.of(i);
    const left = json.length < limits.pathsShownBytes ? pathsMax : 0;
    writeCounted(json, largest(counted, left, paths, totals.pathless(members)), paths);
    json.raw('}');
  }
  json.raw('}\n');
  return json.done();
}

/** Those that are shown as `other`. */
function restOf(all: Counted, shown: Counted): Uint16Array {
  if (!shown.ids.includes(other)) return new Uint16Array(0);
  const isShown = marked(shown.ids);
  return all.ids.filter((id) => id === other || isShown[id] === 0);
}

function distinctIps({ ipsOfServices }: Totals, services: Uint16Array): number {
  const isOne = marked(services);
  const isSeen = new Uint8Array(idsEnd);
  let count = 0;
  ipsOfServices.each((service, ip) => {
    if (isOne[service] === 0 || isSeen[ip] === 1) return;
    isSeen[ip] = 1;
    count++;
  });
  return count;
}

function marked(ids: Uint16Array): Uint8Array {
  const marks = new Uint8Array(idsEnd);
  for (let i = 0; i < ids.length; i++) marks[ids[i] as number] = 1;
  return marks;
}
