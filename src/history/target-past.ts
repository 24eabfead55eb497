/** What was known of one target, moment by moment. */
import type { Span } from '../maintenance/recurrence.ts';
import type { Status } from '../model/status.ts';

/** `no_data`: it was asked about in vain. `unknown`: nobody asked. */
export type State = Status | 'no_data' | 'unknown';

/** From this moment on. */
export type Change = { readonly atMs: number; readonly state: State };

type Maintenance = {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Begun before the program was started again, which has not confirmed it yet. */
  readonly isDoubted: boolean;
};

export class TargetPast {
  readonly service: string;
  readonly environment: string;
  readonly #fromMs: number;
  #changes: Change[] = [];
  #maintained: Span[] = [];
  #open: Maintenance | undefined;

  /** @param fromMs of what was before it, only what still held is kept */
  constructor(service: string, environment: string, fromMs: number) {
    this.service = service;
    this.environment = environment;
    this.#fromMs = fromMs;
  }

  get changes(): readonly Change[] {
    return this.#changes;
  }

  get maintained(): readonly Span[] {
    return this.#maintained;
  }

  /** What was thought of the time from this moment on is replaced. */
  set(atMs: number, state: State): void {
    while ((this.#changes.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY) >= atMs) this.#changes.pop();
    if (this.#state === state) return;
    if (atMs <= this.#fromMs) this.#changes = [];
    this.#changes.push({ atMs, state });
  }

  /** Nobody asked between two moments; then it stands as before. */
  silent(fromMs: number, toMs: number): void {
    const before = this.#state;
    this.set(fromMs, 'unknown');
    this.set(toMs, before);
  }

  /** The clock was set back: what is said from now on about this time holds. */
  rewind(toMs: number): void {
    const before = this.#state;
    this.set(toMs, before);
    this.#maintained = this.#maintained.map((span) => ({ ...span, toMs: Math.min(span.toMs, toMs) }));
    if (this.#open) this.#open = { ...this.#open, fromMs: Math.min(this.#open.fromMs, toMs) };
  }

  maintain(fromMs: number, untilMs: number): void {
    this.#open = { fromMs: Math.min(fromMs, this.#open?.fromMs ?? fromMs), untilMs, isDoubted: false };
  }

  maintainNoMore(atMs: number): void {
    if (this.#open && atMs > Math.max(this.#open.fromMs, this.#fromMs)) {
      this.#maintained.push({ fromMs: this.#open.fromMs, toMs: atMs });
    }
    this.#open = undefined;
  }

  /** Nobody could say that it is over: it was when it was meant to be. */
  unattended(fromMs: number, toMs: number): void {
    if (!this.#open) return;
    if (this.#open.untilMs <= toMs) this.maintainNoMore(Math.max(this.#open.untilMs, fromMs));
  }

  /** The program was started again. */
  doubtMaintenance(): void {
    if (this.#open) this.#open = { ...this.#open, isDoubted: true };
  }

  /** The program has said who is under maintenance. */
  settleMaintenance(atMs: number): void {
    if (this.#open?.isDoubted) this.maintainNoMore(atMs);
  }

  get #state(): State {
    return this.#changes.at(-1)?.state ?? 'unknown';
  }
}
