/** What every kind of dashboard makes of every answer, on the real way: statuses, waits, hostile words. */
import { expect, test } from 'vitest';
import { kinds } from '../../src/dashboards/kinds.ts';
import {
  type Fault,
  type Peer,
  parts,
  play,
  playWithFile,
  silentKinds,
  theSecret,
  writesOf,
} from './contract-cast.ts';

const speaking = [...kinds.keys()].filter((kind) => !silentKinds.includes(kind));

test('every kind is spoken with here', () => {
  expect(Object.keys(parts).sort()).toEqual([...speaking].sort());
});

/** The first attempts fail; when all is well again, so is the dashboard. */
async function check(kind: string, fault: Fault, attempts: number, reason: string): Promise<void> {
  const { peer, walk, outcomes, part } = await play(kind);
  await walk(0);
  peer.fail(fault);
  await walk(1);
  expect(writesOf(peer)).toHaveLength(attempts);
  expect(outcomes).toEqual([expect.stringMatching(new RegExp(`^api open 1: ${reason}`))]);
  expect(peer.trap.requests).toEqual([]);
  peer.fail(undefined);
  // A dashboard may have asked to be left alone for a while.
  await walk(1, 1);
  expect(peer.shown()).toEqual([`api ${part.severities[0]}`]);
  expect(peer.incidents()).toBe(1);
}

const retried: readonly (readonly [status: number, reason: string])[] = [
  [408, 'failed'],
  [420, 'rate_limited'],
  [425, 'failed'],
  [429, 'rate_limited'],
  [500, 'failed'],
  [501, 'failed'],
  [502, 'failed'],
  [503, 'failed'],
  [504, 'failed'],
];

const final = [400, 404, 405, 410, 413, 415, 418, 422];

const redirects: readonly Fault[] = [
  'redirect',
  'redirect-found',
  'redirect-permanently',
  'redirect-forever',
  'redirect-metadata',
  'redirect-socket',
];

/** What the dashboard says about when to ask again, and the gaps between attempts. */
const patience: readonly (readonly [Fault, readonly number[]])[] = [
  ['retry-after-seconds', [2_000, 2_000, 4_000]],
  ['retry-after-date', [3_000, 3_000, 4_000]],
  ['retry-after-past', [1_000, 2_000, 4_000]],
  ['retry-after-zero', [1_000, 2_000, 4_000]],
  ['retry-after-negative', [1_000, 2_000, 4_000]],
  ['retry-after-garbage', [1_000, 2_000, 4_000]],
  ['retry-after-unavailable', [2_000, 2_000, 4_000]],
  ['retry-after-minute', []],
  ['retry-after-day', []],
  ['retry-after-overflow', []],
];

for (const kind of Object.keys(parts)) {
  for (const [status, reason] of retried) {
    test(`${kind}: ${status} is tried again, four times in all`, () =>
      check(kind, `status-${status}` as Fault, 4, `failed, ${reason}: answered ${status}`));
  }

  for (const status of final) {
    test(`${kind}: ${status} is final for this cycle`, () => {
      const reason = parts[kind]?.reasons?.[status] ?? 'rejected';
      return check(kind, `status-${status}` as Fault, 1, `rejected, ${reason}: `);
    });
  }

  for (const redirect of redirects) {
    test(`${kind}: a ${redirect} is never followed`, () =>
      check(kind, redirect, 1, 'rejected, rejected: answered 30[278], a redirect, which is never followed'));
  }

  for (const status of ['401', '403'] as const) {
    test(`${kind}: ${status} with the only secret there is`, () =>
      check(kind, `status-${status}`, 1, `rejected, unauthorized: answered ${status}`));
  }

  test(`${kind}: 409 is what the kind says`, async () => {
    const { peer, walk, outcomes, part } = await play(kind);
    peer.fail('status-409');
    await walk(1);
    expect(writesOf(peer)).toHaveLength(1);
    const [outcome] = outcomes;
    expect(outcome).toMatch(
      part.conflict === 'known' ? /^api open 1: known/ : /^api open 1: rejected, rejected: answered 409/,
    );
  });

  for (const status of ['401', '403'] as const) {
    test(`${kind}: ${status} with an old secret, and a new one in its file`, async () => {
      const { part, peer, walk, outcomes, rotate } = await playWithFile(kind);
      rotate();
      if (!part.asksFirst) peer.fail(`status-${status}`, { times: 1 });
      await walk(1);
      expect(outcomes).toEqual([expect.stringMatching(/^api open 1: sent/)]);
      expect(writesOf(peer)).toHaveLength(part.asksFirst ? 1 : 2);
      const times = peer.requests.map(({ timeMs }) => timeMs);
      expect(Math.max(...times) - Math.min(...times)).toBe(1_000);
    });
  }

  test(`${kind}: the gaps between attempts grow`, async () => {
    const { peer, walk } = await play(kind);
    peer.fail('status-503');
    await walk(1);
    expect(gapsOf(peer)).toEqual([1_000, 2_000, 4_000]);
  });

  for (const [fault, gaps] of patience) {
    test(`${kind}: ${fault}`, async () => {
      const { peer, walk, outcomes } = await play(kind);
      peer.fail(fault);
      await walk(1);
      expect(gapsOf(peer)).toEqual(gaps);
      peer.fail(undefined);
      await walk(1);
      expect(outcomes).toEqual([
        expect.stringMatching(/^api open 1: failed, (rate_limited|failed): answered (429|503)/),
        expect.stringMatching(/^api open 1: sent/),
      ]);
    });
  }

  for (const status of [200, 201, 302, 400, 401, 404, 409, 422, 429, 500]) {
    test(`${kind}: ${status} with hostile words and our own secret says nothing of them`, async () => {
      const { peer, walk, outcomes, notes } = await play(kind);
      peer.fail(echo(status));
      await walk(1, 2, 0);
      const said = [...outcomes, ...notes].join('\n');
      expect(said).not.toContain(theSecret);
      expect(said).not.toMatch(/eyJ[\w-]/);
      expect(said.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      peer.fail('escape-codes');
      await walk(1, 2, 0);
      expect([...outcomes, ...notes].join('')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    });
  }
}

/** Tells back all that it was told, in every place where a program may look for words. */
function echo(status: number): Parameters<Peer['fail']>[0] {
  return ({ request, response }) => {
    const { authorization = '', ...others } = request.headers;
    const words = `\u001b[31m${authorization} ${theSecret}\r\n\u2028 ${JSON.stringify(others)} ${request.url}`;
    const body = {
      message: words,
      error: words,
      errors: [words],
      errMsg: words,
      data: { id: words },
      id: words,
    };
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
}

function gapsOf(peer: Peer): readonly number[] {
  const times = writesOf(peer).map(({ timeMs }) => timeMs);
  return times.slice(1).map((timeMs, index) => timeMs - (times[index] ?? 0));
}
