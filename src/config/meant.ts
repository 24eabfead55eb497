/** Finds the name that was probably meant, as long as somebody will read it. */
import { limits } from '../model/limits.ts';
import { nearest } from '../values/spelling.ts';
import type { Problem } from './problem.ts';

/** Nobody reads more than the first hundred problems, and looking costs. */
export function meantBy(
  written: string,
  known: Iterable<string>,
  problems: readonly Problem[],
): string | undefined {
  return problems.length < limits.problemsMax ? nearest(written, known) : undefined;
}
