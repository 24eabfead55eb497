/** The kind `statuspage` where much is open: what is not read whole is read in smaller parts. */
import { expect, test } from 'vitest';
import { statuspageStage } from './statuspage-stage.ts';

const unresolved = 'GET /incidents/unresolved';
const lengthy = { status: 'investigating', body: 'x'.repeat(300_000) };

test('a list that is too large for one answer is asked for in smaller pages', async () => {
  const { walk, forget, page, open, asked, outcomes } = await statuspageStage();
  await walk(2);
  for (let human = 0; human < 20; human++) page.human.open({ ...lengthy, name: `human ${human}` });
  forget();
  asked();
  await walk(0, 0);
  const pages = ['page=1&per_page=100', 'page=1&per_page=10', 'page=2&per_page=10', 'page=3&per_page=10'];
  expect(asked().filter((each) => each.startsWith(unresolved))).toEqual(
    [...pages, ...pages].map((each) => `${unresolved}?${each}`),
  );
  expect(outcomes.slice(1)).toEqual(['api close 2: sent, reference inc000000001']);
  expect(open()).toHaveLength(20);
});

test('incidents that are too large together are read one by one', async () => {
  const { walk, forget, page, open } = await statuspageStage();
  await walk(2);
  for (let human = 0; human < 3; human++) {
    page.human.open({ ...lengthy, body: lengthy.body.repeat(6), name: `human ${human}` });
  }
  forget();
  await walk(0, 0);
  expect(open()).toHaveLength(3);
});

test('one that is too large by itself is said, and nothing is closed unseen', async () => {
  const { walk, page, outcomes, open } = await statuspageStage();
  await walk(2);
  page.human.open({ ...lengthy, body: lengthy.body.repeat(15), name: 'human' });
  await walk(0);
  expect(outcomes.slice(1)).toEqual([
    'api close 2: rejected, garbled: the answer is larger than 4194304 bytes',
  ]);
  expect(open()).toHaveLength(2);
});

test('however many components an incident names, its id is known', async () => {
  const services = Array.from(
    { length: 90 },
    (_, at) => `service-${at}/A component with a rather long name ${at}`,
  );
  const { cycle, page, asked } = await statuspageStage('', services);
  await cycle(Object.fromEntries(services.map((each) => [each.split('/')[0], 2])));
  asked();
  await cycle(Object.fromEntries(services.map((each) => [each.split('/')[0], 0])));
  expect(asked().map((each) => each.split(' {')[0])).toEqual([
    'GET /incidents/inc000000001',
    `${unresolved}?page=1&per_page=100`,
    'PATCH /incidents/inc000000001',
  ]);
  expect(page.incidents.map(({ status }) => status)).toEqual(['resolved']);
});
