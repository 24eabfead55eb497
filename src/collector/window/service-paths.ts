/**
 * The paths of the services that a page lists.
 *
 * The pairs of service and path are walked through once for all services together and dealt out, so that
 * no list for each service has to be kept up while metrics come and go.
 */
import { limits } from '../../model/limits.ts';
import type { Counted } from './largest.ts';
import { idsEnd, other } from './names.ts';
import type { Totals } from './totals.ts';

/** No place in the list. */
const nowhere = 65_535;

export class ServicePaths {
  /** How many each service of the list has. */
  readonly sizes: Uint32Array;
  /** Where those of a service begin, and behind the last where all end. */
  readonly #starts: Uint32Array;
  readonly #ids: Uint16Array;
  readonly #counts: Uint32Array;
  /** Of all services that are not listed. */
  readonly rest: Counted;

  /** @param listed `other` stands for all that are not listed */
  constructor({ pathsOfServices }: Totals, listed: Uint16Array) {
    const places = placesOf(listed);
    const placeOf = (service: number) => places[service] ?? nowhere;
    const sizes = new Uint32Array(listed.length);
    const restCounts = new Uint32Array(listed.includes(other) ? idsEnd : 0);
    pathsOfServices.each((service, path, count) => {
      const place = placeOf(service);
      if (place === nowhere) restCounts[path] = (restCounts[path] as number) + count;
      else sizes[place] = (sizes[place] as number) + 1;
    });
    const starts = new Uint32Array(listed.length + 1);
    for (let i = 0; i < sizes.length; i++) starts[i + 1] = (starts[i] as number) + (sizes[i] as number);
    const ids = new Uint16Array(starts[sizes.length] as number);
    const counts = new Uint32Array(ids.length);
    const ends = starts.slice();
    pathsOfServices.each((service, path, count) => {
      const place = placeOf(service);
      if (place === nowhere) return;
      const at = ends[place] as number;
      ends[place] = at + 1;
      ids[at] = path;
      counts[at] = count;
    });
    this.sizes = sizes;
    this.#starts = starts;
    this.#ids = ids;
    this.#counts = counts;
    this.rest = compact(restCounts);
  }

  /** Of the service at this place of the list. */
  of(place: number): Counted {
    const start = this.#starts[place] as number;
    const end = this.#starts[place + 1] as number;
    return { ids: this.#ids.subarray(start, end), counts: this.#counts.subarray(start, end) };
  }
}

function placesOf(listed: Uint16Array): Uint16Array {
  const most = listed.reduce((sum, id) => Math.max(sum, id), 0);
  const places = new Uint16Array(most + 1).fill(nowhere);
  for (let i = 0; i < listed.length; i++) {
    const id = listed[i] as number;
    if (id !== other) places[id] = i;
  }
  return places;
}

function compact(sums: Uint32Array): Counted {
  const ids = new Uint16Array(sums.length);
  const counts = new Uint32Array(sums.length);
  let length = 0;
  for (let id = 0; id < sums.length; id++) {
    const count = sums[id] as number;
    if (count === 0) continue;
    ids[length] = id;
    counts[length++] = count;
  }
  return { ids: ids.subarray(0, length), counts: counts.subarray(0, length) };
}

/** How many paths of one service are listed, so that all of them together are not too many. */
export function pathsShown(sizes: Uint32Array): number {
  let fits = 0;
  for (let step = 512; step >= 1; step /= 2) {
    const tried = Math.min(fits + step, limits.namesShown);
    let sum = 0;
    for (const size of sizes) sum += Math.min(size, tried);
    if (sum <= limits.pathsShown) fits = tried;
  }
  return fits;
}
