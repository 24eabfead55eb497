/** What the program exposes, for comparing it with what rules and panels ask for. */
import { openTelemetry } from '../../src/telemetry/telemetry.ts';
import { FakeClock } from '../fake-clock.ts';
import { realCollector } from '../telemetry/real-collector.ts';

const host = {
  version: '0.0.0',
  runtime: 'v20.0.0',
  residentBytes: () => 1,
  cpuSeconds: () => 1,
  openFiles: () => 1,
};

/** The names of all series, also of those that have no sample yet. */
export async function exposedNames(): Promise<ReadonlySet<string>> {
  const collector = await realCollector();
  const parts = { clock: new FakeClock(), host, inFlight: () => new Map(), reports: true, collector };
  const { routes } = openTelemetry(parts);
  const page = await routes.get('/metrics')?.({ path: '/metrics', query: '', accept: '' });
  const types = [...String(page?.body).matchAll(/^# TYPE (\S+) (\w+)$/gm)];
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
    ),
  );
}

/** What Prometheus itself knows about every target. */
const ofPrometheus = ['up', 'scrape_duration_seconds'];

/** The names in a query that nobody exposes or records. */
export function unknownNames(query: string, known: ReadonlySet<string>): readonly string[] {
  const withoutTexts = query.replaceAll(/"[^"]*"/g, '""').replaceAll(/\{[^}]*\}/g, '{}');
  // A metric, not a function or a label: it has matchers or a range, or a colon, or is compared or counted.
  const words = withoutTexts.match(/[a-z_][\w:]*/g) ?? [];
  const names = words.filter((word) => /^(cloudmon_|process_|scrape_|up$)|:/.test(word));
  return names.filter((name) => !known.has(name) && !ofPrometheus.includes(name));
}
