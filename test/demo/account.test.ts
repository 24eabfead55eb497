import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { Account, type Deed } from '../../src/demo/account.ts';
import { type StackmonV2, startStackmonV2 } from '../../src/demo/dialects/stackmon-v2.ts';
import { FakeClock } from '../fake-clock.ts';
import { ask } from './ask.ts';

const secret = 'a-secret-of-thirty-two-characters';
const clock = new FakeClock();

async function start(keep = 1_000): Promise<{ page: StackmonV2; account: Account }> {
  const page = await startStackmonV2({ clock, secret, keep });
  onTestFinished(page.stop);
  return { page, account: new Account(page) };
}

async function send(page: StackmonV2, method: string, path: string, body: object): Promise<void> {
  const token = await new SignJWT({ stackmon: 'dummy' })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(createSecretKey(Buffer.from(secret)));
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  await ask(page.url + path, { method, headers, send: JSON.stringify(body) });
}

function report(page: StackmonV2, impact: number, component = 1): Promise<void> {
  const times = { start_date: '2026-01-20T12:00:00Z', system: true, type: 'incident' };
  return send(page, 'POST', '/v2/events', { title: 'x', impact, components: [component], ...times });
}

function change(page: StackmonV2, id: number, changes: object): Promise<void> {
  const body = { message: 'x', update_date: '2026-01-20T12:00:00Z', ...changes };
  return send(page, 'PATCH', `/v2/events/${id}`, body);
}

const resolved = { status: 'resolved' };
const impactOf = (impact: number) => ({ status: 'impact changed', impact });

/** Everything but what is zero. */
function counted({ total }: Account): Partial<Record<Deed, number>> {
  return Object.fromEntries(Object.entries(total).filter(([, count]) => count > 0));
}

test('what is refused is nothing but that', async () => {
  const { page, account } = await start();
  page.fail('status-503', { times: 1 });
  await report(page, 1);
  await ask(`${page.url}/v2/events`, { method: 'POST', send: 'no token' });
  account.read();
  expect([counted(account), account.failed]).toEqual([{ refused: 2 }, 2]);
});

test('a report that is told again is counted as such', async () => {
  const { page, account } = await start();
  await report(page, 1);
  await report(page, 1);
  account.read();
  expect(counted(account)).toEqual({ opened: 1, again: 1 });
  expect(account.of(1)).toMatchObject({ opened: 1, again: 1 });
});

test('a report that is told again after its answer was lost is counted as such', async () => {
  const { page, account } = await start();
  page.fail('reset-after-accept', { times: 1 });
  await report(page, 1);
  await report(page, 1);
  account.read();
  expect([counted(account), account.failed]).toEqual([{ opened: 1, again: 1 }, 1]);
});

test('a report whose answer is lost, and that arrived, has opened the incident', async () => {
  const { page, account } = await start();
  page.fail('reset-after-accept', { times: 1 });
  await report(page, 2);
  account.read();
  expect(account.of(1)).toMatchObject({ opened: 1 });
});

test('a report that is lost before it arrived has opened nothing', async () => {
  const { page, account } = await start();
  page.fail('reset-before-accept', { times: 1 });
  await report(page, 2);
  account.read();
  expect(counted(account)).toEqual({ refused: 1 });
});

test('worse, better and over are told apart, however often it is read', async () => {
  const { page, account } = await start();
  await report(page, 1);
  account.read();
  await report(page, 3);
  account.read();
  await change(page, 1, impactOf(2));
  await change(page, 1, impactOf(3));
  await change(page, 1, resolved);
  account.read();
  account.read();
  expect(counted(account)).toEqual({ opened: 1, worsened: 2, eased: 1, closed: 1 });
  await report(page, 1);
  account.read();
  expect(counted(account)).toMatchObject({ opened: 2, closed: 1 });
});

test('a change that changes nothing was told before', async () => {
  const { page, account } = await start();
  await report(page, 2);
  await change(page, 1, { status: 'analysing' });
  account.read();
  expect(counted(account)).toEqual({ opened: 1, again: 1 });
});

test('what is taken out of a shared incident and closed leaves the other open', async () => {
  const { page, account } = await start();
  await report(page, 2, 1);
  await report(page, 2, 2);
  await send(page, 'POST', '/v2/events/1/extract', { components: [2] });
  await change(page, 2, resolved);
  account.read();
  expect(counted(account)).toEqual({ opened: 2, split: 1, closed: 1 });
  await change(page, 1, resolved);
  account.read();
  expect(counted(account)).toEqual({ opened: 2, split: 1, closed: 2 });
});

test('a human’s incident is left alone by a report, and touched by a change', async () => {
  const { page, account } = await start();
  const id = page.openIncident(1, [1]);
  account.openedByHuman(id, 1);
  await report(page, 2);
  account.read();
  expect([counted(account), account.isOfHuman(id)]).toEqual([{ left: 1 }, true]);
  await change(page, id, resolved);
  account.read();
  expect(counted(account)).toEqual({ left: 1, touched: 1 });
  expect(account.of(id)).toMatchObject({ left: 1, touched: 1 });
});

test('what the page forgets is forgotten, but for the totals', async () => {
  const { page, account } = await start(4);
  for (let id = 1; id <= 8; id++) {
    await report(page, 1);
    await change(page, id, resolved);
    account.read();
  }
  expect(counted(account)).toEqual({ opened: 8, closed: 8 });
  expect(account.of(1).opened).toBe(0);
  expect(account.of(8).opened).toBe(1);
});
