/** The telemetry of a daemon: it listens to the work, and answers whoever asks how that goes. */
import type { CommonConfig, Config } from '../config/config.ts';
import type { Clock } from '../model/clock.ts';
import type { CollectorParts } from '../telemetry/collector-parts.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Lifecycle } from './lifecycle.ts';
import { startLogged } from './listening.ts';
import type { Log } from './log.ts';
import type { World } from './world.ts';

/** Undefined where nobody could ask it: then nothing of it is loaded. */
export async function startTelemetry(
  config: Config,
  { clock, host }: World,
  inFlight: () => ReadonlyMap<string, number>,
  collector: CollectorParts | undefined,
): Promise<Telemetry | undefined> {
  if (config.telemetry.port === undefined && !collector) return undefined;
  const { openTelemetry } = await import('../telemetry/telemetry.ts');
  const telemetry = openTelemetry({ clock, host, inFlight, reports: true, ...(collector && { collector }) });
  show(config, telemetry);
  return telemetry;
}

/** Of a collector without a reporter: there are no targets and no dashboards. */
export async function startCollectorTelemetry(
  { collectIntervalMs }: { readonly collectIntervalMs: number },
  { clock, host }: World,
  collector: CollectorParts,
): Promise<Telemetry> {
  const { openTelemetry } = await import('../telemetry/telemetry.ts');
  const telemetry = openTelemetry({ clock, host, inFlight: () => new Map(), reports: false, collector });
  telemetry.configure({ pollIntervalMs: collectIntervalMs, targets: [], dashboards: [] });
  return telemetry;
}

/** A configuration is in effect. */
export function show({ reporter, dashboards }: Config, telemetry: Telemetry): void {
  const { pollIntervalMs, targets } = reporter;
  telemetry.configure({ pollIntervalMs, targets, dashboards });
}

export type Listening = {
  readonly url: string;
  /** Takes over the certificates of a reload. */
  readonly reload: (config: CommonConfig) => void;
};

/** Undefined where no port is configured. */
export async function listen(
  { telemetry: { port, ...settings } }: CommonConfig,
  telemetry: Telemetry,
  clock: Clock,
  lifecycle: Lifecycle,
  log: Log,
): Promise<Listening | undefined> {
  if (port === undefined) return undefined;
  let current = settings.tls;
  const { routes, probes } = telemetry;
  const listener = await startLogged('Telemetry', { ...settings, port }, { routes, probes }, clock, log);
  lifecycle.onStop('telemetry', listener.stop);
  log.info({ url: listener.url }, 'Telemetry is listening');
  return {
    url: listener.url,
    reload: ({ telemetry: { tls } }) => {
      if (!tls || !current) return;
      if (current.clientCa !== undefined && tls.clientCa === undefined) {
        log.warn('Telemetry goes on asking clients for certificates: restart it to let everybody in');
        return;
      }
      current = tls;
      listener.secure(tls);
    },
  };
}

/** What a socket that is open cannot change. */
export function warnOfRestart(
  { telemetry: started }: CommonConfig,
  { telemetry: next }: CommonConfig,
  log: Log,
): void {
  const isSame =
    started.port === next.port &&
    started.address === next.address &&
    (started.tls === undefined) === (next.tls === undefined);
  if (!isSame) {
    log.warn(
      'telemetry.port, telemetry.address, and TLS on or off are read at the start only: restart to change them',
    );
  }
}
