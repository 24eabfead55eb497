/** Numbers within limits, and yes or no. */
import type * as z from 'zod/mini';
import { value, Wrong } from './facts.ts';

/** @param remedy what the numbers mean, where that is not plain */
export function whole(
  min: number,
  max: number,
  description: string,
  remedy?: string,
): z.ZodMiniType<number, unknown> {
  const json = { type: 'integer', minimum: min, maximum: max };
  return value({ description, takes: 'number', json }, (written) =>
    Number.isInteger(written) && (written as number) >= min && (written as number) <= max
      ? (written as number)
      : new Wrong(`must be a whole number from ${min} to ${max}`, remedy),
  );
}

export function truth(description: string): z.ZodMiniType<boolean, unknown> {
  return value({ description, takes: 'boolean', json: { type: 'boolean' } }, (written) =>
    typeof written === 'boolean' ? written : new Wrong('must be true or false'),
  );
}
