/** The data source, where this process is the convertor. */
import {
  type DatasourceSettings,
  datasourceSchema,
  datasourceTypeOf,
  datasourceWarnings,
} from '../collector/datasources/settings.ts';
import { decodeSection } from './decode.ts';
import { at, isNull, type LocatedMap } from './located.ts';
import type { Problem } from './problem.ts';
import { sectionOf } from './sections.ts';
import { addWarnings } from './settings-warnings.ts';
import { shapeOf } from './shape.ts';
import { reportUnknownKey } from './unknown-keys.ts';

/** Of which type it is as written, whatever else is wrong with it: in which language queries are. */
export function datasourceType(tree: LocatedMap): DatasourceSettings['type'] {
  const node = at(tree, 'datasource', 'type');
  const written = node?.type === 'scalar' && !isNull(node) ? node.text : undefined;
  const type = datasourceTypeOf(written, !isNull(at(tree, 'datasource', 'url')));
  return type === 'embedded' || type === 'graphite' ? type : 'prometheus';
}

const shape = shapeOf(datasourceSchema);
/** Others are let be where somebody else reads the section, as in all of CloudMon's. */
const known = new Set(shape.type === 'keys' ? shape.keys.keys() : []);

/** Undefined where it is wrong; then `problems` has grown. */
export function decodeDatasource(
  tree: LocatedMap,
  nowMs: number,
  problems: Problem[],
): DatasourceSettings | undefined {
  const section = sectionOf(tree, 'datasource');
  const decoded = decodeSection(datasourceSchema, section, problems);
  const entries = section.type === 'map' ? [...section.entries] : [];
  for (const [name, { where }] of entries) {
    if (!known.has(name)) reportUnknownKey({ section: 'datasource', name, where }, known, problems);
  }
  if (!decoded) return undefined;
  const written = entries.filter(([, { node }]) => !isNull(node)).map(([name]) => name);
  addWarnings(section, datasourceWarnings(decoded, new Set(written), nowMs), problems);
  return decoded;
}
