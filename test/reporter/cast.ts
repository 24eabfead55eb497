/** Who plays in the tests of the reporter: a target, a policy, and a journal that says nothing. */
import type { Abilities } from '../../src/model/dashboard.ts';
import type { Policy } from '../../src/model/policy.ts';
import { type Target, targetKey } from '../../src/model/target.ts';
import type { Journal } from '../../src/reporter/journal.ts';

export function targetOf(service: string, absent?: Target['absent']): Target {
  return {
    key: targetKey(service, 'production'),
    service,
    environment: 'production',
    component: service,
    attributes: {},
    ids: {},
    flags: [],
    ...(absent && { absent }),
  };
}

/** Seed 001's: every poll is told. */
export const everyPoll: Policy = {
  name: 'default',
  mode: 'send',
  send: 'every_poll',
  repeatIntervalMs: 0,
  openAfter: { readings: 1 },
  closeAfter: { readings: 1 },
  match: { services: ['*'], environments: ['*'], minStatus: 1 },
  retries: 3,
  adopt: 'ours',
};

export const closing: Abilities = { closes: true, lowers: true, attachesEvidence: false, forgets: false };

export const silent: Journal = {
  polling: () => undefined,
  read: () => undefined,
  attempted: () => undefined,
  attemptFailed: () => undefined,
  delivered: () => undefined,
  recorded: () => undefined,
  maintenanceBegan: () => undefined,
  maintenanceOver: () => undefined,
  noted: () => undefined,
  found: () => undefined,
  cycleDone: () => undefined,
  cyclesSkipped: () => undefined,
};

/** What a dashboard of a test has beside the way in which it is told. */
export const plainDashboard = {
  name: 'default',
  kind: 'fake',
  abilities: closing,
  preview: () => [],
  renewSecrets: async () => false,
  stop: () => undefined,
} as const;
