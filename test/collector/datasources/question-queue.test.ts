/** Who waits for whom: turns, deadlines, and queries that spoil the requests of others. */
import { expect, test } from 'vitest';
import type { DatasourceQuestion, Track } from '../../../src/collector/datasources/datasource.ts';
import { QuestionQueue } from '../../../src/collector/datasources/question-queue.ts';
import { systemClock } from '../../../src/model/clock.ts';
import { Failure } from '../../../src/model/failure.ts';
import { limits } from '../../../src/model/limits.ts';
import { FakeClock } from '../../fake-clock.ts';

const timeoutMs = 10_000;
const tracks: readonly Track[] = [{ timesMs: [0], values: [1] }];

/** What is sent, by its queries, and how each request ends: when a test says so, or at its time-out. */
class Stage {
  readonly clock = new FakeClock();
  readonly sent: string[] = [];
  readonly #open = new Map<string, (result: 'ok' | Failure) => void>();
  readonly queue: QuestionQueue;
  /** Of each question: its answer, once there is one. */
  readonly said: string[] = [];

  constructor(together: number) {
    this.queue = new QuestionQueue(
      {
        place: 'PLACE',
        pick: (waiting) => [...waiting].slice(0, together),
        carry: (questions, forMs) => this.#carry(questions, forMs),
      },
      timeoutMs,
      this.clock,
    );
  }

  /** `a b`, as if all were asked in one breath. */
  async ask(queries: string): Promise<void> {
    for (const query of queries.split(' ')) {
      this.queue.ask({ query, fromMs: 0, toMs: 1_000 }).then(
        (answer) => this.said.push(`${query} ${answer === tracks}`),
        (error: Failure) => this.said.push(`${query} ${error.reason}: ${error.message}`),
      );
    }
    await this.clock.advance(0);
  }

  async end(batch: string, result: 'ok' | Failure = 'ok'): Promise<void> {
    const end = this.#open.get(batch);
    if (!end) throw new Error(`${batch} is not under way: ${[...this.#open.keys()].join(', ')}`);
    end(result);
    await this.clock.advance(0);
  }

  async endAll(): Promise<void> {
    while (this.#open.size > 0) for (const batch of [...this.#open.keys()]) await this.end(batch);
  }

  get underWay(): readonly string[] {
    return [...this.#open.keys()];
  }

  #carry(questions: readonly DatasourceQuestion[], forMs: number): Promise<readonly (readonly Track[])[]> {
    const name = questions.map(({ query }) => query).join('+');
    this.sent.push(name);
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(forMs, () => end(late));
      const end = (result: 'ok' | Failure) => {
        cancel();
        this.#open.delete(name);
        if (result === 'ok') resolve(questions.map(() => tracks));
        else reject(result);
      };
      this.#open.set(name, end);
    });
  }
}

const failure = (reason: Failure['reason'], httpStatus?: number) =>
  new Failure('datasource', reason, 'said', httpStatus === undefined ? {} : { httpStatus });
const late = failure('timeout');
const bad = failure('rejected', 400);
const pickAll = <Q>(waiting: Iterable<Q>) => [...waiting];
const names = (count: number) => Array.from({ length: count }, (_, at) => `q${at}`).join(' ');

test('what is asked in one breath goes together, the same once', async () => {
  const stage = new Stage(3);
  await stage.ask('a b a c d');
  expect(stage.sent).toEqual(['a+b+c', 'd']);
  await stage.ask('b');
  expect(stage.sent).toHaveLength(2);
  await stage.endAll();
  expect(stage.said.sort()).toEqual(['a true', 'a true', 'b true', 'b true', 'c true', 'd true']);
  await stage.ask('a');
  expect(stage.sent.at(-1)).toBe('a');
  await stage.endAll();
  expect(stage.clock.waiting).toEqual([]);
});

