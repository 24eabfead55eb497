/** The queue between a program and its collector: every metric is accounted for, whatever comes back. */
import { expect, test } from 'vitest';
import { CollectorError, type Complaint } from '../../src/client/collector-error.ts';
import { Outbox, type Trouble } from '../../src/client/outbox.ts';
import { type ClientOptions, clientSettings, limits } from '../../src/client/settings.ts';
import type { Away, Verdict } from '../../src/client/verdict.ts';
import { drawing } from '../chance.ts';
import { FakeClock } from '../fake-clock.ts';

type Batch = { readonly atMs: number; readonly lines: readonly string[] };

const taken: Verdict = { kind: 'taken' };
const unreachable = away({});
const silent = away({ mayBeTaken: true });
const refused: Verdict = { kind: 'refused', error: new CollectorError('answered 401', 401) };
const large: Verdict = { kind: 'large', error: new CollectorError('answered 413', 413) };

function away(more: Partial<Away>): Away {
  return { kind: 'away', error: new CollectorError('away'), mayBeTaken: false, isStale: false, ...more };
}

function wrong(...indices: readonly number[]): Verdict {
  const errors: Complaint[] = indices.map((index) => ({ index, field: 'path', message: 'is odd' }));
  return { kind: 'wrong', error: new CollectorError('answered 400', 400, errors) };
}

type Answering = (lines: readonly string[], number: number) => Verdict | Promise<Verdict>;

/** An outbox whose collector is a function, with time that a test moves. */
function open(options: ClientOptions, answer: Answering) {
  const clock = new FakeClock();
  const batches: Batch[] = [];
  const troubles: (Trouble | undefined)[] = [];
  let calls = 0;
  const { now, monotonic, after } = clock;
  const host = { now, monotonic, after, whileUp: after, chance: () => 0.5, env: {} };
  const outbox = new Outbox(
    clientSettings(options),
    host,
    async (body, count) => {
      const lines = body.trimEnd().split('\n');
      expect(lines).toHaveLength(count);
      batches.push({ atMs: clock.monotonic(), lines });
      return answer(lines, batches.length);
    },
    (trouble) => troubles.push(trouble),
  );
  const put = (count: number, text = (number: number) => `m${number}`) => {
    for (let each = 0; each < count; each++) outbox.put(text(calls++));
  };
  const counts = () => ({ ...outbox.counts, queued: outbox.queued, inFlight: outbox.inFlight });
  const isBalanced = () => {
    const { sent, dropped, failed, queued, inFlight } = counts();
    return sent + dropped + failed + queued + inFlight === calls;
  };
  return {
    outbox,
    clock,
    batches,
    troubles,
    put,
    counts,
    isBalanced,
    timesMs: () => batches.map((b) => b.atMs),
  };
}

const nothing = { sent: 0, dropped: 0, failed: 0, repeated: 0, queued: 0, inFlight: 0 };

test('nothing leaves within the call that put it there', async () => {
  const { clock, put, batches, counts } = open({ batch: { max: 2 } }, () => taken);
  put(5);
  expect(batches).toEqual([]);
  expect(counts()).toEqual({ ...nothing, queued: 5 });
  await clock.advance(0);
  expect(batches.map(({ lines }) => lines)).toEqual([
    ['m0', 'm1'],
    ['m2', 'm3'],
  ]);
  await clock.advance(1_000);
  expect(counts()).toEqual({ ...nothing, sent: 5 });
});

test('few wait for others, as long as they were told to', async () => {
  const { clock, put, timesMs } = open({ batch: { everyMs: 700 } }, () => taken);
  put(1);
  await clock.advance(400);
  put(1);
  await clock.advance(299);
  expect(timesMs()).toEqual([]);
  await clock.advance(1);
  expect(timesMs()).toEqual([700]);
});

