/** Writes deliveries into the log: what a dashboard was told, and what came of it. */
import { rfc3339 } from '../model/clock.ts';
import type { Action } from '../model/incident.ts';
import type { KnownReading } from '../model/reading.ts';
import type { Log } from './log.ts';
import type { Repeats } from './repeats.ts';
import type { Diary } from './world.ts';

export function deliveryLog(log: Log, repeats: Repeats): Pick<Diary, 'attemptFailed' | 'delivered'> {
  return {
    attemptFailed: (action, failure, retryInMs) => {
      if (retryInMs === undefined) return;
      const count = repeats.count(`attempts ${action.incident.dashboard}`, failure.reason);
      if (count === 0) return;
      const { dashboard } = action.incident;
      const wait = (retryInMs / 1000).toFixed(1);
      log.warn(
        { dashboard, reason: failure.reason, http_status: failure.httpStatus, count },
        `Dashboard does not take it, next attempt in ${wait} s: ${failure.message}`,
      );
    },

    delivered: (action, outcome, failure, answer) => {
      const { reference, note } = answer ?? {};
      const fields = { ...decisionOf(action), outcome, reference, note };
      if (!failure) {
        log.info(fields, 'Sent notification to dashboard: success');
      } else if (outcome === 'superseded' && failure.reason !== 'stale') {
        log.debug(fields, 'Notification is no longer needed');
      } else {
        const { reason, httpStatus, message } = failure;
        const whom = `deliveries ${action.incident.dashboard} ${action.reading.target.key}`;
        const count = repeats.count(whom, reason);
        if (count === 0) return;
        log.error(
          { ...fields, reason, http_status: httpStatus, count },
          `Could not send notification to dashboard: ${message}`,
        );
      }
    },
  };
}

export function contextOf({ target, status, timeMs, evidence }: KnownReading): object {
  return {
    service: target.service,
    environment: target.environment,
    component: target.component,
    status,
    observed: rfc3339(timeMs),
    category: evidence.category,
    matched_expression: evidence.matchedExpression,
    ...(evidence.triggered.length > 0 && { triggered: evidence.triggered }),
  };
}

/** `reason`: why it is told: open, change, repeat or close. */
export function decisionOf(action: Action): object {
  return {
    ...contextOf(action.reading),
    status: action.type === 'close' ? 0 : action.status,
    dashboard: action.incident.dashboard,
    reason: action.type,
    incident: action.incident.id.slice(0, 12),
  };
}
