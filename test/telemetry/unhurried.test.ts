/** A page that many ask for costs what one of them would. */
import { expect, test } from 'vitest';
import { plain } from '../../src/http/routes.ts';
import { openTelemetry } from '../../src/telemetry/telemetry.ts';
import { unhurriedPage } from '../../src/telemetry/unhurried.ts';
import { FakeClock } from '../fake-clock.ts';
import { reading, targetOf } from './stage.ts';

/** A page that takes 10 ms to make, and says how often it was made. */
function setUp() {
  const clock = new FakeClock();
  let count = 0;
  const ask = unhurriedPage(clock, async () => {
    count++;
    await new Promise<void>((resolve) => clock.after(10, resolve));
    return plain(200, String(count));
  });
  return { clock, ask, made: () => count };
}

test('it is made anew when twenty times as long has passed as it took', async () => {
  const { clock, ask, made } = setUp();
  const first = ask();
  await clock.advance(10);
  expect(String((await first).body)).toBe('1\n');
  await clock.advance(199);
  expect((await ask()).body).toBe((await first).body);
  await clock.advance(1);
  const second = ask();
  await clock.advance(10);
  expect([String((await second).body), made()]).toEqual(['2\n', 2]);
});

test('after two seconds it is made anew, however long it took', async () => {
  const clock = new FakeClock();
  let count = 0;
  const ask = unhurriedPage(clock, async () => {
    await new Promise<void>((resolve) => clock.after(60_000, resolve));
    return plain(200, String(++count));
  });
  const first = ask();
  await clock.advance(60_000);
  await first;
  await clock.advance(2_000);
  const second = ask();
  await clock.advance(60_000);
  expect(String((await second).body)).toBe('2\n');
});

test('whoever asks while it is made waits for the same', async () => {
  const { clock, ask, made } = setUp();
  const all = Array.from({ length: 256 }, () => ask());
  await clock.advance(10);
  expect(new Set(await Promise.all(all)).size).toBe(1);
  expect(made()).toBe(1);
});

test('one that costs nothing is made for everybody', async () => {
  let count = 0;
  const ask = unhurriedPage(new FakeClock(), () => plain(200, String(++count)));
  await ask();
  expect(String((await ask()).body)).toBe('2\n');
});

test('a failure to make it reaches who asked, and the next one may have more luck', async () => {
  let isBroken = true;
  const ask = unhurriedPage(new FakeClock(), () => {
    if (isBroken) throw new Error('broken');
    return plain(200, 'well');
  });
  await expect(ask()).rejects.toThrow('broken');
  isBroken = false;
  expect((await ask()).status).toBe(200);
});

test('no format of the metrics is older than another', async () => {
  let ticks = 0;
  const clock = { ...new FakeClock(), monotonic: () => ticks++ };
  const one = () => 1;
  const { routes, witness, configure } = openTelemetry({
    clock,
    host: { version: '1', runtime: 'v20', residentBytes: one, cpuSeconds: one, openFiles: one },
    inFlight: () => new Map(),
    reports: true,
  });
  const api = targetOf('api');
  configure({ pollIntervalMs: 60_000, targets: [api], dashboards: [] });
  const polls = async (accept: string) => {
    const page = await routes.get('/metrics')?.({ path: '/metrics', query: '', accept });
    return Number(/polls_total\{result="ok"\} (\d+)/.exec(String(page?.body))?.[1]);
  };
  const openMetrics = 'application/openmetrics-text';
  await polls(openMetrics);
  witness.read(reading(api, 0));
  const text = await polls('');
  expect(await polls(openMetrics)).toBeGreaterThanOrEqual(text);
  ticks += 10_000;
  expect([await polls(''), await polls(openMetrics)]).toEqual([1, 1]);
});
