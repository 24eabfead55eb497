/** What is said when an event changes, or ends. */
import { impactChanged } from './ownership.ts';

/** `status` is one of the dashboard's words; `update_date` is RFC 3339. */
export type Change = {
  readonly impact?: number;
  readonly status: 'impact changed' | 'resolved';
  readonly message: string;
  readonly update_date: string;
};

export function impactChange(impact: number, moment: string): Change {
  return {
    impact,
    status: 'impact changed',
    message: `${impactChanged} to ${impact}.`,
    update_date: moment,
  };
}

export function resolution(moment: string): Change {
  return {
    status: 'resolved',
    message: 'Recovered: the monitoring system has closed the incident.',
    update_date: moment,
  };
}
