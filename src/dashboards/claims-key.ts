/** The key `claims`: what else the token of a dashboard says. */
import type * as z from 'zod/mini';
import { value, Wrong } from '../values/facts.ts';

/** @param reserved claims that are always our own; whoever writes them is warned elsewhere */
export function claimsKey(
  reserved: readonly string[],
  description: string,
): z.ZodMiniType<Readonly<Record<string, unknown>>, unknown> {
  const json = { type: 'object', propertyNames: { not: { enum: reserved } } };
  return value({ description, takes: 'json', json }, (written) => {
    if (typeof written !== 'object' || written === null || Array.isArray(written)) {
      return new Wrong('must be a section of claims', 'Write each as a name and its value, below it');
    }
    return hasOnlyFinite(written)
      ? Object.fromEntries(Object.entries(written))
      : new Wrong('has a number that JSON cannot hold', 'Leave .nan and .inf out');
  });
}

function hasOnlyFinite(written: unknown): boolean {
  if (typeof written === 'number') return Number.isFinite(written);
  if (typeof written !== 'object' || written === null) return true;
  return Object.values(written).every(hasOnlyFinite);
}
