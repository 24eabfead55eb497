/** A dashboard that is taken out of the configuration and put back at once: one message is under way, never two. */
import { expect, test } from 'vitest';
import { Addressee } from '../../src/app/addressee.ts';
import { giveUp, newMemory } from '../../src/app/composition.ts';
import type { Action } from '../../src/model/incident.ts';
import { Deliveries } from '../../src/reporter/deliveries.ts';
import { newStanding } from '../../src/reporter/standing.ts';
import { FakeClock } from '../fake-clock.ts';
import { everyPoll, plainDashboard, silent, targetOf } from '../reporter/cast.ts';

test('what is put back while its last message is under way waits for the answer, and tells nothing twice', async () => {
  const clock = new FakeClock();
  const shelf = { put: () => undefined };
  const keeping = { shelf, kept: new Map(), settleIntents: (decide: () => Promise<void>) => decide() };
  const memory = newMemory(clock, keeping as unknown as Parameters<typeof newMemory>[1]);
  const policy = { ...everyPoll, send: 'on_change' } as const;
  const told: number[] = [];
  const open = () =>
    new Deliveries(
      {
        dashboard: {
          ...plainDashboard,
          tellsTogether: false,
          tell: async () => {
            told.push(clock.monotonic());
            await new Promise<void>((resolve) => void clock.after(3_000, resolve));
            return { outcome: 'sent' };
          },
        },
        policy,
        ledger: memory.ledger,
        journal: silent,
        clock,
        chance: () => 0,
        maxDataAgeMs: 600_000,
      },
      memory.leaving.get('default'),
    );
  const target = targetOf('api');
  const incident = { id: 'i', dashboard: 'default', members: [target], sinceMs: 0 };
  memory.ledger.set(policy, target.key, { ...newStanding, incident });
  const action: Action = {
    type: 'open',
    incident,
    status: 2,
    timeMs: clock.now(),
    reading: { target, status: 2, timeMs: clock.now(), evidence: { triggered: [] } },
    idempotencyKey: 'key',
  };
  const first = new Addressee(open());
  memory.ledger.intend(policy, action);
  first.reach((deliveries) => deliveries.offer([action]));
  giveUp('default', first, memory);
  void first.handOver(new AbortController().signal);
  await clock.advance(1_000);
  memory.ledger.intend(policy, action);
  open().offer([action]);
  await clock.advance(10_000);
  expect(told).toEqual([0]);
  expect(memory.leaving.size).toBe(0);
});
