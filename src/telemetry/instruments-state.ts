/** How things stand, looked up when somebody asks. */
import { noLabels } from '../exposition/family.ts';
import { type Health, healthLevel } from './health.ts';
import type { Host } from './host.ts';
import type { InstrumentRegistry } from './instruments-registry.ts';
import type { Observations } from './observations.ts';

export type StateParts = {
  readonly seen: Observations;
  readonly health: () => Health;
  readonly host: Host;
  readonly inFlight: () => ReadonlyMap<string, number>;
};

/** Of what a reporter polls and tells. */
export function registerState(registry: InstrumentRegistry, parts: StateParts): void {
  registerTargets(registry, parts.seen);
  registerDashboards(registry, parts);
  registerCycles(registry, parts.seen);
}

/** Of the program, whatever it does. */
export function registerProgram(registry: InstrumentRegistry, parts: StateParts): void {
  registerReporter(registry, parts);
  registerProcess(registry, parts);
}

/** Read from where the targets are: each has one series, whatever it is called. */
function registerTargets(registry: InstrumentRegistry, { targets }: Observations): void {
  const labelNames = ['service', 'environment'];
  registry.add('gauge', {
    name: 'cloudmon_reporter_service_status',
    help: 'Newest status of a target: 0 healthy, 1 degraded, 2 outage, 3 critical, -1 no data.',
    labelNames,
    read: (name) =>
      Array.from(targets.values(), ({ labels, status = -1 }) => ({ name, labels, value: status })),
  });
  registry.add('counter', {
    name: 'cloudmon_reporter_service_flaps_total',
    help: 'Changes of the status of a target; silence in between is no change.',
    labelNames,
    read: (name) => Array.from(targets.values(), ({ labels, flaps }) => ({ name, labels, value: flaps })),
  });
}

function registerDashboards(registry: InstrumentRegistry, { seen, inFlight }: StateParts): void {
  const labelNames = ['dashboard'];
  registry.add('gauge', {
    name: 'cloudmon_reporter_dashboard_connected',
    help: 'Whether the newest attempt at a dashboard was answered, by 1 or 0; absent before the first one.',
    labelNames,
    read: (name) =>
      [...seen.dashboards].flatMap(([dashboard, { connected }]) =>
        connected === undefined ? [] : [{ name, labels: { dashboard }, value: Number(connected) }],
      ),
  });
  registry.add('gauge', {
    name: 'cloudmon_reporter_deliveries_in_flight',
    help: 'Deliveries to a dashboard that are under way, the waits between their attempts included.',
    labelNames,
    read: (name) => {
      const counts = inFlight();
      return Array.from(seen.dashboards.keys(), (dashboard) => ({
        name,
        labels: { dashboard },
        value: counts.get(dashboard) ?? 0,
      }));
    },
  });
  registry.add('gauge', {
    name: 'cloudmon_reporter_unowned_incidents',
    help: 'Open incidents on a dashboard that are not ours; absent for kinds that cannot list them.',
    labelNames,
    read: (name) =>
      [...seen.dashboards].flatMap(([dashboard, { unowned }]) =>
        unowned === undefined ? [] : [{ name, labels: { dashboard }, value: unowned }],
      ),
  });
}

function registerCycles(registry: InstrumentRegistry, seen: Observations): void {
  single(
    registry,
    'cloudmon_reporter_convertor_connected',
    'Whether the convertor answered anything in the newest cycle, by 1 or 0.',
    () => Number(seen.isConvertorConnected),
  );
  single(
    registry,
    'cloudmon_reporter_last_cycle_timestamp_seconds',
    'When the newest cycle ended; absent before the first one.',
    () => seen.cycle && seen.cycle.atMs / 1000,
  );
}

function registerReporter(registry: InstrumentRegistry, { seen, health, host }: StateParts): void {
  const prefix = 'cloudmon_reporter_';
  single(
    registry,
    `${prefix}health_status`,
    'How the program is: 1 healthy, 0.5 degraded (a peer or the configuration fails), 0 unhealthy.',
    () => healthLevel[health().status],
  );
  single(
    registry,
    `${prefix}config_last_reload_successful`,
    'Whether the newest configuration was taken, by 1 or 0; where it was not, the one before stays.',
    () => Number(!seen.isConfigurationBroken),
  );
  single(
    registry,
    `${prefix}config_last_reload_success_timestamp_seconds`,
    'When a configuration was last taken.',
    () => seen.configuredMs / 1000,
  );
  single(registry, `${prefix}uptime_seconds`, 'How long the program has run.', () => seen.uptimeMs / 1000);
  const labels = { version: host.version, runtime: host.runtime };
  registry.add('gauge', {
    name: `${prefix}build_info`,
    help: 'Always 1: which version runs, on which Node.js.',
    labelNames: ['version', 'runtime'],
    read: (name) => [{ name, labels, value: 1 }],
  });
}

/** The names that every Prometheus client uses. */
function registerProcess(registry: InstrumentRegistry, { seen, host }: StateParts): void {
  registry.add('counter', {
    name: 'process_cpu_seconds_total',
    help: 'Processor time that the process has used.',
    read: (name) => [{ name, labels: noLabels, value: host.cpuSeconds() }],
  });
  single(registry, 'process_resident_memory_bytes', 'Memory that the process holds.', host.residentBytes);
  single(
    registry,
    'process_open_fds',
    'Files and connections that the process has open; absent where the system does not say.',
    host.openFiles,
  );
  single(
    registry,
    'process_start_time_seconds',
    'When the program was started.',
    () => seen.startedMs / 1000,
  );
}

/** A gauge without labels; without a sample where there is no value. */
function single(
  registry: InstrumentRegistry,
  family: string,
  help: string,
  value: () => number | undefined,
): void {
  registry.add('gauge', {
    name: family,
    help,
    read: (name) => {
      const now = value();
      return now === undefined ? [] : [{ name, labels: noLabels, value: now }];
    },
  });
}
