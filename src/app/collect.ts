/** The collector alone, as a daemon: no reporter, no convertor, no dashboard. */
import type { CollectConfig } from '../config/config.ts';
import { openCollecting } from './collector.ts';
import type { Daemon } from './daemon.ts';
import { Lifecycle } from './lifecycle.ts';
import type { Log } from './log.ts';
import { listen, startCollectorTelemetry, warnOfRestart } from './telemetry.ts';
import type { World } from './world.ts';

export async function startCollect(
  config: CollectConfig,
  log: Log,
  world: World,
): Promise<Daemon<CollectConfig>> {
  const lifecycle = new Lifecycle();
  const { clock } = world;
  const collecting = await openCollecting(config.collector, config.maintenance, world, log);
  const telemetry = await startCollectorTelemetry(config.collector, world, collecting.parts);
  const listening = await listen(config, telemetry, clock, lifecycle, log);
  await collecting.listen(telemetry, lifecycle);

  return {
    telemetryUrl: listening?.url,
    collectorUrl: collecting.url(),
    // Nothing of it ends by itself: what a timer throws is told as a bug.
    ended: new Promise(() => undefined),
    stop: () => {
      telemetry.drain();
      collecting.drain();
      return lifecycle.stop(log);
    },
    refuseReload: telemetry.refuseReload,
    reload: (next) => {
      telemetry.configure({ pollIntervalMs: next.collector.collectIntervalMs, targets: [], dashboards: [] });
      listening?.reload(next);
      warnOfRestart(config, next, log);
      collecting.reload(next.collector, next.maintenance);
    },
  };
}
