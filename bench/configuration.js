/** What a measured program is told to do. */

export const secret = 'a-secret-of-the-benchmarks';

export function serviceName(index) {
  return `service-${String(index).padStart(4, '0')}`;
}

/** A configuration of `targets` services, one environment each. */
export function configuration({
  convertor,
  dashboard,
  caFile,
  targets,
  interval,
  concurrency = 16,
  retries,
}) {
  const services = Array.from({ length: targets }, (_none, index) => `    - {name: ${serviceName(index)}}`);
  return [
    'convertor:',
    `  url: ${convertor.url}`,
    ...(retries === undefined ? [] : [`  retries: ${retries}`]),
    'status_dashboard:',
    `  url: ${dashboard.url}`,
    `  secret: ${secret}`,
    ...(caFile === undefined ? [] : ['  tls:', `    ca_file: ${caFile}`]),
    'reporter:',
    `  poll_interval: ${interval}`,
    `  concurrency: ${concurrency}`,
    '  services:',
    ...services,
    '',
  ].join('\n');
}
