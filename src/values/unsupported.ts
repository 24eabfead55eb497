/** Keys that the contract has and this version does not: named in an error, never ignored. */
import * as z from 'zod/mini';
import { value, Wrong } from './facts.ts';

/** Accepts nothing but absence. */
export function unsupported(): z.ZodMiniExactOptional<z.ZodMiniType<never, unknown>> {
  const schema = value<never>(
    { takes: 'unsupported', json: { not: {} } },
    () => new Wrong('is not supported by this version', 'Take it out'),
  );
  return z.exactOptional(schema);
}
