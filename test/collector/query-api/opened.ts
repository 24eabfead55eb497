/** A collector that was given samples, and what its query API says. */
import { expect } from 'vitest';
import { type Stage, stage } from '../stage.ts';

type Sample = {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number | 'NaN' | '+Inf' | '-Inf';
  readonly timestamp?: string;
  readonly type?: string;
  readonly unit?: string;
  readonly help?: string;
};

/** When the clock of a stage stands still, in seconds. */
export const nowSeconds = Date.parse('2026-01-20T12:00:00Z') / 1_000;

export async function stageWith(samples: readonly Sample[], collector: object = {}): Promise<Stage> {
  const opened = await stage(collector);
  const { status, text } = await opened.post('/api/samples', samples);
  expect([status, text]).toEqual([200, expect.any(String)]);
  return opened;
}

/** By GET. */
export function asked(path: string, parameters: Readonly<Record<string, string>>): string {
  return `/api/v1/${path}?${new URLSearchParams(parameters)}`;
}

const formType = { 'content-type': 'application/x-www-form-urlencoded' };

/** By POST, in a form. */
export function posted(opened: Stage, path: string, parameters: Readonly<Record<string, string>> | string) {
  return opened.post(`/api/v1/${path}`, String(new URLSearchParams(parameters)), formType);
}

/** A text, followed by the kind of an error as Prometheus tells it. */
export function errorOf(kind: string, error: string) {
  return { status: 'error', errorType: kind, error };
}
