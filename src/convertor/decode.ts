/**
 * One decoder for every known shape of a convertor's answer.
 *
 *   A  {"name", "metrics": [{"timestamp", "weight", "metric_states"}]}   metrics-processor 0.2
 *   B  {"name", "metrics": [[1704067200, 0]]}                            metrics-processor before
 *   C  {"name", "metrics": [{"region", "datapoints": [[t, v]]}]}         its OpenAPI document
 *   D  {"name", "metrics": {"datapoints": [[t, v]]}}                     its OpenAPI example
 *   E  [{"target", "datapoints": [[v, t]]}]                              its Graphite facade
 *   F  {"service", "status", "timestamp"}                                seed 001
 *   G  [A..F, …]                                                         an answer about several services
 */
import type { Target } from '../model/target.ts';
import { garbled } from './json.ts';
import { type Fields, isFields, objectPoint, type Point, pairPoint } from './point.ts';

/** One series a region; most answers have one. Points are in no order. */
export type Health = { readonly series: readonly (readonly Point[])[]; readonly category?: string };

/** Throws a `Failure` where the answer has none of the shapes, or is about something else. */
export function decodeHealth(answer: unknown, target: Target, receivedMs: number): Health {
  if (isFields(answer)) {
    if (!isAbout(answer, target)) throw garbled('the answer is about another service or environment');
    return decodeObject(answer, receivedMs);
  }
  if (!Array.isArray(answer)) throw garbled('the answer is neither an object nor a list');
  if (answer.length === 0) return { series: [] };

  const ours = answer.filter((element): element is Fields => isFields(element) && isAbout(element, target));
  if (ours.length === 0) throw garbled('the answer lists other services, not this one');
  const healths = ours.map((element) => decodeObject(element, receivedMs));
  return { ...healths[0], series: healths.flatMap((health) => health.series) };
}

/** A name that is given must be the one that was asked for: a proxy may have mixed up answers. */
function isAbout(fields: Fields, target: Target): boolean {
  const { service, environment } = target;
  const name = fields['name'] ?? fields['service'] ?? undefined;
  if (name === undefined && fields['target'] !== undefined) {
    return fields['target'] === service || fields['target'] === `health.${environment}.${service}`;
  }
  const place = fields['environment'] ?? environment;
  return (name ?? service) === service && place === environment;
}

function decodeObject(fields: Fields, receivedMs: number): Health {
  const category = fields['service_category'] ?? fields['category'];
  return {
    series: seriesOf(fields, receivedMs),
    ...(typeof category === 'string' && { category: category.slice(0, 200) }),
  };
}

function seriesOf(fields: Fields, receivedMs: number): Point[][] {
  if (fields['target'] !== undefined) return [pairs(fields['datapoints'], 'value first')];
  const metrics = fields['metrics'];
  if (Array.isArray(metrics)) return metricsSeries(metrics);
  if (isFields(metrics)) return [pairs(metrics['datapoints'], 'time first')];
  if (metrics !== undefined) throw garbled('"metrics" is neither a list nor an object');

  // Without `metrics` only an answer that says whom it is about can be trusted to be health at all.
  const isNamed = fields['name'] !== undefined || fields['service'] !== undefined;
  if (!isNamed || fields['status'] === undefined)
    throw garbled('the answer has neither "metrics" nor a status');
  const point = objectPoint(fields, receivedMs);
  return [point ? [point] : []];
}

function metricsSeries(metrics: readonly unknown[]): Point[][] {
  const regions: Point[][] = [];
  const plain: Point[] = [];
  for (const element of metrics) {
    if (isFields(element) && element['datapoints'] !== undefined) {
      regions.push(pairs(element['datapoints'], 'time first'));
      continue;
    }
    const point = plainPoint(element);
    if (point) plain.push(point);
  }
  return regions.length > 0 && plain.length === 0 ? regions : [...regions, plain];
}

function plainPoint(element: unknown): Point | undefined {
  if (Array.isArray(element)) return pairPoint(element, 'time first');
  if (isFields(element)) return objectPoint(element);
  throw garbled('a point is neither a pair nor an object');
}

function pairs(datapoints: unknown, order: 'time first' | 'value first'): Point[] {
  if (!Array.isArray(datapoints)) throw garbled('"datapoints" is not a list');
  const points: Point[] = [];
  for (const pair of datapoints) {
    if (!Array.isArray(pair)) throw garbled('a data point is not a pair');
    const point = pairPoint(pair, order);
    if (point) points.push(point);
  }
  return points;
}
