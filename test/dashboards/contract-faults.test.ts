/** What every kind of dashboard is like after every fault on the wire, while something opens and closes. */
import { expect, test } from 'vitest';
import type { Fault } from './contract-cast.ts';
import { parts, play, writesOf } from './contract-cast.ts';

/** Nothing arrived. The reason, where it is always the same. */
const lostQuestions: readonly (readonly [fault: Fault, reason: string])[] = [
  ['reset-before-accept', 'unreachable: '],
  ['close-before-accept', 'unreachable: '],
  ['not-http', '(unreachable|garbled): '],
  ['huge-error', 'failed: answered 500'],
  ['html-error', 'failed: answered 500(,|$)'],
];

/** All of it arrived. */
const lostAnswers: readonly Fault[] = [
  'reset-after-accept',
  'close-after-accept',
  'half-answer',
  'cut-answer',
  'empty-answer',
  'no-content',
  'garbage-answer',
  'huge-answer',
  'bad-gateway-after-accept',
  'error-after-accept',
];

/** Waits for as long as we do. */
const silence: readonly Fault[] = ['hang', 'hang-after-accept'];

for (const [kind, { abilities, severities, tellsTwice }] of Object.entries(parts)) {
  const worst = `api ${severities[1]}`;

  for (const [fault, reason] of lostQuestions) {
    test(`${kind}: ${fault} is tried again, and right afterwards`, async () => {
      const { peer, walk, outcomes } = await play(kind);
      peer.fail(fault);
      await walk(2);
      expect(writesOf(peer)).toHaveLength(4);
      expect(outcomes).toEqual([expect.stringMatching(new RegExp(`^api open 2: failed, ${reason}`))]);
      expect(outcomes[0]).not.toMatch(/doctype|<|SSH-2/);
      peer.fail(undefined);
      await walk(2);
      expect([peer.shown(), peer.incidents()]).toEqual([[worst], 1]);
    });
  }

  for (const fault of [...lostAnswers, ...silence]) {
    const more = silence.includes(fault) ? ', timeout: 250ms' : '';
    // Where it is silent, waiting for each attempt would take too long here.
    const once = silence.includes(fault) ? `${more}, retries: 1` : more;
    const attempts = silence.includes(fault) ? 2 : 4;

    test(`${kind}: ${fault} once while something opens`, async () => {
      const { peer, walk } = await play(kind, more);
      await walk(0);
      peer.fail(fault, { times: 1 });
      await walk(2, 2);
      expect(peer.shown()).toEqual([worst]);
      expect(peer.incidents()).toBeLessThanOrEqual(tellsTwice || fault === 'hang' ? 1 : 2);
      await walk(0, 0);
      if (abilities.closes) expect(peer.shown()).toEqual([]);
    });

    test(`${kind}: ${fault} for a whole cycle while something opens, then a restart`, async () => {
      const { peer, walk, restart } = await play(kind, once);
      peer.fail(fault, { times: attempts });
      await walk(2);
      restart();
      peer.fail(undefined);
      await walk(2, 2);
      expect(peer.shown()).toEqual([worst]);
      expect(peer.incidents()).toBeLessThanOrEqual(tellsTwice ? 1 : 1 + attempts);
    });

    test(`${kind}: ${fault} while something that was told becomes worse`, async () => {
      const { peer, walk } = await play(kind, once);
      await walk(1);
      peer.fail(fault, { times: attempts });
      await walk(2);
      peer.fail(undefined);
      await walk(2, 2);
      expect(peer.shown()).toEqual([worst]);
      if (tellsTwice) expect(peer.incidents()).toBe(1);
    });

    if (!abilities.closes) continue;

    test(`${kind}: ${fault} while something closes`, async () => {
      const { peer, walk } = await play(kind, once);
      await walk(2);
      peer.fail(fault, { times: attempts });
      await walk(0);
      peer.fail(undefined);
      await walk(0, 0);
      expect(peer.shown()).toEqual([]);
      if (tellsTwice) expect(peer.incidents()).toBe(1);
      await walk(1);
      expect(peer.shown()).toEqual([`api ${severities[0]}`]);
      if (tellsTwice) expect(peer.incidents()).toBe(2);
    });

    test(`${kind}: ${fault} while something opens that is over by then`, async () => {
      const { peer, walk } = await play(kind, once);
      peer.fail(fault, { times: attempts });
      await walk(2);
      peer.fail(undefined);
      await walk(0, 0);
      expect(peer.shown()).toEqual([]);
      if (tellsTwice) expect(peer.incidents()).toBeLessThanOrEqual(1);
    });
  }

  if (!abilities.closes) continue;

  for (const fault of [
    'status-400',
    'status-401',
    'status-404',
    'status-422',
    'status-500',
    'redirect',
  ] as const) {
    test(`${kind}: something closes after ${fault}`, async () => {
      const { peer, walk } = await play(kind);
      await walk(2);
      peer.fail(fault);
      await walk(0);
      peer.fail(undefined);
      await walk(0, 0);
      expect([peer.shown(), peer.trap.requests]).toEqual([[], []]);
    });
  }
}
