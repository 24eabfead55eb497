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

/** Finds what was meant by each of many names: where nothing is near no problem says so, and looking costs all the same. */
export function meantAmong(
  known: { readonly keys: () => Iterable<string> },
  problems: readonly Problem[],
): (written: string) => string | undefined {
  const found = new Map<string, string | undefined>();
  return (written) => {
    if (!found.has(written) && found.size < limits.problemsMax) {
      found.set(written, meantBy(written, known.keys(), problems));
    }
    return found.get(written);
  };
}