test('eight requests are under way, and whoever waits goes together with others who do', async () => {
  const stage = new Stage(2);
  await stage.ask(names(16));
  await stage.ask('x');
  await stage.ask('y');
  expect(stage.underWay).toHaveLength(8);
  await stage.end('q0+q1');
  expect(stage.underWay.at(-1)).toBe('x+y');
  await stage.endAll();
});

test('a question leaves when nobody waits for it any more', async () => {
  const stage = new Stage(1);
  await stage.ask(names(8));
  const said = stage.queue
    .ask({ query: 'x', fromMs: 0, toMs: 1_000, untilMs: 2_000 })
    .catch((error: Failure) => error.message);
  await stage.clock.advance(2_000);
  expect(await said).toBe('no turn within 2 s: PLACE is slow to answer others');
  await stage.endAll();
  expect(stage.sent).not.toContain('x');
});

test('behind requests that say nothing a question waits for its own deadline and no longer', async () => {
  const stage = new Stage(1);
  await stage.ask(names(8));
  await stage.clock.advance(4_000);
  await stage.ask('x');
  await stage.clock.advance(5_999);
  expect(stage.said).toEqual([]);
  await stage.clock.advance(1);
  expect(stage.said).toEqual(
    names(8)
      .split(' ')
      .map((name) => `${name} timeout: no answer from PLACE within 10 s`),
  );
  expect(stage.underWay).toEqual(['x']);
  await stage.clock.advance(3_999);
  expect(stage.said).toHaveLength(8);
  await stage.clock.advance(1);
  expect(stage.said.at(-1)).toBe('x timeout: no answer from PLACE within 10 s');
  expect(stage.clock.waiting).toEqual([]);
});

test('one that never had its turn says so', async () => {
  const stage = new Stage(1);
  await stage.ask(`${names(8)} x`);
  await stage.clock.advance(10_000);
  expect(stage.said.at(-1)).toBe('x timeout: no turn within 10 s: PLACE is slow to answer others');
  expect(stage.sent).not.toContain('x');
});

test('of a request each question has its own deadline', async () => {
  const stage = new Stage(2);
  await stage.ask(names(16));
  await stage.ask('a');
  await stage.clock.advance(3_000);
  await stage.ask('b');
  await stage.end('q0+q1');
  expect(stage.underWay.at(-1)).toBe('a+b');
  await stage.clock.advance(7_000);
  expect(stage.said.at(-1)).toBe('a timeout: no answer from PLACE within 10 s');
  await stage.end('a+b');
  expect(stage.said.at(-1)).toBe('b true');
});

test.each([400, 413, 414, 422, 431, 500])('after status %d each query is asked alone', async (status) => {
  const stage = new Stage(4);
  await stage.ask('a b c');
  await stage.end('a+b+c', failure('rejected', status));
  expect(stage.sent).toEqual(['a+b+c', 'a', 'b', 'c']);
  await stage.end('b', bad);
  await stage.endAll();
  expect(stage.said).toEqual(['b rejected: said', 'a true', 'c true']);
  await stage.ask('a b c');
  expect(stage.sent.slice(4)).toEqual(['b', 'a+c']);
  await stage.endAll();
  await stage.ask('a b c');
  expect(stage.sent.slice(6)).toEqual(['a+b+c']);
  await stage.endAll();
});

test('after an answer that is too large each query is asked alone', async () => {
  const stage = new Stage(4);
  await stage.ask('a b');
  await stage.end('a+b', new Failure('datasource', 'garbled', 'said', { isTooLarge: true }));
  expect(stage.sent).toEqual(['a+b', 'a', 'b']);
  await stage.endAll();
});

test.each([
  failure('unreachable'),
  failure('failed', 502),
  failure('failed', 503),
  failure('unauthorized', 401),
  failure('rate_limited', 429),
  failure('garbled'),
])('after $reason nobody is asked again', async (why) => {
  const stage = new Stage(4);
  await stage.ask('a b c');
  await stage.end('a+b+c', why);
  expect(stage.said).toEqual(['a', 'b', 'c'].map((name) => `${name} ${why.reason}: said`));
  expect(stage.sent).toHaveLength(1);
  await stage.ask('a b c');
  expect(stage.sent.at(-1)).toBe('a+b+c');
  await stage.endAll();
});

