/** Checks one report against seed 001's request: the form of the body, and that the token says the same. */
import type { Claims } from './token.ts';

export type Report = {
  readonly service: string;
  readonly environment: string;
  readonly status: number;
  readonly message: string;
  readonly timestamp: string;
};

export type Checked =
  | { readonly report: Report; readonly status: undefined }
  | { readonly report: undefined; readonly status: 400 | 422; readonly reasons: readonly string[] };

const fields = ['service', 'environment', 'status', 'message', 'timestamp'];
const futureMs = 60_000;

/** @param claims of the token; undefined where there is none */
export function readReport(raw: string, claims: Claims | undefined, nowMs: number): Checked {
  let body: unknown;
  try {
    body = JSON.parse(raw);
  } catch {
    return refused(400, ['the body is not JSON']);
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return refused(400, ['the body is not an object']);
  }
  const report = new Map(Object.entries(body));
  const reasons = [
    ...wrongFields(report),
    ...(claims === undefined ? [] : contradictions(report, claims)),
    ...wrongTime(report.get('timestamp'), nowMs),
  ];
  return reasons.length > 0 ? refused(422, reasons) : { report: body as Report, status: undefined };
}

/** The service that a body is about, however wrong the rest of it is. */
export function serviceOf(raw: string): string {
  try {
    const { service } = JSON.parse(raw);
    return typeof service === 'string' ? service : '';
  } catch {
    return '';
  }
}

function refused(status: 400 | 422, reasons: readonly string[]): Checked {
  return { report: undefined, status, reasons };
}

function wrongFields(report: ReadonlyMap<string, unknown>): string[] {
  const reasons: string[] = [];
  for (const name of report.keys()) {
    if (!fields.includes(name)) reasons.push(`the field \`${name}\` is unknown`);
  }
  for (const name of ['service', 'environment', 'message']) {
    const value = report.get(name);
    if (typeof value !== 'string' || value === '') reasons.push(`\`${name}\` is not a text`);
  }
  const status = report.get('status');
  if (status !== 1 && status !== 2 && status !== 3) reasons.push('`status` is not 1, 2 or 3');
  return reasons;
}

function contradictions(report: ReadonlyMap<string, unknown>, claims: Claims): string[] {
  return ['service', 'environment', 'status']
    .filter((name) => report.get(name) !== claims[name])
    .map((name) => `\`${name}\` is not what the token says`);
}

function wrongTime(timestamp: unknown, nowMs: number): string[] {
  const isText = typeof timestamp === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(timestamp);
  const timeMs = isText ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(timeMs)) return ['`timestamp` is not in RFC 3339, UTC, whole seconds'];
  return timeMs > nowMs + futureMs ? ['`timestamp` is in the future'] : [];
}
