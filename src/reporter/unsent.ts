/** Why an action is not sent any more, and what it means that a delivery failed. */
import { Failure } from '../model/failure.ts';
import type { Action } from '../model/incident.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Policy } from '../model/policy.ts';
import type { Standing } from './standing.ts';

/** Undefined: it is to be sent. */
export function whyUnsent(
  action: Action,
  standing: Standing,
  send: Policy['send'],
  isTooOld: boolean,
): Failure | undefined {
  if (standing.incident?.id !== action.incident.id || isMoot(action, standing)) return nothingLeft();
  if (send === 'on_change' && isKnownThere(action, standing)) return nothingLeft();
  if (!isTooOld) return undefined;
  return new Failure('dashboard', 'stale', 'the reading has become too old to be sent');
}

/** It was over before anybody heard of it. */
export function isMoot({ type }: Action, { told, doubts }: Standing): boolean {
  return type === 'close' && !told && doubts.length === 0;
}

/** It was acknowledged, or found there, while this waited. */
function isKnownThere({ type, status }: Action, { told, doubts }: Standing): boolean {
  const isChange = type === 'open' || type === 'change';
  return isChange && told?.status === status && doubts.length === 0;
}

export function nothingLeft(): Failure {
  return new Failure('dashboard', 'stopped', 'nothing is left to tell');
}

/** How a delivery ended that failed, while it was still wanted. */
export function outcomeOf(failure: Failure): Outcome {
  return failure.retryable || failure.reason === 'stopped' ? 'failed' : 'rejected';
}
