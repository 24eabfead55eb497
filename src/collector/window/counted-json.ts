/** Numbers of the window as the first collector wrote them. */
import type { JsonBytes } from './json-bytes.ts';
import type { Counted } from './largest.ts';
import type { Names } from './names.ts';

/** Digits behind the point of an average. */
const averageDigits = 6;

/** An object: each name with its count. */
export function writeCounted(json: JsonBytes, { ids, counts }: Counted, names: Names): void {
  json.raw('{');
  for (let i = 0; i < ids.length; i++) {
    if (i > 0) json.raw(',');
    json.name(names, ids[i] as number);
    json.raw(':');
    json.count(counts[i] as number);
  }
  json.raw('}');
}

/** 0 where there is none, as the first collector has it. */
export function averageText(mean: number | undefined): string {
  return String(Number((mean ?? 0).toFixed(averageDigits)));
}
