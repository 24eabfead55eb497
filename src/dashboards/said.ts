/** What a dashboard says in JSON, taken apart without trust in its form. */
import { Failure } from '../model/failure.ts';

export type Said = Readonly<Record<string, unknown>>;

export function isSaid(value: unknown): value is Said {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; throws a `Failure` where there is no list. Whatever else is in it is left out. */
export function listOf(value: unknown, what: string): readonly Said[] {
  if (!Array.isArray(value)) throw new Failure('dashboard', 'garbled', `the answer is no list of ${what}`);
  return value.filter(isSaid);
}

/** An id as a text that fits into a path; numbers are ids, too. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return String(value);
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : undefined;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The JSON of an answer whose status has said already that all is well; undefined where it makes no sense. */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
