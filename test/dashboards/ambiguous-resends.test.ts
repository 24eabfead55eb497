/** Which failed attempts make the next one a message that may have been taken before, as the metrics count it. */
import { expect, onTestFinished, test } from 'vitest';
import { startSlack } from '../../src/demo/dialects/slack.ts';
import type { DashboardFault } from '../../src/demo/faults.ts';
import { statusFailure } from '../../src/http/verdict.ts';
import { FakeClock } from '../fake-clock.ts';
import { targetOf, stage as telemetryStage } from '../telemetry/stage.ts';
import { stage } from './stage.ts';

/** Two attempts fail, the third is taken: how many of them are counted as sent again. */
async function check(fault: DashboardFault, resends: number): Promise<void> {
  const clock = new FakeClock();
  const channel = await startSlack({ clock, path: '/services/T1/B1/x' });
  onTestFinished(() => channel.stop());
  const telemetry = telemetryStage([targetOf('api')], ['page']);
  const section = `{kind: slack, webhook_url: "${channel.url}/services/T1/B1/x"}`;
  const { walk, outcomes } = await stage(section, undefined, clock, telemetry.witness);
  channel.fail(fault, { times: 2 });
  await walk(2);
  expect(channel.requests).toHaveLength(3);
  expect(outcomes).toEqual(['api open 2: sent']);
  const { body } = await telemetry.ask('/metrics');
  const name = 'cloudmon_reporter_ambiguous_resends_total{dashboard="page"}';
  expect(body.split('\n')).toContain(`${name} ${resends}`);
}

test('who says that it is not available has not taken it: no attempt after a 503 says it again', () =>
  check('status-503', 0));

test('nor one after a 429', () => check('status-429', 0));

test.each(['status-500', 'status-502', 'status-504', 'reset-after-accept'] as const)(
  'what failed by %s may have been taken',
  (fault) => check(fault, 2),
);

test('of all statuses, those of the server make it doubtful, but not 503', () => {
  const statuses = Array.from({ length: 300 }, (_, index) => 300 + index);
  const doubtful = statuses.filter((status) => statusFailure('dashboard', status, {}, 0).isAmbiguous);
  expect(doubtful).toEqual(statuses.filter((status) => status >= 500 && status !== 503));
});
