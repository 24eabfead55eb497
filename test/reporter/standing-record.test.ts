/** What is not worth writing again is seen at once, and never is what is worth it. */
import { expect, test } from 'vitest';
import type { Policy } from '../../src/model/policy.ts';
import { newStanding, type Standing } from '../../src/reporter/standing.ts';
import { isAlike, saved } from '../../src/reporter/standing-record.ts';
import { drawing } from '../chance.ts';
import { everyPoll, targetOf } from './cast.ts';

const incident = { id: 'i', dashboard: 'default', members: [targetOf('api')], sinceMs: 0 };
const message = { key: 'k', type: 'open', status: 1 } as const;
const row = (firstMs: number, readings: number) => ({ firstMs, newestMs: firstMs + readings, readings });
const rows = [undefined, row(1, 1), row(1, 2), row(1, 3), row(1, 9), row(2, 9)];

/** Of each part a few values. */
const parts: { readonly [name in keyof Standing]: readonly Standing[name][] } = {
  above: rows,
  below: rows,
  level: [undefined, { status: 1, sinceMs: 1 }],
  incident: [undefined, incident],
  told: [undefined, { status: 1, atMs: 1 }, { status: 1, atMs: 2 }],
  reference: [undefined, 'p8x'],
  intended: [newStanding.intended, [message]],
  doubts: [newStanding.doubts, [message]],
  trouble: [undefined, { reason: 'failed', text: 'no', sinceMs: 1 }],
  suppressed: [undefined, 'others are down'],
  leftMs: [undefined, 1],
};
const names = Object.keys(parts) as (keyof Standing)[];

const policies: readonly (Policy | undefined)[] = [
  undefined,
  everyPoll,
  { ...everyPoll, send: 'on_change', openAfter: { readings: 3 }, closeAfter: { durationMs: 1 } },
];

test('what is alike has one mark (seed 11)', () => {
  const draw = drawing(11);
  let alike = 0;
  for (let turn = 0; turn < 20_000; turn++) {
    const drawn = (name: keyof Standing) => ({ [name]: parts[name][draw(parts[name].length)] });
    const one = Object.assign({}, ...names.map(drawn)) as Standing;
    const two: Standing = { ...one, ...drawn(names[draw(names.length)] ?? 'above') };
    const policy = policies[draw(policies.length)];
    if (!isAlike(one, two, policy)) continue;
    alike++;
    expect(saved(two, policy)?.mark).toBe(saved(one, policy)?.mark);
  }
  expect(alike).toBeGreaterThan(1_000);
});
