/** The kind `console`: one line for each change. */
import { expect, test } from 'vitest';
import { stage } from './stage.ts';

test('a walk prints each change, and nothing where nothing changed', async () => {
  const { walk, outcomes } = await stage('{kind: console}');
  await walk(0, 1, 1, 2, 1, 0, 1, 0);
  expect(outcomes.filter((line) => line.startsWith('printed'))).toEqual([
    'printed 2026-01-20T12:01:00Z  DEGRADED   API (api, production)',
    'printed 2026-01-20T12:03:00Z  OUTAGE     API (api, production)',
    'printed 2026-01-20T12:04:00Z  DEGRADED   API (api, production)',
    'printed 2026-01-20T12:05:00Z  RECOVERED  API (api, production)',
    'printed 2026-01-20T12:06:00Z  DEGRADED   API (api, production)',
    'printed 2026-01-20T12:07:00Z  RECOVERED  API (api, production)',
  ]);
});
