/** What metrics mean, family by family. */

import type { Pause } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import { QueryError } from '../promql/query.ts';
import type { Metric } from '../series/metric.ts';
import type { SeriesStore } from '../series/store.ts';
import type { Endpoint } from './endpoint.ts';
import type { JsonAnswer } from './json-answer.ts';

export function metadataEndpoint(store: SeriesStore): Endpoint {
  return (parameters) => {
    const wanted = parameters.first('metric');
    const limit = familiesMaxOf(parameters.first('limit'));
    return {
      timeoutMs: limits.queryAnswerMs,
      write: (answer, pause) => writeMetadata(store, wanted, limit, answer, pause),
    };
  };
}

async function writeMetadata(
  store: SeriesStore,
  wanted: string,
  limit: number,
  answer: JsonAnswer,
  pause: Pause,
): Promise<void> {
  await answer.add('{"status":"success","data":{');
  let count = 0;
  for (const metrics of store.families()) {
    if (count >= limit) break;
    const text = metadataJson(store, metrics, wanted);
    if (text !== undefined) await answer.add(`${count++ === 0 ? '' : ','}${text}`);
    await pause();
  }
  await answer.add('}}');
}

/** Undefined: it is not wanted, or nobody brought a sample of it. */
function metadataJson(store: SeriesStore, metrics: readonly Metric[], wanted: string): string | undefined {
  const [{ type, family } = { type: 'untyped', family: '' }] = metrics;
  if (wanted !== '' && wanted !== family) return undefined;
  if (!metrics.some(({ name }) => hasSeries(store, name))) return undefined;
  const help = metrics.find((metric) => metric.help !== '')?.help ?? '';
  const unit = metrics.find((metric) => metric.unit !== '')?.unit ?? '';
  const meaning = { type: type === 'untyped' ? 'unknown' : type, help, unit };
  return `${JSON.stringify(family)}:[${JSON.stringify(meaning)}]`;
}

/** Here 0 is none; below it there is no limit. */
function familiesMaxOf(text: string): number {
  if (!/^([+-]?\d+)?$/.test(text)) throw new QueryError('bad_data', 'limit must be a number');
  return text === '' || Number(text) < 0 ? Number.POSITIVE_INFINITY : Number(text);
}

function hasSeries(store: SeriesStore, name: string): boolean {
  for (const _ of store.select(name)) return true;
  return false;
}
