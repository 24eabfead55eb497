/** The metrics that the collector itself knows: seed 002's fifteen, and three beside `deployment_latency`. */
import type { FamilyType } from '../../exposition/family.ts';
import type { Metric } from './metric.ts';

const nodeMetrics = [
  metric('node_cpu_usage', 'gauge', 'percent', 'CPU time in use, of all cores together.'),
  metric('node_memory_usage', 'gauge', 'percent', 'Memory in use.'),
  metric('node_disk_usage', 'gauge', 'percent', 'Disk space in use.'),
  metric('node_network_io', 'gauge', 'bytes/s', 'Received and sent over the network.'),
];

export const deploymentMetrics = {
  replicas: metric(
    'deployment_replica_count',
    'gauge',
    'replicas',
    'Distinct instances that pushed metrics in the last interval; where none is named, addresses.',
  ),
  requestRate: metric(
    'deployment_request_rate',
    'gauge',
    'requests/s',
    'Metrics pushed in the last interval, a second.',
  ),
  errorRate: metric(
    'deployment_error_rate',
    'gauge',
    'share',
    'Share of the answers of the last interval with a status code of 500 to 599, from 0 to 1.',
  ),
  latency: metric('deployment_latency', 'gauge', 'ms', 'Mean latency in the last interval.'),
  latencyP50: latencyPercentile(50),
  latencyP95: latencyPercentile(95),
  latencyP99: latencyPercentile(99),
} as const;

const betanetMetrics = [
  metric('betanet_packets_processed', 'counter', 'packets', 'Packets that Betanet has processed.'),
  metric('betanet_packets_dropped', 'counter', 'packets', 'Packets that Betanet has dropped.'),
  metric('betanet_latency', 'gauge', 'ms', 'Latency of Betanet.'),
  metric('betanet_connections', 'gauge', 'connections', 'Connections that Betanet has open.'),
];

export const systemMetrics = {
  uptime: metric('system_uptime', 'gauge', 's', 'How long the host of the collector has been up.'),
  nodes: metric(
    'system_total_nodes',
    'gauge',
    'nodes',
    'Distinct node_id of the node_ series with a sample in the last five minutes.',
  ),
  activeDeployments: metric(
    'system_active_deployments',
    'gauge',
    'deployments',
    'Services, in each environment, with a metric within the history of the collector.',
  ),
} as const;

/** Registered from the start, in the order of the document. */
export const documented: readonly Metric[] = [
  ...nodeMetrics,
  deploymentMetrics.replicas,
  deploymentMetrics.requestRate,
  deploymentMetrics.errorRate,
  deploymentMetrics.latency,
  ...betanetMetrics,
  systemMetrics.uptime,
  systemMetrics.nodes,
  systemMetrics.activeDeployments,
];

function latencyPercentile(percent: number): Metric {
  const help = `Latency that ${percent} percent of the requests of the last interval did not exceed.`;
  return metric(`deployment_latency_p${percent}`, 'gauge', 'ms', help);
}

function metric(name: string, type: FamilyType, unit: string, help: string): Metric {
  return { name, family: name, type, unit, help };
}
