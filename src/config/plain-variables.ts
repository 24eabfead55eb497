/** The variables of seed 000, which say what the `MP_` ones of the same keys do not. */
import type { Environment } from './environment.ts';
import { at, isNull, type LocatedMap, withEntry } from './located.ts';

export type PlainVariable = { readonly variable: string; readonly path: readonly [string, string] };

/** Of a collector, wherever it runs. */
export const collectorVariables: readonly PlainVariable[] = [
  { variable: 'HISTORY_DURATION', path: ['collector', 'history'] },
  { variable: 'CLEANUP_INTERVAL', path: ['collector', 'cleanup_interval'] },
];

/** Only where the collector runs alone: many a platform sets it for the one port of a program. */
export const portVariable: PlainVariable = { variable: 'PORT', path: ['server', 'port'] };

/** Lays them over the files, below the variables of `layer`. */
export function addPlainVariables(
  layer: LocatedMap,
  env: Environment,
  wanted: readonly PlainVariable[],
): LocatedMap {
  let tree = layer;
  for (const { variable, path } of wanted) {
    const text = env[variable];
    if (!text || !isNull(at(tree, ...path))) continue;
    const origin = { where: { env: variable }, key: path.join('.') };
    tree = withEntry(tree, path, { type: 'scalar', origin, value: text, text, plain: false });
  }
  return tree;
}
