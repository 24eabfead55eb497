/** docs/telemetry.md says what is kept: limits, and how many reasons there are. */
import { expect, test } from 'vitest';
import { failureReasons } from '../../src/model/failure.ts';
import { limits } from '../../src/model/limits.ts';
import { page } from './page.ts';

const telemetry = page('docs/telemetry.md');
const security = telemetry.text.split('\n## Security\n')[1]?.replace(/\s+/g, ' ') ?? '';

test('the limits are those that are kept', () => {
  const { connectionPhaseMs, connectionsMax, connectionsPerAddressMax } = limits;
  expect(security).toContain(`has ${connectionPhaseMs / 1_000} s to send a complete request`);
  expect(security).toContain(`at most ${connectionsMax}, and ${connectionsPerAddressMax} from one address`);
  expect(security).toContain(`read up to ${limits.requestBytesMax / 1_024} KiB and never`);
  expect(security).toContain(`headers up to ${limits.requestHeaderBytesMax / 1_024} KiB`);
});

test('there are as many reasons of a failure as it says', () => {
  expect(security).toContain('which of eleven reasons');
  expect(failureReasons).toHaveLength(11);
});
