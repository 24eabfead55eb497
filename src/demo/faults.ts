/**
 * Which fault a service asks for by its name.
 *
 * One rule: `fault-<peer>-<fault>`, and `-2`, `-3`, … after it where several targets need
 * the same one: `fault-convertor-hang`, `fault-dashboard-status-503-2`. The environment is
 * free. A name that begins so and is not in a table is answered with 500 and a list of the
 * names, so that a slip of the pen is found.
 */
import { convertorFaults } from './convertor-faults.ts';
import { dashboardFaults } from './dashboard-faults.ts';

export type ConvertorFault = keyof typeof convertorFaults;
export type DashboardFault = keyof typeof dashboardFaults;

const tables = { convertor: convertorFaults, dashboard: dashboardFaults };

export type FaultPeer = keyof typeof tables;
export type FaultOf<P extends FaultPeer> = P extends 'convertor' ? ConvertorFault : DashboardFault;

export const convertorFaultNames = Object.keys(convertorFaults) as ConvertorFault[];
export const dashboardFaultNames = Object.keys(dashboardFaults) as DashboardFault[];

/** The name of a service that makes `peer` show `fault`; `number` from 2 on tells several apart. */
export function faultyService<P extends FaultPeer>(peer: P, fault: FaultOf<P>, number = 1): string {
  return `fault-${peer}-${fault}${number > 1 ? `-${number}` : ''}`;
}

/** `unknown`: the name asks for a fault of this peer that is in no table. */
export function faultFor<P extends FaultPeer>(peer: P, service: string): FaultOf<P> | 'unknown' | undefined {
  const prefix = `fault-${peer}-`;
  if (!service.startsWith(prefix)) return undefined;
  const name = service.slice(prefix.length);
  const found = [name, name.replace(/-\d+$/, '')].find((candidate) => Object.hasOwn(tables[peer], candidate));
  return found === undefined ? 'unknown' : (found as FaultOf<P>);
}

/** What each fault does, for people. */
export function describeFaults(peer: FaultPeer): string {
  return Object.entries(tables[peer])
    .map(([name, fault]) => `fault-${peer}-${name}: ${fault.does}\n`)
    .join('');
}
