/** The data source, where this process is the convertor. */
import {
  type DatasourceSettings,
  datasourceSchema,
  datasourceWarnings,
} from '../collector/datasources/settings.ts';
import { decodeSection } from './decode.ts';
import { at, isNull, type LocatedMap } from './located.ts';
import type { Problem } from './problem.ts';
import { sectionOf } from './sections.ts';
import { addWarnings } from './settings-warnings.ts';

/** Of which type it is as written, whatever else is wrong with it: in which language queries are. */
export function datasourceType(tree: LocatedMap): DatasourceSettings['type'] {
  const type = at(tree, 'datasource', 'type');
  const text = type?.type === 'scalar' && !isNull(type) ? type.text : undefined;
  if (text === 'embedded' || text === 'graphite') return text;
  if (text !== undefined) return 'prometheus';
  return isNull(at(tree, 'datasource', 'url')) ? 'embedded' : 'graphite';
}

/** Undefined where it is wrong; then `problems` has grown. */
export function decodeDatasource(
  tree: LocatedMap,
  nowMs: number,
  problems: Problem[],
): DatasourceSettings | undefined {
  const section = sectionOf(tree, 'datasource');
  const decoded = decodeSection(datasourceSchema, section, problems);
  if (!decoded) return undefined;
  const entries = section.type === 'map' ? [...section.entries] : [];
  const written = entries.filter(([, { node }]) => !isNull(node)).map(([name]) => name);
  addWarnings(section, datasourceWarnings(decoded, new Set(written), nowMs), problems);
  return decoded;
}
