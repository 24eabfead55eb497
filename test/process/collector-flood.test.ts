/** Ten times what is allowed, every name new: what is taken is counted, the rest is refused, polls go on. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { watchPolls } from './polls.ts';
import { file, freePort, start } from './program.ts';
import { startWorld } from './world.ts';

type Pushed = {
  readonly asked: number;
  readonly accepted: number;
  readonly statuses: Readonly<Record<string, number>>;
};

type Push = {
  readonly port: number;
  readonly seconds: number;
  readonly connections: number;
  readonly addresses: readonly string[];
  /** Metrics a request. */
  readonly batch: number;
  readonly perSecond: number;
};

async function push(settings: Push): Promise<Pushed> {
  const child = fork('test/process/pushers.js', { env: {}, execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.send(settings);
  const [pushed] = await once(child, 'message');
  return pushed as Pushed;
}

/** A reporter that polls every second, with a collector beside it. */
async function both(rate: number) {
  const { convertor, text } = await startWorld(['api'], { pollSeconds: 1 });
  const port = await freePort();
  const more = `server: {port: ${port}}\ncollector: {rate: ${rate}, collect_interval: 1s, cleanup_interval: 1s}\n`;
  const program = start(['-c', file(text({ more }))]);
  const { url } = await program.waitForLog('Collector is listening');
  const polls = watchPolls(convertor, program.pid);
  await polls.come(2);
  /** How late the polls were, but for the worst of them: the machine is shared. */
  const lateness = () => polls.missedMs()[1] ?? Number.NaN;
  return { port, url: String(url), pid: program.pid, lateness };
}

async function json(url: string): Promise<Record<string, unknown>> {
  return (await (await fetch(url)).json()) as Record<string, unknown>;
}

async function metric(url: string, name: string): Promise<number> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const values = page
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  return values.reduce((sum, value) => sum + value, 0);
}

function peakMiB(pid: number): number {
  const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

test.each([
  ['one metric a request, one address', { rate: 200, batch: 1, addresses: ['127.0.2.1'] }],
  ['batches of 2,000, two addresses', { rate: 20_000, batch: 2_000, addresses: ['127.0.2.1', '127.0.2.2'] }],
])('%s', { timeout: 60_000 }, async (_what, { rate, batch, addresses }) => {
  const [flooded, calm] = await Promise.all([both(rate), both(rate)]);
  const seconds = 5;
  const perSecond = 10 * rate * addresses.length;
  const pushed = await push({ port: flooded.port, seconds, connections: 24, addresses, batch, perSecond });
  expect(Object.keys(pushed.statuses).filter((status) => !['200', '429', '503'].includes(status))).toEqual(
    [],
  );
  expect(pushed.statuses['429']).toBeGreaterThan(0);
  // A second's worth at once, and for the batches what the last one was above it.
  expect(pushed.accepted).toBeLessThanOrEqual((rate * (seconds + 2) + batch * 24) * addresses.length);
  expect(await metric(flooded.url, 'cloudmon_collector_metrics_ingested_total')).toBe(pushed.accepted);
  const { total_requests: total, requests_by_service: services } = await json(`${flooded.url}/api/stats`);
  expect(total).toBe(pushed.accepted);
  const counted = Object.values(services as Record<string, number>).reduce((sum, count) => sum + count, 0);
  expect(counted).toBe(pushed.accepted);
  expect(peakMiB(flooded.pid)).toBeLessThan(128);
  expect(flooded.lateness()).toBeLessThan(Math.max(250, 3 * calm.lateness()));
});
