/**
 * Questions to a data source that wait for their turn: so many requests at once, several questions in one
 * request, equal ones once, and each within its own deadline whatever becomes of the others.
 *
 * A question that may have spoilt a request for others is asked alone from then on, and never on more than
 * half of the turns, until it is answered.
 */
import type { Clock } from '../../model/clock.ts';
import { Failure } from '../../model/failure.ts';
import { limits } from '../../model/limits.ts';
import { type DatasourceQuestion, stopped, type Track } from './datasource.ts';

export type Carrier = {
  /** Who is asked, for failures. */
  readonly place: string;
  /** Of those that wait, oldest first, the ones that go in one request: the first at least. */
  readonly pick: <Q extends DatasourceQuestion>(waiting: Iterable<Q>) => readonly Q[];
  /** What comes of each of them; throws a `Failure` where that is the same for all. */
  readonly carry: (
    questions: readonly DatasourceQuestion[],
    timeoutMs: number,
  ) => Promise<readonly (readonly Track[] | Failure)[]>;
};

type Waiting = DatasourceQuestion & {
  /** Monotonic. */
  readonly deadlineMs: number;
  readonly answer: Promise<readonly Track[]>;
  /** What comes first counts. */
  readonly settle: (result: readonly Track[] | Error) => void;
};

type Sent = {
  readonly batch: readonly Waiting[];
  readonly atMs: number;
  /** Nothing else was under way or waited: nothing else can tell whether the peer is alive. */
  readonly isOnly: boolean;
};

const turnsAloneMax = limits.datasourceRequestsMax / 2;

export class QuestionQueue {
  readonly #carrier: Carrier;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  /** All without an answer, by what they ask. */
  readonly #open = new Map<string, Waiting>();
  readonly #together = new Set<Waiting>();
  readonly #alone = new Set<Waiting>();
  /** Queries. */
  readonly #suspects = new Set<string>();
  #underWay = 0;
  #underWayAlone = 0;
  #answeredMs = Number.NEGATIVE_INFINITY;
  #isWoken = false;
  #isStopped = false;

  /** @param timeoutMs for the answer to a question, from when it is asked, unless it says less */
  constructor(carrier: Carrier, timeoutMs: number, clock: Clock) {
    this.#carrier = carrier;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  ask(question: DatasourceQuestion): Promise<readonly Track[]> {
    if (this.#isStopped) return Promise.reject(stopped());
    const key = `${question.fromMs} ${question.toMs} ${question.query}`;
    const known = this.#open.get(key);
    if (known) return known.answer;
    if (this.#open.size >= limits.datasourceQuestionsMax) {
      const text = `${limits.datasourceQuestionsMax} other queries wait for an answer of ${this.#carrier.place}`;
      return Promise.reject(new Failure('datasource', 'failed', text, { isUnsent: true }));
    }
    const waiting = this.#enter(question, key);
    this.#line(waiting);
    this.#wake();
    return waiting.answer;
  }

  stop(): void {
    this.#isStopped = true;
    for (const waiting of [...this.#open.values()]) waiting.settle(stopped());
  }

  #enter({ query, fromMs, toMs, untilMs }: DatasourceQuestion, key: string): Waiting {
    let settle: Waiting['settle'] = () => undefined;
    const answer = new Promise<readonly Track[]>((resolve, reject) => {
      settle = (result) => {
        if (!this.#open.delete(key)) return;
        cancelDeadline();
        this.#together.delete(waiting);
        this.#alone.delete(waiting);
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
    });
    const nowMs = this.#clock.monotonic();
    const timeoutMs = Math.max(0, Math.min(this.#timeoutMs, (untilMs ?? Number.POSITIVE_INFINITY) - nowMs));
    const waiting = { query, fromMs, toMs, deadlineMs: nowMs + timeoutMs, answer, settle };
    const cancelDeadline = this.#clock.after(timeoutMs, () => settle(this.#late(waiting, timeoutMs)));
    this.#open.set(key, waiting);
    return waiting;
  }

  #late(waiting: Waiting, timeoutMs: number): Failure {
    const seconds = `${Math.round(timeoutMs / 100) / 10} s`;
    const { place } = this.#carrier;
    const hadNoTurn = this.#together.has(waiting) || this.#alone.has(waiting);
    return hadNoTurn
      ? new Failure('datasource', 'timeout', `no turn within ${seconds}: ${place} is slow to answer others`, {
          isUnsent: true,
        })
      : new Failure('datasource', 'timeout', `no answer from ${place} within ${seconds}`);
  }

  #line(waiting: Waiting): void {
    const isSuspect = this.#suspects.has(waiting.query);
    (isSuspect ? this.#alone : this.#together).add(waiting);
  }

  /** What is asked in the same breath goes together. */
  #wake(): void {
    if (this.#isWoken) return;
    this.#isWoken = true;
    this.#clock.soon(() => {
      this.#isWoken = false;
      this.#send();
    });
  }

  #send(): void {
    while (this.#underWay < limits.datasourceRequestsMax) {
      const [alone] = this.#underWayAlone < turnsAloneMax ? this.#alone : [];
      const batch = alone ? [alone] : this.#together.size > 0 ? this.#carrier.pick(this.#together) : [];
      if (batch.length === 0) return;
      for (const waiting of batch) (alone ? this.#alone : this.#together).delete(waiting);
      const isOnly = this.#underWay + this.#together.size + this.#alone.size === 0;
      void this.#carry({ batch, atMs: this.#clock.monotonic(), isOnly }, alone !== undefined);
    }
  }

  async #carry(sent: Sent, isAlone: boolean): Promise<void> {
    const { batch, atMs } = sent;
    this.#underWay += 1;
    if (isAlone) this.#underWayAlone += 1;
    try {
      const lastMs = Math.max(...batch.map(({ deadlineMs }) => deadlineMs));
      const results = await this.#carrier.carry(batch, Math.max(1, lastMs - atMs));
      this.#answeredMs = this.#clock.monotonic();
      for (const [index, waiting] of batch.entries()) this.#take(waiting, results[index] ?? []);
    } catch (error) {
      this.#fail(sent, error);
    } finally {
      this.#underWay -= 1;
      if (isAlone) this.#underWayAlone -= 1;
      this.#send();
    }
  }

  #take(waiting: Waiting, result: readonly Track[] | Failure): void {
    this.#suspects.delete(waiting.query);
    waiting.settle(result);
  }

  #fail({ batch, atMs, isOnly }: Sent, error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    const isLate = failure instanceof Failure && failure.reason === 'timeout';
    const isAlive = this.#answeredMs >= atMs || isOnly;
    const isOfOne = mayBeOfOneQuery(failure);
    if (isOfOne || (isLate && isAlive)) for (const { query } of batch) this.#suspect(query);
    for (const waiting of batch) {
      const isOpen = !this.#isStopped && waiting.deadlineMs > this.#clock.monotonic();
      if (isOfOne && batch.length > 1 && isOpen) this.#line(waiting);
      else waiting.settle(failure);
    }
  }

  #suspect(query: string): void {
    const [oldest] = this.#suspects.size < limits.datasourceQuestionsMax ? [] : this.#suspects;
    if (oldest !== undefined) this.#suspects.delete(oldest);
    this.#suspects.add(query);
  }
}

const statusesOfOneQuery: ReadonlySet<number | undefined> = new Set([400, 413, 414, 422, 431, 500]);

/** Whether others, asked in the same request, may be answered without it. */
function mayBeOfOneQuery(error: Error): boolean {
  return error instanceof Failure && (error.isTooLarge || statusesOfOneQuery.has(error.httpStatus));
}
