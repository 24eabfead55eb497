/** The `collector` section, and where it listens. */
import * as z from 'zod/mini';
import { isLoopback } from '../http/first-byte.ts';
import {
  type ConnectionSettings,
  connectionKeys,
  connectionSettings,
  type SettingsWarning,
} from '../http/settings.ts';
import type { Secret } from '../model/secret.ts';
import { duration } from '../values/duration.ts';
import { section } from '../values/facts.ts';
import { truth, whole } from '../values/number.ts';
import { headerSecret } from '../values/secret.ts';
import { name, textMap, word } from '../values/text.ts';
import { pageUrl } from '../values/url.ts';
import type { HealthRules } from './health/rules.ts';
import { onMissing } from './health/settings.ts';
import { isLabelName, isMetricName } from './series/name.ts';

/** Something that is asked for metrics every `collect_interval`. */
export type SourceSettings = {
  readonly timeoutMs: number;
  readonly labels: Readonly<Record<string, string>>;
} & (
  | { readonly type: 'node' }
  | ({ readonly type: 'prometheus' } & RemoteSource)
  | ({ readonly type: 'json'; readonly map: Readonly<Record<string, string>> } & RemoteSource)
);

type RemoteSource = ConnectionSettings & { readonly url: string; readonly bearerToken?: Secret };

export type CollectorSettings = {
  /** Where it listens. Port 0, which no file can say: a free one. */
  readonly address: string;
  readonly port: number;
  readonly historyMs: number;
  readonly cleanupIntervalMs: number;
  readonly metricsMax: number;
  /** Metrics a second and address. */
  readonly rate: number;
  readonly collectIntervalMs: number;
  readonly pointsPerSeriesMax: number;
  readonly seriesMax: number;
  readonly pointsMax: number;
  /** Distinct values of one field; the rest is "other". */
  readonly namesMax: number;
  /** Of metrics that name none. */
  readonly environment: string;
  readonly bearerToken?: Secret;
  readonly hashIps: boolean;
  readonly sources: readonly SourceSettings[];
  /** Absent: there are no health_metrics, so nothing can be asked about. */
  readonly health?: HealthRules;
};

type SourceKeys = z.output<typeof sourceKeys>;

const sourceKeys = section(
  'Something that is asked for metrics every collect_interval.',
  z.strictObject({
    type: word(
      ['node', 'prometheus', 'json'],
      'node: this host. prometheus: an exporter. json: fields of an endpoint.',
    ),
    url: z.exactOptional(pageUrl('Of the exporter or the endpoint.')),
    labels: z.prefault(textMap('label', 'Added to every series from here.'), {}),
    map: z.exactOptional(textMap('field', 'Of json: path of a field, such as queue.length: metric name.')),
    timeout: z.prefault(duration({ min: '100ms', max: '1m' }, 'For one answer.'), 5),
    bearer_token: z.exactOptional(headerSecret('Sent as Authorization: Bearer.')),
    ...connectionKeys,
  }),
);

const sourceSchema = z.pipe(
  sourceKeys,
  z.transform((keys, context): SourceSettings => {
    for (const { path, message, remedy } of sourceErrors(keys)) {
      context.issues.push({ code: 'custom', input: undefined, path: [...path], message, params: { remedy } });
    }
    const { type, url = '', map = {}, labels, timeout: timeoutMs } = keys;
    if (type === 'node') return { type, labels, timeoutMs };
    const remote = {
      ...connectionSettings(keys),
      url,
      labels,
      timeoutMs,
      ...(keys.bearer_token && { bearerToken: keys.bearer_token }),
    };
    return type === 'json' ? { type, map, ...remote } : { type, ...remote };
  }),
);

function sourceErrors({ type, url, map, labels }: SourceKeys): readonly SettingsWarning[] {
  return [...placeErrors(type, url), ...mapErrors(type, map), ...Object.keys(labels).flatMap(labelErrors)];
}

function placeErrors(type: SourceKeys['type'], url: string | undefined): readonly SettingsWarning[] {
  if (type === 'node') {
    return url === undefined ? [] : [{ path: ['url'], message: 'is not for a node', remedy: 'Take it out' }];
  }
  return url === undefined ? [{ path: ['url'], message: 'is missing', remedy: 'Add it' }] : [];
}

function mapErrors(type: SourceKeys['type'], map: SourceKeys['map']): readonly SettingsWarning[] {
  if (type !== 'json') {
    return map ? [{ path: ['map'], message: 'is only for json', remedy: 'Take it out' }] : [];
  }
  const fields = Object.entries(map ?? {});
  if (fields.length === 0) {
    return [{ path: ['map'], message: 'maps no field', remedy: 'Write field.path: metric_name' }];
  }
  return fields.flatMap(([field, metric], index) => {
    const path = ['map', field];
    if (!isMetricName(metric)) {
      const remedy = 'Use letters, digits, _ and :, and begin with no digit';
      return [{ path, message: 'is no name for a metric', remedy }];
    }
    const first = fields.findIndex(([, other]) => other === metric);
    if (first === index) return [];
    const remedy = 'Give each field a metric of its own';
    return [{ path, message: `names the metric ${metric}, as another field does`, remedy }];
  });
}

