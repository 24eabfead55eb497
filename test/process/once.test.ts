/** The exit code of `run --once`: what each answer of a dashboard makes of it, where every poll was well. */
import { expect, test } from 'vitest';
import { file, run } from './program.ts';
import { startWorld } from './world.ts';

const cases = [
  { fault: 'status-400', code: 1, told: 'rejected (rejected)' },
  { fault: 'redirect-found', code: 1, told: 'rejected (rejected)' },
  { fault: 'status-401', code: 1, told: 'rejected (unauthorized)' },
  { fault: 'status-500', code: 1, told: 'failed (failed)' },
  { fault: 'status-409', code: 0, told: 'known' },
] as const;

test.each(cases)('a dashboard that answers with $fault ends it with $code', async ({ fault, code, told }) => {
  const { convertor, dashboard, text } = await startWorld(['api'], { dashboard: ['retries: 0'] });
  convertor.set('api', 'production', { status: 2 });
  dashboard.fail(fault);
  const once = await run(['run', '--once', '-c', file(text())]);
  expect([once.code, once.stdout]).toEqual([
    code,
    `${['SERVICE  ENVIRONMENT  HEALTH    DASHBOARDS', `api      production   2 outage  default: ${told}`].join('\n')}\n`,
  ]);
  expect(dashboard.trap.requests).toEqual([]);
});