test('one request is under way at a time', async () => {
  let answer: (verdict: Verdict) => void = () => undefined;
  const pending = () => new Promise<Verdict>((resolve) => (answer = resolve));
  const { clock, put, batches, counts } = open({ batch: { max: 10 } }, pending);
  put(35);
  await clock.advance(5_000);
  expect(batches).toHaveLength(1);
  expect(counts()).toEqual({ ...nothing, queued: 25, inFlight: 10 });
  answer(taken);
  await clock.advance(0);
  expect(batches).toHaveLength(2);
});

test('a full queue drops the oldest, counted', async () => {
  const { clock, put, batches, counts, troubles } = open({ queueMax: 10, batch: { max: 100 } }, () => taken);
  put(25);
  expect(counts()).toEqual({ ...nothing, dropped: 15, queued: 10 });
  expect(troubles.at(-1)).toBe('the queue is full');
  await clock.advance(1_000);
  expect(batches[0]?.lines).toEqual(Array.from({ length: 10 }, (_, index) => `m${index + 15}`));
});

test('while a collector is away the trouble is that, and not what it does to the queue', async () => {
  const { clock, put, troubles, counts } = open({ queueMax: 3 }, () => unreachable);
  put(3);
  await clock.advance(1_000);
  put(5);
  expect(counts()).toMatchObject({ dropped: 5, queued: 3 });
  expect(new Set(troubles.map(String))).toEqual(new Set(['CollectorError: away']));
});

test('the queue is bounded in bytes too, and what is in flight counts', async () => {
  const never = () => new Promise<Verdict>(() => undefined);
  const { clock, put, counts } = open({ queueBytesMax: 10_000, batch: { max: 4 } }, never);
  const kilobyte = () => 'x'.repeat(999);
  put(20, kilobyte);
  expect(counts()).toMatchObject({ dropped: 10, queued: 10 });
  await clock.advance(0);
  expect(counts()).toMatchObject({ inFlight: 4, queued: 6 });
  put(20, kilobyte);
  expect(counts()).toMatchObject({ dropped: 30, inFlight: 4, queued: 6 });
});

test('one metric that is too long is dropped alone', () => {
  const { put, counts } = open({}, () => taken);
  put(1, () => 'x'.repeat(limits.metricBytesMax));
  put(1);
  expect(counts()).toMatchObject({ dropped: 1, queued: 1 });
});

test('a batch has a limit in bytes', async () => {
  const { clock, put, batches } = open({ batch: { max: 1_000 } }, () => taken);
  put(40, () => 'x'.repeat(60_000));
  await clock.advance(5_000);
  expect(batches.map(({ lines }) => lines.length)).toEqual([17, 17, 6]);
});

test('an unreachable collector is asked ever more seldom, and nothing is lost', async () => {
  let isUp = false;
  const { clock, put, timesMs, counts } = open({}, () => (isUp ? taken : unreachable));
  put(3);
  await clock.advance(120_000);
  const pauses = timesMs().map((ms, index, all) => ms - (all[index - 1] ?? 0));
  expect(pauses).toEqual([1_000, 375, 750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500, 22_500, 22_500]);
  expect(counts()).toEqual({ ...nothing, queued: 3 });
  isUp = true;
  await clock.advance(30_000);
  expect(counts()).toEqual({ ...nothing, sent: 3 });
});

test('a full batch does not shorten the pause', async () => {
  const { clock, put, timesMs } = open({ batch: { max: 5 } }, () => unreachable);
  put(5);
  await clock.advance(100);
  put(500);
  await clock.advance(274);
  expect(timesMs()).toEqual([0]);
});

test('what came back is first again, in its order', async () => {
  const { clock, put, batches } = open({ batch: { max: 3 } }, (_, number) =>
    number === 1 ? unreachable : taken,
  );
  put(3);
  await clock.advance(0);
  put(2);
  await clock.advance(5_000);
  expect(batches.map(({ lines }) => lines.join(' '))).toEqual(['m0 m1 m2', 'm0 m1 m2', 'm3 m4']);
});

test('a collector that asks for time gets it, and a little more', async () => {
  const { clock, put, timesMs } = open({}, (_, number) => (number === 1 ? away({ waitMs: 8_000 }) : taken));
  put(1);
  await clock.advance(60_000);
  expect(timesMs()).toEqual([1_000, 1_000 + 8_000 * 1.125]);
});

