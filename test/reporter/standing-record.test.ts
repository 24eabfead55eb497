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

/** What is worth telling one kept standing from another, written as plainly as can be. */
function markOf(standing: Standing, policy: Policy | undefined): unknown {
  const kept = saved(standing, policy);
  if (!kept) return undefined;
  const { above, below, level, incident, told, reference, intended, doubts, trouble, suppressed, leftMs } =
    kept;
  const [row, threshold] = incident ? [below, policy?.closeAfter] : [above, policy?.openAfter];
  const isCounted = row !== undefined && threshold !== undefined && 'readings' in threshold;
  return {
    rows: [above?.firstMs, below?.firstMs],
    length: isCounted ? Math.min(row.readings, threshold.readings) : undefined,
    told: policy?.send === 'every_poll' ? told?.status : told,
    incident: incident?.id,
    keys: [intended, doubts].map((messages) => messages?.map(({ key }) => key)),
    trouble: trouble?.reason,
    rest: [level, reference, suppressed, leftMs],
  };
}

test('alike are those of which the same is worth keeping, and no others (seed 11)', () => {
  const draw = drawing(11);
  let alike = 0;
  for (let turn = 0; turn < 20_000; turn++) {
    const drawn = (name: keyof Standing) => ({ [name]: parts[name][draw(parts[name].length)] });
    const one = Object.assign({}, ...names.map(drawn)) as Standing;
    const two: Standing = { ...one, ...drawn(names[draw(names.length)] ?? 'above') };
    const policy = policies[draw(policies.length)];
    if (isAlike(one, two, policy)) {
      alike++;
      expect(markOf(two, policy)).toEqual(markOf(one, policy));
    } else {
      expect(markOf(two, policy)).not.toEqual(markOf(one, policy));
    }
  }
  expect(alike).toBeGreaterThan(1_000);
});

test('where nothing is kept, only what is not worth it is alike', () => {
  const above = { firstMs: 1, newestMs: 1, readings: 1 };
  expect(isAlike(undefined, newStanding, everyPoll)).toBe(true);
  expect(isAlike(undefined, { ...newStanding, above }, everyPoll)).toBe(false);
});
