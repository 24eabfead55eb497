import { expect, onTestFinished, test } from 'vitest';
import { openNumbers } from '../../src/demo/numbers.ts';
import { json, type Reply, reply, text } from '../../src/demo/reply.ts';
import { startServer } from '../../src/demo/server.ts';
import { hang, resetMidway, stream } from '../../src/demo/wire.ts';
import { FakeClock } from '../fake-clock.ts';

const key = '["search","production"]';
const labels = { deployment_id: 'search', environment: 'production' };

function vector(...values: readonly string[]): Reply {
  const result = values.map((value) => ({ metric: labels, value: [1_700_000_000, value] }));
  return json(200, { status: 'success', data: { resultType: 'vector', result } });
}

/** @param answers by the metric that is asked for; others have no series */
async function ask(answers: Readonly<Record<string, Reply>>) {
  const clock = new FakeClock();
  const queries: string[] = [];
  const { url, stop } = await startServer({}, (exchange, { query }) => {
    const asked = query['query'] ?? '';
    queries.push(asked);
    const metric = /\((\w+)\[/.exec(asked)?.[1] ?? '';
    reply(exchange, answers[metric] ?? vector());
  });
  onTestFinished(stop);
  return { clock, queries, read: openNumbers(url, clock), stop };
}

async function checkBroken(answer: Reply): Promise<void> {
  const { read } = await ask({ deployment_error_rate: answer, deployment_latency: vector('12.5') });
  expect([...(await read())]).toEqual([[key, { latencyMs: 12.5 }]]);
}

test('an answer that is refused is no number, and the others still are', () =>
  checkBroken(text(422, 'no such function')));
test('neither is one that says it is well and is not found', () => checkBroken(text(404, 'not found')));
test('neither is one that breaks off', () =>
  checkBroken(resetMidway({ status: 200, body: '{"status":"success","data":{"result":[]}}' })));
test('neither is one that has no end', () =>
  checkBroken(stream({ status: 200 }, '{"data":', Buffer.alloc(65_536, 'x'), 1e9)));

test('a collector that says nothing is waited for two seconds', async () => {
  const { clock, queries, read } = await ask({ deployment_error_rate: hang, deployment_latency: hang });
  let isRead = false;
  const reading = read().finally(() => {
    isRead = true;
  });
  while (queries.length < 3) await clock.advance(0);
  await clock.advance(1_999);
  expect(isRead).toBe(false);
  await clock.advance(1);
  expect([...(await reading)]).toEqual([]);
  expect(clock.waiting).toEqual([]);
});

test('nobody there is no numbers', async () => {
  const { read, stop } = await ask({});
  await stop();
  expect([...(await read())]).toEqual([]);
});

test('each number comes from its own query', async () => {
  const { read } = await ask({
    deployment_request_rate: vector('4'),
    deployment_error_rate: vector('0.25'),
    deployment_latency: vector('900'),
  });
  expect([...(await read())]).toEqual([[key, { requestsPerSecond: 4, errorShare: 0.25, latencyMs: 900 }]]);
});

test('whoever looks within half a second asks nobody', async () => {
  const { clock, queries, read } = await ask({});
  await Promise.all([read(), read()]);
  await clock.advance(499);
  await read();
  expect(queries.length).toBe(3);
  await clock.advance(1);
  await read();
  expect(queries.length).toBe(6);
});