/** What tells the series of one histogram or summary from each other. */
const partLabels: ReadonlySet<string> = new Set(['le', 'quantile']);

function labelErrors(label: string): readonly SettingsWarning[] {
  if (partLabels.has(label)) {
    const message = 'is what histograms and summaries call a label of their own';
    return [{ path: ['labels', label], message, remedy: 'Use another name' }];
  }
  if (isLabelName(label)) return [];
  const remedy = 'Use letters, digits and _, begin with no digit and not with __';
  return [{ path: ['labels', label], message: 'is no name for a label', remedy }];
}

/** What the section says, for settings that more than this section makes. */
type CollectorKeys = Omit<CollectorSettings, 'address' | 'port' | 'health'> & {
  readonly isOpen: boolean;
  readonly onMissing: HealthRules['onMissing'];
};

/** Where it listens stands in a section of its own, because CloudMon keeps it there. */
export const collectorSchema = z.pipe(
  section(
    'The collector: metrics that are pushed and scraped.',
    z.strictObject({
      history: z.prefault(duration({ min: '1m', max: '24h' }, 'How long a pushed metric counts.'), '30m'),
      cleanup_interval: z.prefault(
        duration({ min: '1s', max: '1h' }, 'How often memory of older metrics is given back.'),
        '5m',
      ),
      max_metrics: z.prefault(
        whole(1, 20_000_000, 'Pushed metrics kept; above it the oldest goes.'),
        1_000_000,
      ),
      rate: z.prefault(whole(1, 10_000_000, 'Metrics a second and address; above it 429.'), 20_000),
      collect_interval: z.prefault(
        duration({ min: '1s', max: '1h' }, 'How often sources are asked and pushed metrics summed up.'),
        '15s',
      ),
      series_capacity: z.prefault(whole(2, 1_000_000, 'Points of one series.'), 5_760),
      max_series: z.prefault(whole(1, 1_000_000, 'Series; more are refused and counted.'), 10_000),
      max_points: z.prefault(whole(2, 100_000_000, 'Points of all series together.'), 2_000_000),
      max_names: z.prefault(whole(1, 65_000, 'Distinct values of one field; the rest is "other".'), 50_000),
      environment: z.prefault(name('Of pushed metrics that name none.'), 'production'),
      bearer_token: z.exactOptional(headerSecret('Required of every request but the probes.')),
      allow_anonymous: z.prefault(truth('Lets everybody in where the address is not loopback.'), false),
      hash_ips: z.prefault(truth('Shows a hash instead of each address.'), false),
      sources: z.prefault(section('What is asked for metrics.', z.array(sourceSchema)), []),
      on_missing: z.prefault(onMissing, 'no_data'),
    }),
  ),
  z.transform(
    (keys): CollectorKeys => ({
      historyMs: keys.history,
      cleanupIntervalMs: keys.cleanup_interval,
      metricsMax: keys.max_metrics,
      rate: keys.rate,
      collectIntervalMs: keys.collect_interval,
      pointsPerSeriesMax: keys.series_capacity,
      seriesMax: keys.max_series,
      pointsMax: keys.max_points,
      namesMax: keys.max_names,
      environment: keys.environment,
      ...(keys.bearer_token && { bearerToken: keys.bearer_token }),
      hashIps: keys.hash_ips,
      sources: keys.sources,
      isOpen: keys.allow_anonymous,
      onMissing: keys.on_missing,
    }),
  ),
);

export function collectorErrors(
  settings: Pick<CollectorSettings, 'bearerToken' | 'sources'> & { readonly isOpen: boolean },
  address: string,
): readonly SettingsWarning[] {
  return [...doorErrors(settings, address), ...repeatedErrors(settings.sources)];
}

/** Nobody is let in from elsewhere by mistake. */
function doorErrors(
  { isOpen, bearerToken }: { readonly isOpen: boolean; readonly bearerToken?: Secret },
  address: string,
): readonly SettingsWarning[] {
  if (address === 'localhost' || isLoopback(address) || isOpen || bearerToken) return [];
  return [
    {
      path: ['bearer_token'],
      message: `is missing, and server.address ${address} is open to the network`,
      remedy: 'Name its file in bearer_token_file, or say allow_anonymous: true',
    },
  ];
}

/** Two would write the same series, each a point between those of the other. */
function repeatedErrors(sources: readonly SourceSettings[]): readonly SettingsWarning[] {
  const seen = new Map<string, number>();
  return sources.flatMap((source, index) => {
    const labels = Object.entries(source.labels).sort(([one], [two]) => (one < two ? -1 : 1));
    const identity = JSON.stringify([source.type, source.type === 'node' ? '' : source.url, labels]);
    const first = seen.get(identity);
    if (first === undefined) {
      seen.set(identity, index);
      return [];
    }
    const same = source.type === 'node' ? 'type' : 'type, url';
    const message = `has the same ${same} and labels as sources[${first}]`;
    return [{ path: ['sources', String(index)], message, remedy: 'Take it out, or give it other labels' }];
  });
}
