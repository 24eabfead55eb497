/** The telemetry of a daemon: it listens to the work, and answers whoever asks how that goes. */
import type { Config } from '../config/config.ts';
import { startListener } from '../http/listener.ts';
import type { Clock } from '../model/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { toAll } from '../telemetry/witness.ts';
import type { Diary, World } from './composition.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Log } from './log.ts';
import { Repeats } from './repeats.ts';

/** Undefined where it is off: then nothing of it is loaded. */
export async function startTelemetry(
  config: Config,
  { clock, host }: World,
  inFlight: () => ReadonlyMap<string, number>,
): Promise<Telemetry | undefined> {
  if (config.telemetry.port === undefined) return undefined;
  const { openTelemetry } = await import('../telemetry/telemetry.ts');
  const telemetry = openTelemetry({ clock, host, inFlight });
  show(config, telemetry);
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
  readonly reload: (config: Config) => void;
};

export async function listen(
  { telemetry: { port = 0, ...settings } }: Config,
  telemetry: Telemetry,
  clock: Clock,
  lifecycle: Lifecycle,
  log: Log,
): Promise<Listening> {
  let current = settings.tls;
  const repeats = new Repeats(clock);
  const listener = await startListener({ ...settings, port }, telemetry, clock, {
    refused: (client, why) => {
      const count = repeats.count(`client ${client}`, why);
      if (count > 0) log.warn({ client, count }, `Telemetry did not let a client in: ${why}`);
    },
    bug: (error) => {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      const count = repeats.count('bugs', message);
      if (count > 0) log.error({ error: name, stack, count }, `This is a bug, please report it: ${message}`);
    },
  });
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
export function warnOfRestart({ telemetry: started }: Config, { telemetry: next }: Config, log: Log): void {
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

/** A diary that lets the telemetry hear what is written into it. */
export function overheard(diary: Diary, { witness }: Telemetry): Diary {
  return { ...diary, ...toAll([witness, diary]) };
}
