/** A window, and what tests do with it. */
import type { Cap } from '../../../src/collector/journal.ts';
import { none } from '../../../src/collector/window/names.ts';
import { windowRoutes } from '../../../src/collector/window/stats.ts';
import { Window } from '../../../src/collector/window/window.ts';
import { FakeClock } from '../../fake-clock.ts';
import type { Pushed } from './naive-window.ts';

export const settings = { historyMs: 1_800_000, metricsMax: 1_000_000, namesMax: 50_000, hashIps: false };

export type Deployed = { readonly environment?: string; readonly instance?: string; readonly peer?: string };

export function stage(changed: Partial<typeof settings> = {}, startMs?: number) {
  const clock = new FakeClock(startMs);
  const caps = new Map<Cap, number>();
  const window = new Window({ ...settings, ...changed }, clock, (cap) => {
    caps.set(cap, (caps.get(cap) ?? 0) + 1);
  });
  const routes = windowRoutes(window, clock);
  const text = async (path: string): Promise<string> => {
    const page = await routes.get(path)?.({ path, query: '', accept: '' });
    return String(page?.body);
  };
  return {
    clock,
    window,
    caps,
    routes,
    text,
    stats: async () => JSON.parse(await text('/api/stats')),
    services: async () => JSON.parse(await text('/api/services')),
    push: (metric: Omit<Pushed, 'timeMs'> & Deployed & { readonly timeMs?: number }) =>
      push(window, { timeMs: clock.now(), ...metric }),
  };
}

function push(window: Window, metric: Pushed & Deployed): void {
  const { path, ip, instance } = metric;
  window.add(
    metric.timeMs,
    metric.latencyMs ?? Number.NaN,
    metric.statusCode ?? 0,
    window.services.take(metric.service),
    path === undefined ? none : window.paths.take(path),
    ip === undefined ? none : window.ips.take(ip),
    window.environments.take(metric.environment ?? 'production'),
    instance === undefined ? none : window.instances.take(instance),
    window.peers.take(metric.peer ?? '10.9.0.1'),
  );
}
