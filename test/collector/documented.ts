/** The fifteen metrics of seed 002, in its order. */
export const documented = [
  'node_cpu_usage',
  'node_memory_usage',
  'node_disk_usage',
  'node_network_io',
  'deployment_replica_count',
  'deployment_request_rate',
  'deployment_error_rate',
  'deployment_latency',
  'betanet_packets_processed',
  'betanet_packets_dropped',
  'betanet_latency',
  'betanet_connections',
  'system_uptime',
  'system_total_nodes',
  'system_active_deployments',
];
