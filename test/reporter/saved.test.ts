/** What of the state is read again, whoever wrote it: what makes no sense is left out, and nothing falls over. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unownedIncidents } from '../../src/app/noticed.ts';
import { openIncidents, underMaintenance } from '../../src/app/open-incidents.ts';
import type { Config } from '../../src/config/config.ts';
import { openMaintenance } from '../../src/maintenance/windows.ts';
import { decide } from '../../src/reporter/decision.ts';
import { isUnreadable, Ledger } from '../../src/reporter/ledger.ts';
import { pageName, placeKey } from '../../src/reporter/place.ts';
import { closing, everyPoll, targetOf } from './cast.ts';

const api = targetOf('api');
const key = placeKey(pageName({ name: 'default' }, false), api.key);
const incident = {
  id: 'i',
  dashboard: 'default',
  sinceMs: 1,
  member: { key: api.key, service: 'api', environment: 'production', component: 'API' },
};
const message = { key: 'k', type: 'open', status: 2 };

function restored(kept: ReadonlyMap<string, unknown>) {
  const left: string[] = [];
  const ledger = new Ledger({ put: (name) => void left.push(name) }, kept);
  return { standing: ledger.get(everyPoll, api.key), ledger, left };
}

test('a message that was alone, as an earlier version wrote it, is in doubt', () => {
  const { standing } = restored(new Map([[key, { incident, intended: message }]]));
  expect(standing.doubts).toEqual([message]);
  expect(standing.intended).toEqual([]);
});

const checkLeftOut = (value: unknown, name = key) => {
  const { standing, left } = restored(new Map([[name, value]]));
  expect(standing.incident).toBeUndefined();
  expect(left).toEqual([name]);
  expect(isUnreadable(name, value)).toBe(true);
};

test.each([
  ['nothing', null],
  ['a list', []],
  ['an incident without its member', { incident: { ...incident, member: undefined } }],
  ['a status that there is not', { incident, told: { status: 4, atMs: 1 } }],
  ['a time that is none', { incident, told: { status: 1, atMs: '1' } }],
  ['a time that no calendar has', { incident, told: { status: 1, atMs: 1e300 } }],
  ['a row of no readings', { above: { firstMs: 1, newestMs: 1, readings: 0 } }],
  ['neither an incident nor a row', { told: { status: 1, atMs: 1 } }],
])('what makes no sense is left out, and leaves the shelf: %s', (_, value) => checkLeftOut(value));

test.each(['', 'x', '1', '["a"]', '["[\\"default\\"]","x"]', '["x","[]"]', '[null,null]'])(
  'a key that is no pair is left out: %s',
  (name) => checkLeftOut({ incident }, name),
);

const sane: Readonly<Record<string, unknown>> = {
  above: { firstMs: 1, newestMs: 2, readings: 2 },
  below: { firstMs: 1, newestMs: 2, readings: 2 },
  level: { status: 2, sinceMs: 1 },
  incident,
  told: { status: 2, atMs: 1 },
  reference: 'p8x',
  intended: [message],
  doubts: [message],
  trouble: { reason: 'failed', text: 'no', sinceMs: 1 },
  leftMs: 1,
};

/** Something that makes sense, with any JSON somewhere in it. */
const nearlySane = fc
  .tuple(fc.subarray(Object.keys(sane)), fc.constantFrom(...Object.keys(sane)), fc.jsonValue(), fc.boolean())
  .map(([names, broken, junk, isDeep]) => {
    const value: Record<string, unknown> = Object.fromEntries(names.map((name) => [name, sane[name]]));
    const part = sane[broken];
    const field = typeof part === 'object' ? Object.keys(part ?? {})[0] : undefined;
    value[broken] = isDeep && field !== undefined ? { ...(part as object), [field]: junk } : junk;
    return value;
  });

const anyKey = fc.oneof(
  fc.constant(key),
  fc.string(),
  fc.json(),
  fc.tuple(fc.json(), fc.json()).map((pair) => JSON.stringify(pair)),
  fc.constantFrom('["held","x"]', `["held",${JSON.stringify(api.key)}]`, '["unowned","default"]'),
);

test('whatever the state holds, the reporter starts and decides, and status says something', async () => {
  const windows = await openMaintenance([]);
  const config = { dashboards: [everyPoll], reporter: { targets: [api] } } as unknown as Config;
  const known = { config, windows, nowMs: 1_000 };
  fc.assert(
    fc.property(fc.array(fc.tuple(anyKey, fc.oneof(fc.jsonValue(), nearlySane)), { maxLength: 4 }), (all) => {
      const kept = new Map<string, unknown>(all);
      const { ledger } = restored(kept);
      for (const status of [2, 0] as const) {
        decide([{ target: api, status, timeMs: 60_000, evidence: { triggered: [] } }], ledger, {
          reporterId: 'r',
          policy: { ...everyPoll, send: 'on_change' },
          abilities: closing,
          nowMs: 60_000,
          slackMs: 0,
        });
      }
      ledger.keepOnly([everyPoll], [], 60_000);
      openIncidents(kept, known);
      underMaintenance(kept, known);
      unownedIncidents(kept);
    }),
    { numRuns: 500 },
  );
});
