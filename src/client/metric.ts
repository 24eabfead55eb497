/** One metric: what a program says, and the line of JSON that the collector reads. */
import { types } from 'node:util';
import { PlainJson } from './plain-json.ts';
import { limits } from './settings.ts';

/** The fields are called as on the wire. Only `service` is required. */
export type Metric = {
  /** 1 to 200 characters. */
  readonly service: string;
  readonly method?: string | undefined;
  /** Without the query; few different ones, see docs/client.md. */
  readonly path?: string | undefined;
  readonly source_ip?: string | undefined;
  /** 100 to 599. */
  readonly status_code?: number | undefined;
  readonly latency_ms?: number | undefined;
  /** When it happened; by default when it is handed over. A text is RFC 3339. */
  readonly timestamp?: Date | string | undefined;
  readonly environment?: string | undefined;
  /** Which replica of the service. */
  readonly instance?: string | undefined;
  /** Anything that JSON can say, small: to find that an object has a million keys takes a moment. */
  readonly custom?: Readonly<Record<string, unknown>> | undefined;
};

/** Throws where it is no metric, saying why; every field is read once. */
export function metricLine(metric: unknown, timestamp: string): string {
  if (typeof metric !== 'object' || metric === null) throw new TypeError('a metric is an object');
  const given = metric as { readonly [name in keyof Metric]?: unknown };
  const { custom } = given;
  // In the order in which the collector reads them fastest.
  const line = JSON.stringify({
    timestamp: time(given.timestamp) ?? timestamp,
    service: service(given.service),
    method: text('method', given.method),
    path: text('path', given.path),
    source_ip: text('source_ip', given.source_ip),
    status_code: statusCode(given.status_code),
    latency_ms: latencyMs(given.latency_ms),
    environment: text('environment', given.environment),
    instance: text('instance', given.instance),
  });
  return custom === undefined || custom === null
    ? line
    : `${line.slice(0, -1)},"custom":${customText(custom)}}`;
}

function service(value: unknown): string {
  const name = text('service', value);
  if (!name) throw new TypeError('service: is missing');
  const { serviceCharactersMax: max } = limits;
  // As people count them: some take two places.
  if (name.length <= max || (name.length <= max * 2 && [...name].length <= max)) return name;
  throw new TypeError(`service: is longer than ${limits.serviceCharactersMax} characters`);
}

/** An empty text says nothing, and the collector takes none. */
function text(field: keyof Metric, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new TypeError(`${field}: is no text`);
  if (value.length <= limits.metricBytesMax) return value;
  throw new TypeError(`${field}: is too long`);
}

function statusCode(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 599) return value as number;
  throw new TypeError('status_code: is no whole number from 100 to 599');
}

function latencyMs(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new TypeError('latency_ms: is no number from 0 up');
}

function time(value: unknown): string | undefined {
  if (!types.isDate(value)) return text('timestamp', value);
  if (Number.isNaN(value.getTime())) throw new TypeError('timestamp: is an invalid Date');
  return value.toISOString();
}

function customText(value: unknown): string {
  if (typeof value !== 'object' || Array.isArray(value)) throw new TypeError('custom: is no object');
  try {
    return new PlainJson(limits.metricBytesMax, limits.customDepthMax).text(value);
  } catch (error) {
    throw new TypeError(`custom: ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
}
