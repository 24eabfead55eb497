/** A problem: something in the configuration that its author should mend. Collected, never thrown. */

export type Problem = {
  readonly level: 'error' | 'warning';
  /** Where it stands: a file with line and column, an environment variable, or nothing known. */
  readonly where: Where;
  /** The key as written in the file, `reporter.services[0].name`. */
  readonly key: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
};

export type Where =
  | { readonly file: string; readonly line?: number; readonly column?: number }
  | { readonly env: string };
