/** Kill -9 at random moments: nothing is lost, and nothing is doubled where the dashboard can tell. */
import { expect, test } from 'vitest';
import { killAtRandom } from './killing.ts';

const seed = 20261121;

test(`every dashboard shows the truth after 40 kills at random moments (seed ${seed})`, async () => {
  const { wrong, doubled } = await killAtRandom(40, seed);
  expect(wrong).toEqual([]);
  expect(doubled.messages).toBeLessThanOrEqual(doubled.possible);
}, 120_000);
