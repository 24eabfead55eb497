/** What a dashboard keeps of the reports it took, and what it says about one that it knows. */
import { json, type Whole } from './reply.ts';
import type { Report } from './report.ts';

export type Accepted = Report & {
  readonly id: number;
  /** `Idempotency-Key`. */
  readonly key: string | undefined;
  /** When it was taken, wall clock in milliseconds. */
  readonly atMs: number;
};

/**
 * `keyed` honours `Idempotency-Key`; `natural` answers 409 while an incident of this target
 * with this status or a higher one is open; `dumb` takes everything.
 */
export type Memory = 'keyed' | 'natural' | 'dumb';

export type Taken = { readonly answer: Whole; readonly isNew: boolean };

export class IncidentStore {
  readonly #memory: Memory;
  readonly #keep: number;
  readonly #byKey = new Map<string, { readonly raw: string; readonly answer: Whole }>();
  readonly #open = new Map<string, Accepted>();
  #accepted: Accepted[] = [];
  #lastId = 0;

  constructor(memory: Memory, keep: number) {
    this.#memory = memory;
    this.#keep = keep;
  }

  get accepted(): readonly Accepted[] {
    return this.#accepted;
  }

  /** Takes a report, unless it is known. `raw` is its body, byte for byte. */
  take(report: Report, raw: string, key: string | undefined, atMs: number): Taken {
    if (this.#memory === 'keyed' && key !== undefined) {
      const first = this.#byKey.get(key);
      if (first) return { answer: repeated(first, raw), isNew: false };
    }
    const target = JSON.stringify([report.service, report.environment]);
    const known = this.#open.get(target);
    if (this.#memory === 'natural' && known && known.status >= report.status) {
      return { answer: json(409, { message: 'Incident already exists', id: known.id }), isNew: false };
    }
    const { service, environment, status, message, timestamp } = report;
    const accepted = { id: ++this.#lastId, service, environment, status, message, timestamp, key, atMs };
    this.#accepted.push(accepted);
    this.#open.set(target, accepted);
    const answer = json(201, { id: accepted.id, status: 'created' });
    if (key !== undefined) this.#byKey.set(key, { raw, answer });
    this.#forget();
    return { answer, isNew: true };
  }

  /** A human closes the target's incident: the natural memory forgets it. */
  close(service: string, environment: string): void {
    this.#open.delete(JSON.stringify([service, environment]));
  }

  #forget(): void {
    if (this.#accepted.length > this.#keep) this.#accepted = this.#accepted.slice(-Math.ceil(this.#keep / 2));
    for (const key of this.#byKey.keys()) {
      if (this.#byKey.size <= this.#keep) break;
      this.#byKey.delete(key);
    }
  }
}

function repeated(first: { readonly raw: string; readonly answer: Whole }, raw: string): Whole {
  return first.raw === raw
    ? { ...first.answer, status: 200 }
    : json(422, { error: 'refused', reasons: ['this Idempotency-Key came with another body before'] });
}