test('a flush ends our own pause, but not one that the collector asked for', async () => {
  const own = open({}, () => unreachable);
  own.put(1);
  await own.clock.advance(60_000);
  const before = own.batches.length;
  void own.outbox.flush(1_000);
  await own.clock.advance(0);
  expect(own.batches).toHaveLength(before + 1);

  const asked = open({}, () => away({ waitMs: 30_000 }));
  asked.put(1);
  await asked.clock.advance(2_000);
  void asked.outbox.flush(1_000);
  await asked.clock.advance(1_000);
  expect(asked.batches).toHaveLength(1);
});

test('a connection that was closed while it was idle is replaced at once', async () => {
  const stale = away({ isStale: true });
  const { clock, put, timesMs } = open({}, (_, number) => (number === 1 ? stale : taken));
  put(1);
  await clock.advance(2_000);
  expect(timesMs()).toEqual([1_000, 1_001]);
});

test('but not for ever', async () => {
  const { clock, put, timesMs } = open({}, () => away({ isStale: true }));
  put(1);
  await clock.advance(5_000);
  expect(timesMs().slice(0, 4)).toEqual([1_000, 1_001, 1_376, 2_126]);
});

test('without an answer a metric is sent three times at most, and each repeat is counted', async () => {
  const { clock, put, batches, counts } = open({}, () => silent);
  put(4);
  await clock.advance(60_000);
  expect(batches).toHaveLength(limits.unansweredMax);
  expect(counts()).toEqual({ ...nothing, failed: 4, repeated: 8 });
});

test('what the collector names as wrong fails, and the rest is sent again', async () => {
  const answers = [wrong(0, 3), wrong(1), taken];
  const { clock, put, batches, counts } = open({}, () => answers.shift() ?? taken);
  put(5);
  await clock.advance(1_000);
  expect(batches.map(({ lines }) => lines.join(' '))).toEqual(['m0 m1 m2 m3 m4', 'm1 m2 m4', 'm1 m4']);
  expect(counts()).toEqual({ ...nothing, sent: 2, failed: 3 });
});

test('a collector that finds everything wrong is not asked for ever', async () => {
  const { clock, put, batches, counts } = open({}, () => wrong(0));
  put(100);
  await clock.advance(1_000);
  expect(batches).toHaveLength(limits.roundsMax + 1);
  expect(counts()).toEqual({ ...nothing, failed: 100 });
});

test('what is wrong with all is the end of all', async () => {
  const { clock, put, counts } = open({}, () => wrong(0, 1));
  put(2);
  await clock.advance(1_000);
  expect(counts()).toEqual({ ...nothing, failed: 2 });
});

test('a batch that is too large comes in halves, and so do the next ones', async () => {
  const answer: Answering = (lines) => (lines.join('').length > 250 ? large : taken);
  const { clock, put, batches, counts } = open({ batch: { max: 8 } }, answer);
  put(16, () => 'x'.repeat(99));
  await clock.advance(10_000);
  expect(batches.map(({ lines }) => lines.length)).toEqual([8, 4, 2, 2, 2, 2, 2, 2, 2, 2]);
  expect(counts()).toEqual({ ...nothing, sent: 16 });
});

test('one metric that is too large by itself fails', async () => {
  const { clock, put, counts } = open({}, () => large);
  put(3);
  await clock.advance(10_000);
  expect(counts()).toEqual({ ...nothing, failed: 3 });
});

test('what is refused fails at once, and the next batch is tried', async () => {
  const { clock, put, batches, counts } = open({ batch: { max: 2 } }, () => refused);
  put(4);
  await clock.advance(0);
  expect(batches).toHaveLength(2);
  expect(counts()).toEqual({ ...nothing, failed: 4 });
});

test('a flush is over when all that came before it is settled', async () => {
  const { clock, put, outbox } = open({ batch: { max: 3 } }, () => taken);
  put(7);
  const flushed = outbox.flush(2_000);
  await clock.advance(0);
  expect(await flushed).toBe(true);
  expect(await outbox.flush(2_000)).toBe(true);
});

