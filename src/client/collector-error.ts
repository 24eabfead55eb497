/** Why a collector did not take something: never with a token in it. */

/** Something wrong with one metric of a batch; `index` counts from 0. */
export type Complaint = { readonly index: number; readonly field: string; readonly message: string };

export class CollectorError extends Error {
  override readonly name = 'CollectorError';
  /** Of the answer, where there was one. */
  readonly status: number | undefined;
  /** What the collector found wrong. */
  readonly errors: readonly Complaint[];

  constructor(message: string, status?: number, errors: readonly Complaint[] = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}