test('a query that is asked alone for its second time has the deadline of its first', async () => {
  const stage = new Stage(2);
  await stage.ask('a b');
  await stage.clock.advance(9_000);
  await stage.end('a+b', bad);
  await stage.clock.advance(1_000);
  expect(stage.said).toEqual(['a', 'b'].map((name) => `${name} timeout: no answer from PLACE within 10 s`));
});

test('who was in a request that took too long is asked alone, where others were answered meanwhile', async () => {
  const stage = new Stage(2);
  await stage.ask('a slow b c');
  await stage.end('b+c');
  await stage.clock.advance(10_000);
  await stage.ask('a slow b c');
  expect(stage.sent.slice(2)).toEqual(['a', 'slow', 'b+c']);
  await stage.end('a');
  await stage.end('b+c');
  await stage.clock.advance(10_000);
  await stage.ask('a slow b c');
  expect(stage.sent.slice(5)).toEqual(['slow', 'a+b', 'c']);
  await stage.endAll();
});

test('or where nobody else was asked', async () => {
  const stage = new Stage(4);
  await stage.ask('a slow');
  await stage.clock.advance(10_000);
  await stage.ask('a slow');
  expect(stage.sent.slice(1)).toEqual(['a', 'slow']);
  await stage.endAll();
});

test('where nobody was answered all were away: they go together again', async () => {
  const stage = new Stage(2);
  await stage.ask('a b c d');
  await stage.clock.advance(10_000);
  await stage.ask('a b c d');
  expect(stage.sent.slice(2)).toEqual(['a+b', 'c+d']);
  await stage.endAll();
});

test('queries that take too long never have more than half of the turns', async () => {
  const stage = new Stage(1);
  await stage.ask(`ok ${names(7)}`);
  await stage.end('ok');
  await stage.clock.advance(10_000);
  await stage.ask(`${names(7)} ok x y z`);
  expect(stage.underWay).toEqual(['q0', 'q1', 'q2', 'q3', 'ok', 'x', 'y', 'z']);
  await stage.end('ok');
  expect(stage.underWay).toHaveLength(7);
  await stage.end('q0');
  expect(stage.underWay.at(-1)).toBe('q4');
  await stage.endAll();
});

test('one question too many is refused', async () => {
  const silent = { place: 'PLACE', pick: pickAll, carry: () => new Promise<never>(() => undefined) };
  const queue = new QuestionQueue(silent, timeoutMs, systemClock);
  const ask = (query: string) =>
    queue.ask({ query, fromMs: 0, toMs: 0 }).catch((error: Failure) => error.message);
  const said = Array.from({ length: limits.datasourceQuestionsMax }, (_, at) => ask(`q${at}`));
  expect(await ask('x')).toBe('20000 other queries wait for an answer of PLACE');
  said.push(ask('q0'));
  queue.stop();
  expect(new Set(await Promise.all(said))).toEqual(new Set(['stopped before an answer came']));
});

test('after a stop nobody is asked, and what was spoilt is not asked again', async () => {
  const stage = new Stage(2);
  await stage.ask('a b');
  stage.queue.stop();
  await stage.end('a+b', bad);
  await stage.ask('c');
  expect(stage.sent).toEqual(['a+b']);
  expect(stage.said).toEqual(['a', 'b', 'c'].map((name) => `${name} stopped: stopped before an answer came`));
  expect(stage.clock.waiting).toEqual([]);
});

test('a mistake of ours is no failure of the peer', async () => {
  const clock = new FakeClock();
  const carrier = { place: 'PLACE', pick: pickAll, carry: () => Promise.reject(new TypeError('ours')) };
  const queue = new QuestionQueue(carrier, timeoutMs, clock);
  await expect(queue.ask({ query: 'a', fromMs: 0, toMs: 0 })).rejects.toThrow(TypeError);
});
