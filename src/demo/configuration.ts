/** The configuration of the demo, as a user would write it: templates, flags and weighted expressions make the health. */
import type { TargetName } from './story.ts';

export type DemoSettings = {
  /** The dashboard that cannot close. */
  readonly dashboardUrl: string;
  readonly secret: string;
  readonly statusPageUrl: string;
  readonly statusPageSecret: string;
  readonly targets: readonly TargetName[];
};

const pollIntervalSeconds = 2;
/** The one that the status page hears of. */
export const publicEnvironment = 'production';
/** Of what the reporter opens there. */
const incidentTitle = 'Found by monitoring';

const labels = '{deployment_id="$service",environment="$environment"}';
/** Over a few seconds, so that what is silent soon has no value: a series alone keeps its newest for five minutes. */
const mean = (metric: string, window: string) => `avg_over_time(${metric}${labels}[${window}])`;

const templates = {
  slow: { query: mean('deployment_latency', '2s'), op: 'gt', threshold: 400 },
  lagging: { query: mean('deployment_latency_p95', '2s'), op: 'gt', threshold: 3_000 },
  errors: { query: mean('deployment_error_rate', '3s'), op: 'gt', threshold: 0.05 },
  down: { query: mean('deployment_error_rate', '3s'), op: 'gt', threshold: 0.5 },
};

/** What is sent in the background may take its time. */
const flagsOf = (service: string) =>
  service === 'mail' ? ['lagging', 'errors', 'down'] : ['slow', 'errors', 'down'];

/** Plain data; printed as YAML or as JSON it is a file for `--config`. */
export function demoConfiguration(settings: DemoSettings): object {
  const { dashboardUrl, secret, statusPageUrl, statusPageSecret, targets } = settings;
  const services = [...new Set(targets.map(({ service }) => service))];
  const environments = [...new Set(targets.map(({ environment }) => environment))].map((name) => ({ name }));
  return {
    // An answer is about now, or it is none.
    convertor: { max_data_age: '3s' },
    health_query: { query_from: '-1min', query_to: 'now' },
    server: { address: '127.0.0.1' },
    collector: { collect_interval: '1s', history: '5m', series_capacity: 600 },
    datasource: { type: 'embedded' },
    environments,
    metric_templates: templates,
    flag_metrics: services.flatMap((service) =>
      flagsOf(service).map((name) => ({ name, service, template: { name }, environments })),
    ),
    health_metrics: Object.fromEntries(services.map((service) => [service, healthOf(service)])),
    dashboards: {
      public: {
        kind: 'stackmon-v2',
        url: statusPageUrl,
        secret: statusPageSecret,
        title: incidentTitle,
        match: { environments: [publicEnvironment] },
      },
    },
    status_dashboard: { kind: 'incidents', url: dashboardUrl, secret },
    reporter: {
      poll_interval: pollIntervalSeconds,
      services: targets.map(({ service, environment }) => ({ name: service, environment })),
    },
  };
}

/** As people call it on the status page. */
export function componentOf(service: string): string {
  return service.charAt(0).toUpperCase() + service.slice(1);
}

function healthOf(service: string): object {
  const flags = flagsOf(service).map((flag) => `${service}.${flag}`);
  const [slow, errors, down] = flags;
  return {
    service,
    category: 'shop',
    component_name: componentOf(service),
    metrics: flags,
    expressions: [
      { expression: slow, weight: 1 },
      { expression: `${errors} || ${down}`, weight: 2 },
      { expression: `${down} && ${slow}`, weight: 3 },
    ],
  };
}
