/**
 * One source over time: asked or spared, timed, counted and told about.
 *
 * It adds to what the source brings what Prometheus adds: `up`, `scrape_duration_seconds` and
 * `scrape_samples_scraped`.
 */
import { Counts } from '../../exposition/counts.ts';
import { Durations, latencyBounds } from '../../exposition/durations.ts';
import { type Family, type Labels, oneSample, type Sample } from '../../exposition/family.ts';
import type { Clock } from '../../model/clock.ts';
import type { SourceFacts } from '../../model/collector-facts.ts';
import { Failure, failureReasons } from '../../model/failure.ts';
import type { CollectorJournal } from '../journal.ts';
import { Breaker } from './breaker.ts';
import type { Feed, Gathered } from './feed.ts';

/** What one source brought in one collect. */
export type Collected = {
  readonly families: readonly Family[];
  /** Of the source: they are laid over those of the samples. */
  readonly labels: Labels;
  /** When it was asked; wall clock. */
  readonly timeMs: number;
};

export type SourceParts = {
  readonly clock: Clock;
  readonly journal: Pick<CollectorJournal, 'sourceFailed' | 'sourceLacks' | 'sourceRecovered'>;
};

type Result = {
  readonly durationMs: number;
  readonly samples: number;
  readonly failure?: Failure;
  readonly flaw?: Failure;
};

export class Source {
  readonly name: string;
  readonly #feed: Feed;
  readonly #parts: SourceParts;
  readonly #labels: Labels;
  readonly #breaker: Breaker;
  readonly #durations: Durations;
  readonly #errors: Counts<(typeof failureReasons)[number]>;
  readonly #upLabels: Labels;
  #result: Result | undefined;
  #isUnderWay = false;
  #isStopped = false;

  constructor(name: string, labels: Labels, feed: Feed, parts: SourceParts) {
    this.name = name;
    this.#feed = feed;
    this.#parts = parts;
    this.#labels = labels;
    this.#breaker = new Breaker(parts.clock);
    this.#upLabels = { source: name };
    this.#durations = new Durations(latencyBounds, this.#upLabels);
    this.#errors = new Counts(failureReasons, (reason) => ({ source: name, reason }));
  }

  /**
   * Undefined where nothing is to be told: it is still being asked since an earlier collect, or was stopped.
   *
   * @param ownLabels of the samples about the source itself: what tells it apart from sources whose labels
   *   are the same
   */
  async collect(timeMs: number, ownLabels: Labels): Promise<Collected | undefined> {
    if (this.#isUnderWay || this.#isStopped) return undefined;
    const labels = this.#labels;
    if (!this.#breaker.enter()) return { families: about(undefined, ownLabels), labels, timeMs };
    this.#isUnderWay = true;
    const startedMs = this.#parts.clock.monotonic();
    const gathered = await this.#ask();
    this.#isUnderWay = false;
    if (this.#isStopped) return undefined;
    const families = gathered instanceof Failure ? [] : gathered.families;
    const result: Result = {
      durationMs: this.#parts.clock.monotonic() - startedMs,
      samples: families.reduce((sum, { samples }) => sum + samples.length, 0),
      ...(gathered instanceof Failure ? { failure: gathered } : gathered.flaw && { flaw: gathered.flaw }),
    };
    this.#settle(result);
    return { families: [...families, ...about(result, ownLabels)], labels, timeMs };
  }

  stop(): void {
    this.#isStopped = true;
    this.#feed.stop();
  }

  facts(): SourceFacts {
    const { name } = this;
    if (!this.#result) return { name, state: 'waiting' };
    const { durationMs, samples, failure, flaw } = this.#result;
    const trouble = failure ?? flaw;
    const said = trouble && { reason: trouble.reason, detail: trouble.message };
    const failing = this.#breaker.isOpen ? 'paused' : 'failing';
    return { name, state: failure ? failing : 'ok', ...said, durationMs, samples };
  }

  durations(name: string): readonly Sample[] {
    return this.#durations.samples(name);
  }

  errors(name: string): readonly Sample[] {
    return this.#errors.samples(name);
  }

  /** Nothing before it was asked. */
  up(name: string): readonly Sample[] {
    if (!this.#result) return [];
    return [{ name, labels: this.#upLabels, value: this.#result.failure ? 0 : 1 }];
  }

  async #ask(): Promise<Gathered | Failure> {
    try {
      return await this.#feed.ask();
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
  }

  #settle(result: Result): void {
    const { journal } = this.#parts;
    const before = this.#result;
    const { failure, flaw } = result;
    this.#result = result;
    this.#durations.add(result.durationMs);
    this.#breaker.record(failure);
    const isTold = flaw !== undefined && flaw.message === before?.flaw?.message;
    const trouble = failure ?? (isTold ? undefined : flaw);
    if (trouble) {
      this.#errors.add(trouble.reason);
      if (failure) journal.sourceFailed(this.name, failure);
      else journal.sourceLacks(this.name, trouble);
    } else if (!flaw && (before?.failure ?? before?.flaw)) {
      journal.sourceRecovered(this.name);
    }
  }
}

/** @param result absent where it was spared */
function about(result: Result | undefined, labels: Labels): readonly Family[] {
  const gauge = (name: string, help: string, value: number) => oneSample('gauge', name, help, value, labels);
  const isUp = result !== undefined && result.failure === undefined;
  const up = gauge('up', 'Whether the source answered: 1 or 0.', isUp ? 1 : 0);
  if (!result) return [up];
  return [
    up,
    gauge('scrape_duration_seconds', 'How long the source took to answer.', result.durationMs / 1_000),
    gauge('scrape_samples_scraped', 'Samples that the source brought.', result.samples),
  ];
}
