/** Tells a kind of dashboard directly, without the deliveries: what they see to cannot cover for it. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Telling } from '../../src/model/dashboard.ts';
import type { AlarmStatus } from '../../src/model/status.ts';
import type { Target } from '../../src/model/target.ts';
import type { FakeClock } from '../fake-clock.ts';

/** What the target needs. */
export function needs(
  target: Target | undefined,
  type: 'open' | 'close',
  more: Partial<Telling> = {},
): Telling {
  if (!target) throw new Error('no target');
  const status: AlarmStatus = 1;
  const incident = { id: target.key, dashboard: 'page', members: [target], sinceMs: 0 };
  const reading = { target, status, timeMs: 0, evidence: { triggered: [] } };
  const action = { type, incident, status, timeMs: 0, reading, idempotencyKey: `${type}${target.key}` };
  return { action, told: undefined, reference: undefined, isDoubted: false, isWanted: () => true, ...more };
}

/** Moves the clock on while somebody waits for it. */
export async function inTime<Result>(
  { clock }: { readonly clock: FakeClock },
  promise: Promise<Result>,
): Promise<Result> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  promise.then(end, end);
  while (!isOver) {
    await turn();
    if (clock.waiting.length > 0) await clock.advance(Math.min(...clock.waiting));
  }
  return promise;
}
