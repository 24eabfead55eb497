/**
 * The history: what was observed, decided, sent and answered, for those who ask later.
 *
 * It hears the work and never holds it up. It is written month by month, and each file stands alone:
 * it begins with everything that is known.
 */
import type { MaintenanceWindow } from '../maintenance/windows.ts';
import type { Clock } from '../model/clock.ts';
import type { Preview } from '../model/dashboard.ts';
import type { DeliveryEvents } from '../model/delivery-events.ts';
import type { Action } from '../model/incident.ts';
import { limits } from '../model/limits.ts';
import type { Reading } from '../model/reading.ts';
import type { Target } from '../model/target.ts';
import { EndedDeliveries } from './deliveries.ts';
import { KnownTargets } from './known.ts';
import type { HistoryRecord } from './record.ts';
import { Writer, type WriterJournal, type WriterSources } from './writer.ts';

export type HistoryJournal = WriterJournal;

export type History = {
  /** A configuration is in effect; what is said later about other targets is not written. */
  readonly configured: (targets: readonly Target[]) => void;
  readonly read: (reading: Reading) => void;
  readonly attempted: (action: Action) => void;
  readonly delivered: DeliveryEvents['delivered'];
  readonly recorded: (action: Action, previews: readonly Preview[]) => void;
  readonly maintenanceBegan: (target: Target, window: MaintenanceWindow) => void;
  readonly maintenanceOver: (target: Target) => void;
  readonly cycleDone: () => void;
  /** Another process has the directory by now: nothing is written there any more. */
  readonly leave: () => void;
  readonly stop: () => Promise<void>;
};

/**
 * @param directory is there, and nobody else writes in it
 * @param isOurs whether that still holds
 */
export function openHistory(
  directory: string,
  clock: Clock,
  journal: HistoryJournal,
  isOurs: WriterSources['isOurs'],
): History {
  const known = new KnownTargets();
  const ended = new EndedDeliveries();
  const writer = new Writer(directory, clock, journal, { known: () => known.again(), isOurs });
  const write = (record: HistoryRecord | undefined) => record && writer.write(record);
  let isReady = false;
  let configuredMs = clock.now();
  let cancelBeat = clock.after(limits.historyBeatMs, beat);
  write({ type: 'start' });

  function beat(): void {
    cancelBeat = clock.after(limits.historyBeatMs, beat);
    writer.beat();
  }

  return {
    configured: (targets) => {
      configuredMs = clock.now();
      write({ type: 'configured', targets: targets.length });
      for (const { service, environment } of known.configure(targets)) {
        write({ type: 'gone', service, environment });
      }
      ended.keepOnly(new Set(targets.map(({ key }) => key)));
    },

    read: (reading) => write(known.observe(reading)),
    attempted: (action) => ended.attempted(action),
    delivered: (...delivery) => write(ended.delivered(...delivery)),
    recorded: (action, previews) => write(ended.recorded(action, previews)),

    maintenanceBegan: (target, { fromMs, toMs, reason }) => {
      if (known.isGone(target)) return;
      const { service, environment } = target;
      // One that is told afterwards does not change what was.
      const from = new Date(Math.max(fromMs, configuredMs)).toISOString();
      const until = new Date(toMs).toISOString();
      const maintained = {
        type: 'maintenance',
        service,
        environment,
        from,
        until,
        maintenance: reason,
      } as const;
      write(maintained);
      known.maintain(target, maintained);
    },
    maintenanceOver: (target) => {
      const { service, environment } = target;
      write({ type: 'maintenance_over', service, environment });
      known.maintainNoMore(target);
    },

    cycleDone: () => {
      if (!isReady) write({ type: 'ready' });
      isReady = true;
    },

    leave: () => writer.leave(),

    stop: async () => {
      cancelBeat();
      write({ type: 'stop' });
      await writer.stop();
    },
  };
}
