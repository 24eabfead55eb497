/** Writes into the log what became of state and history, and what was found on dashboards. */

import type { Log } from './log.ts';
import type { Repeats } from './repeats.ts';
import type { Diary } from './world.ts';

export function keepingLog(
  log: Log,
  repeats: Repeats,
): Pick<
  Diary,
  | 'stateDropped'
  | 'stateFailed'
  | 'stateRecovered'
  | 'historyFailed'
  | 'historyWorks'
  | 'historyFull'
  | 'found'
  | 'noted'
  | 'undecided'
  | 'decided'
> {
  return {
    stateDropped: ({ text, count, offset, keptAs }) =>
      log.warn({ count, offset, file: keptAs }, `Some of the state is lost: ${text}`),
    stateFailed: ({ reason, message }) => {
      const count = repeats.count('state', reason);
      if (count === 0) return;
      log.error({ reason, count }, `State is not written, it is in memory only: ${message}`);
    },
    stateRecovered: () => {
      repeats.forget('state');
      log.info('State is written again');
    },
    historyFailed: ({ reason, message }) => {
      const count = repeats.count('history', reason);
      if (count > 0) log.error({ reason, count }, `History is not written: ${message}`);
    },
    historyWorks: (dropped) => {
      repeats.forget('history');
      log.info({ dropped }, 'History is written again');
    },
    historyFull: (file, written) =>
      log.warn({ file, written }, 'History of this month is as large as it may be: less is written'),

    found: (dashboard, unowned) => {
      if (unowned.length === 0) return;
      log.debug({ dashboard, count: unowned.length }, 'Dashboard has open incidents of others');
    },
    noted: (dashboard, text) => {
      // What follows may differ each time, such as what a dashboard answered.
      const [what = text] = text.split(': ');
      const count = repeats.count(`dashboard ${dashboard}`, what);
      if (count > 0) log.warn({ dashboard, count }, `Dashboard needs a look: ${text}`);
    },
    undecided: (dashboard, failure) => {
      if (!failure) return;
      const { reason, httpStatus: http_status, message } = failure;
      const count = repeats.count(`kind ${dashboard}`, reason);
      if (count === 0) return;
      log.warn(
        { dashboard, reason, http_status, count },
        `Dashboard is told nothing yet, its kind could not be found out: ${message}`,
      );
    },
    decided: (dashboard, kind) => {
      repeats.forget(`kind ${dashboard}`);
      log.info({ dashboard, kind }, 'Dashboard is told from now on: its kind is known');
    },
  };
}
