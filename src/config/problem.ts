/** A problem: something in the configuration that its author should mend. Collected, never thrown. */

export type Problem = {
  readonly level: 'error' | 'warning';
  /** Where it stands: a file with line and column, an environment variable, or nothing known. */
  readonly where: Where;
  /** The key as written in the file, `reporter.services[0].name`. Empty: the file as a whole. */
  readonly key: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
};

export type Where =
  | { readonly file: string; readonly line?: number; readonly column?: number }
  | { readonly env: string };

/** In the order of the files as they were read, then by line; the environment comes last. */
export function inReadingOrder(problems: readonly Problem[], files: readonly string[]): readonly Problem[] {
  const rank = new Map(files.map((file, index) => [file, index]));
  const place = ({ where }: Problem): readonly number[] =>
    'env' in where
      ? [files.length + 1, 0, 0]
      : [rank.get(where.file) ?? files.length, where.line ?? 0, where.column ?? 0];
  return problems
    .map((problem) => ({ problem, at: place(problem) }))
    .sort((a, b) => compare(a.at, b.at) || byVariable(a.problem.where, b.problem.where))
    .map(({ problem }) => problem);
}

function byVariable(a: Where, b: Where): number {
  if (!('env' in a && 'env' in b) || a.env === b.env) return 0;
  return a.env < b.env ? -1 : 1;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((part, at) => part !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
