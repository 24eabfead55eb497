/** The kind `statuspage` where one of several cannot be told: the others are, in the same cycle. */
import { expect, test } from 'vitest';
import { statuspageStage } from './statuspage-stage.ts';

const three = ['a', 'b', 'c'];

for (const fault of ['status-422', 'status-500'] as const) {
  test(`${fault} to what opens: the others are opened by themselves, and nothing twice`, async () => {
    const { cycle, page, shown, open } = await statuspageStage(', retries: 0', three);
    // Together, and then the first one alone.
    page.fail(fault, { times: 2 });
    await cycle({ a: 2, b: 1, c: 2 });
    expect(shown()).toEqual(['A: operational', 'B: degraded_performance', 'C: major_outage']);
    await cycle({ a: 2, b: 1, c: 2 });
    expect([shown()[0], open().length]).toEqual(['A: major_outage', 3]);
    await cycle({ a: 0, b: 0, c: 0 });
    expect(open()).toEqual([]);
  });

  test(`${fault} to what changes an incident of several: the others change`, async () => {
    const { cycle, page, shown, open } = await statuspageStage(', retries: 0', three);
    await cycle({ a: 1, b: 1, c: 1 });
    expect(open()).toHaveLength(1);
    page.fail(fault, { times: 2 });
    await cycle({ a: 2, b: 0, c: 2 });
    expect(shown()).toEqual(['A: degraded_performance', 'B: operational', 'C: major_outage']);
    await cycle({ a: 2, b: 0, c: 2 });
    expect(shown()).toEqual(['A: major_outage', 'B: operational', 'C: major_outage']);
    await cycle({ a: 0, b: 0, c: 0 });
    expect([open(), page.incidents.length]).toEqual([[], 1]);
  });
}

test('an error of the page after it has taken all of them opens none of them again', async () => {
  const { cycle, page, open } = await statuspageStage(', retries: 0', three);
  page.fail('error-after-accept', { times: 1 });
  await cycle({ a: 2, b: 1, c: 2 });
  expect([open().length, page.incidents.length]).toEqual([1, 1]);
});
