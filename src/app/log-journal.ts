/**
 * Writes what the reporter does into the log: docs/operating.md explains every line.
 *
 * Seed 001's three lines keep their words. The convertor's evidence stays here; it is never
 * sent to a dashboard.
 */
import type { Clock } from '../model/clock.ts';
import { rfc3339 } from '../model/clock.ts';
import type { KnownReading, NoData } from '../model/reading.ts';
import { statusWord } from '../model/status.ts';
import type { Log } from './log.ts';
import { contextOf, decisionOf, deliveryLog } from './log-deliveries.ts';
import { keepingLog } from './log-keeping.ts';
import { Repeats } from './repeats.ts';
import type { Diary } from './world.ts';

export function logJournal(log: Log, clock: Clock): Diary {
  const repeats = new Repeats(clock);

  function known(reading: KnownReading): void {
    repeats.forget(`target ${reading.target.key}`);
    if (!log.isLevelEnabled('info')) return;
    const word = statusWord(reading.status);
    log.info(contextOf(reading), `Health status: ${reading.status} (${word})`);
  }

  function unknown({ target, reason, detail }: NoData): void {
    // We are stopping, which is no news about the service.
    if (reason === 'stopped') return;
    const { service, environment } = target;
    // A convertor that cannot be reached concerns every target alike: one line, not a thousand.
    const isTransport = reason === 'unreachable' || reason === 'timeout';
    const count = repeats.count(isTransport ? 'convertor' : `target ${target.key}`, reason);
    if (count === 0) return;
    log.warn({ service, environment, reason, count }, `No data for service: ${service}: ${detail}`);
  }

  return {
    asked: ({ service, environment }, durationMs, failure) => {
      if (!failure) return;
      const { reason, httpStatus } = failure;
      const fields = { service, environment, reason, http_status: httpStatus };
      log.debug(
        { ...fields, duration_ms: Math.round(durationMs) },
        `Request to the convertor failed: ${failure.message}`,
      );
    },
    maintenancesFailed: ({ reason, httpStatus, message }) =>
      log.warn(
        { reason, http_status: httpStatus },
        `Convertor does not say what is under maintenance; what it announced before holds: ${message}`,
      ),
    maintenancesDropped: (count) =>
      log.warn({ count }, 'Convertor announces maintenance that makes no sense: these entries are left out'),
    attempted: () => undefined,

    polling: ({ service, environment }) =>
      log.info({ service, environment }, `Polling convertor for service: ${service}`),
    read: (reading) => (reading.status === undefined ? unknown(reading) : known(reading)),

    ...deliveryLog(log, repeats),

    recorded: (action, previews) => {
      for (const { target: request, body } of previews) {
        log.info(
          { ...decisionOf(action), request, body },
          'Would send notification to dashboard (mode record)',
        );
      }
    },

    ...keepingLog(log, repeats),

    maintenanceBegan: ({ service, environment }, { toMs, reason }) =>
      log.info(
        { service, environment, until: rfc3339(toMs), maintenance: reason },
        `Under maintenance, dashboards are told nothing about service: ${service}`,
      ),
    maintenanceOver: ({ service, environment }) =>
      log.info(
        { service, environment },
        `Maintenance is over, dashboards are told again about service: ${service}`,
      ),

    cycleDone: (durationMs, readings) =>
      log.debug(
        {
          duration_ms: Math.round(durationMs),
          targets: readings.length,
          no_data: readings.filter((reading) => reading.status === undefined).length,
        },
        'Cycle done',
      ),
    cyclesSkipped: () => {
      const count = repeats.count('loop', 'late');
      if (count === 0) return;
      log.warn({ count }, 'Cycle took longer than poll_interval: the missed cycles are skipped');
    },
  };
}
