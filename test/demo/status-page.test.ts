import { expect, onTestFinished, test } from 'vitest';
import { startStatusPage } from '../../src/demo/status-page.ts';
import { viewStatusPage } from '../../src/demo/view-status-page.ts';
import { FakeClock } from '../fake-clock.ts';
import { ask } from './ask.ts';

const secret = 'a-secret-of-thirty-two-characters';
const mail = { service: 'mail', environment: 'production' };
const staging = { service: 'search', environment: 'staging' };
const humans = { does: 'open', service: 'mail', title: 'Letters may arrive late', impact: 2 } as const;
const closing = { does: 'close', service: 'mail' } as const;

async function start() {
  const clock = new FakeClock();
  const page = await startStatusPage({ clock, keep: 100, secret, targets: [staging, mail] });
  onTestFinished(page.stop);
  return { clock, page, view: () => viewStatusPage(page, secret) };
}

test('a human cannot write about what is not on the page', async () => {
  const { page } = await start();
  expect(() => page.act({ ...humans, service: 'search' })).toThrow('no component for search');
});

test('closing what nobody has opened is nothing', async () => {
  const { page, view } = await start();
  page.act(closing);
  expect((await view()).closed).toEqual([]);
});

test('only what is public is on the page, and all of it is well', async () => {
  const { view } = await start();
  expect(await view()).toMatchObject({ components: [{ name: 'Mail', level: 0 }], open: [], closed: [] });
});

test('a human opens and closes', async () => {
  const { clock, page, view } = await start();
  page.act(humans);
  const { open, components } = await view();
  expect(components).toEqual([{ name: 'Mail', level: 2 }]);
  expect(open).toMatchObject([{ title: 'Letters may arrive late', isOfHuman: true, endMs: undefined }]);
  await clock.advance(5_000);
  page.act(closing);
  page.act(closing);
  const after = await view();
  expect([after.open, after.components[0]?.level]).toEqual([[], 0]);
  const [closed] = after.closed;
  expect((closed?.endMs ?? 0) - (closed?.sinceMs ?? 0)).toBe(5_000);
  expect(closed?.updates.map(({ level, text }) => [level, text])).toEqual([
    [2, 'The incident is detected.'],
    [0, 'Closed.'],
  ]);
});

test('a page that is away answers 503 to everything, until it is well', async () => {
  const { page, view } = await start();
  const events = `${page.url}/v2/events`;
  page.become('away');
  expect([(await ask(events)).status, (await ask(events, { method: 'POST' })).status]).toEqual([503, 503]);
  expect((await view()).isAway).toBe(true);
  page.become('well');
  expect([(await ask(events)).status, (await ask(events, { method: 'POST' })).status]).toEqual([200, 401]);
  expect((await view()).isAway).toBe(false);
});

test('a forgetful page loses one answer, and no more', async () => {
  const { page } = await start();
  const events = `${page.url}/v2/events`;
  page.become('forgetful');
  expect((await ask(events)).status).toBe(200);
  expect((await ask(events, { method: 'POST' })).broken).toBe('ECONNRESET');
  expect((await ask(events, { method: 'POST' })).status).toBe(401);
});

test('a look is shown after a request that went wrong alone, and a bad token as such', async () => {
  const { page, view } = await start();
  const events = `${page.url}/v2/events`;
  const headers = { 'user-agent': 'cloudmon-reporter' };
  await ask(events, { headers });
  await ask(events, { method: 'POST', headers: { authorization: 'Bearer e30.e30.no' }, send: '{}' });
  await ask(events, { headers });
  await ask(events, { headers });
  const { requests } = await view();
  expect(requests.map(({ method, deed, token }) => [method, deed, token?.verified])).toEqual([
    ['GET', 'looked', undefined],
    ['POST', 'refused', false],
  ]);
  expect(JSON.stringify(requests)).not.toContain('e30.e30.no');
});

test('what somebody who watches has asked is no request of the reporter', async () => {
  const { page, view } = await start();
  page.become('away');
  await ask(`${page.url}/v2/events`);
  await ask(`${page.url}/v2/events`);
  expect(await view()).toMatchObject({ requests: [], failed: 0 });
});

test('of many incidents the newest are shown', async () => {
  const { page, view } = await start();
  for (let i = 0; i < 9; i++) {
    page.act({ ...humans, title: `no. ${i}` });
    page.act(closing);
  }
  expect((await view()).closed.map(({ title }) => title)).toEqual(['no. 8', 'no. 7', 'no. 6', 'no. 5']);
});