test('a flush does not wait for what came after it', async () => {
  const answers: ((verdict: Verdict) => void)[] = [];
  const { clock, put, outbox } = open(
    { batch: { max: 2 } },
    () => new Promise((resolve) => answers.push(resolve)),
  );
  put(2);
  const flushed = outbox.flush(2_000);
  put(2);
  await clock.advance(0);
  answers[0]?.(taken);
  expect(await flushed).toBe(true);
  expect(answers.length).toBeLessThanOrEqual(2);
});

test('a flush gives up after its limit', async () => {
  const { clock, put, outbox } = open({}, () => unreachable);
  put(1);
  const flushed = outbox.flush(2_000);
  await clock.advance(2_000);
  expect(await flushed).toBe(false);
});

test('a metric that is dropped is settled', async () => {
  const { clock, put, outbox, counts } = open({ queueMax: 2 }, () => unreachable);
  put(2);
  const flushed = outbox.flush(2_000);
  await clock.advance(0);
  put(2);
  await clock.advance(0);
  expect(counts()).toMatchObject({ dropped: 2, queued: 2 });
  await clock.advance(500);
  expect(await flushed).toBe(true);
});

test.each([
  ['no answer', unreachable],
  ['a yes', taken],
  ['some that are wrong', wrong(0)],
  ['too much', large],
])('at the end all is settled, whatever comes later: %s', async (_, verdict) => {
  let answer: (verdict: Verdict) => void = () => undefined;
  const pending = () => new Promise<Verdict>((resolve) => (answer = resolve));
  const { clock, put, outbox, batches, counts, troubles } = open({ batch: { max: 2 } }, pending);
  put(5);
  await clock.advance(0);
  outbox.end();
  const settled = { ...nothing, dropped: 3, failed: 2 };
  expect(counts()).toEqual(settled);
  const told = troubles.length;
  answer(verdict);
  await clock.advance(60_000);
  expect(batches).toHaveLength(1);
  expect(counts()).toEqual(settled);
  expect(troubles).toHaveLength(told);
});

test('what was cut off at the end is told, also where nothing waited', async () => {
  const { clock, put, outbox, troubles } = open({ batch: { max: 2 } }, () => new Promise(() => undefined));
  put(2);
  await clock.advance(0);
  outbox.end();
  expect(troubles).toEqual(['the client was closed before everything was sent']);
});

test('whatever a collector does, every metric is in exactly one place', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const chance = drawing(seed);
    let acknowledged = 0;
    const answer: Answering = (lines) => {
      const verdicts: readonly Verdict[] = [
        taken,
        taken,
        unreachable,
        silent,
        refused,
        large,
        away({ waitMs: 1_000 + chance(3_000) }),
        away({ mayBeTaken: true, isStale: true }),
        wrong(...lines.flatMap((_, index) => (chance(4) === 0 ? [index] : [])), chance(lines.length)),
      ];
      const verdict = verdicts[chance(verdicts.length)] ?? taken;
      if (verdict.kind === 'taken') acknowledged += lines.length;
      return verdict;
    };
    const options = { queueMax: 1 + chance(60), queueBytesMax: 2_000, batch: { max: 1 + chance(20) } };
    const { clock, put, outbox, counts, isBalanced } = open(options, answer);
    for (let step = 0; step < 60; step++) {
      put(chance(12), (number) => `m${number}`.padEnd(chance(80), '.'));
      if (chance(9) === 0) void outbox.flush(chance(3_000));
      await clock.advance(chance(900));
      expect(isBalanced(), `seed ${seed}, step ${step}`).toBe(true);
      expect(counts().sent, `seed ${seed}`).toBe(acknowledged);
      expect(counts().queued + counts().inFlight, `seed ${seed}`).toBeLessThanOrEqual(options.queueMax);
    }
    outbox.end();
    await clock.advance(60_000);
    expect(isBalanced(), `seed ${seed}`).toBe(true);
    expect(counts()).toMatchObject({ queued: 0, inFlight: 0 });
  }
});
