/** The `reporter` section: what is asked about, how often, and under which name we tell it. */
import * as z from 'zod/mini';
import type { AlarmStatus } from '../model/status.ts';
import type { Target } from '../model/target.ts';
import { duration } from '../values/duration.ts';
import { section } from '../values/facts.ts';
import { whole } from '../values/number.ts';
import { name, text, textMap } from '../values/text.ts';

export type ReporterSettings = {
  /** Marks what is ours on a dashboard. */
  readonly id: string;
  /** Start to start of two cycles. */
  readonly pollIntervalMs: number;
  /** Polls under way at once. */
  readonly concurrency: number;
  readonly targets: readonly Target[];
  /** Where state and history are kept: a path, or `auto`. */
  readonly stateDir: string;
};

/** An entry of `reporter.services`: one target for each of its environments. */
export type ServiceEntry = z.output<typeof serviceEntry>;

const serviceEntry = z.pipe(
  section(
    'A service that is asked about.',
    z.strictObject({
      name: name('What the convertor calls it.'),
      environment: z.exactOptional(name('Default: reporter.defaults.environment.')),
      environments: z.exactOptional(
        section('Instead of environment, several of them.', z.array(name('An environment.'))),
      ),
      component: z.exactOptional(
        name('Its name on the page. Default: CloudMon’s component_name, else the name.'),
      ),
      attributes: z.exactOptional(textMap('attribute', 'Default: CloudMon’s attributes of the environment.')),
      ids: z.exactOptional(
        textMap('dashboard', 'The component’s id on a dashboard, where names do not match.'),
      ),
      absent: z.exactOptional(
        section(
          'No data for so long counts as a status. Without it no data never opens an incident.',
          z.strictObject({
            after: duration({ min: '1s', max: '7d' }, 'For how long.'),
            status: whole(1, 3, 'As which status.'),
          }),
          ['after', 'status'],
        ),
      ),
    }),
    ['name'],
  ),
  z.transform(({ absent, ...entry }, context) => {
    if (entry.environment !== undefined && entry.environments !== undefined) {
      complain(context, 'environments', 'cannot stand beside environment', 'Keep one of them');
    }
    if (entry.environments?.length === 0) {
      complain(context, 'environments', 'is empty', 'Name at least one environment');
    }
    return {
      ...entry,
      ...(absent && { absent: { afterMs: absent.after, status: absent.status as AlarmStatus } }),
    };
  }),
);

type Context = {
  readonly issues: {
    push(issue: {
      readonly code: 'custom';
      readonly input: undefined;
      readonly path: string[];
      readonly message: string;
      readonly params: Record<string, unknown>;
    }): unknown;
  };
};

function complain(context: Context, key: string, message: string, remedy: string): void {
  context.issues.push({ code: 'custom', input: undefined, path: [key], message, params: { remedy } });
}

/** All but the targets: those also come from CloudMon's sections. */
export const reporterSchema = z.pipe(
  section(
    'What is asked about, how often, and under which name it is told.',
    z.strictObject({
      id: z.prefault(
        name('Marks what is ours on a dashboard; two reporters of one page need different ones.'),
        'cloudmon-reporter',
      ),
      poll_interval: z.prefault(
        duration({ min: '1s', max: '24h' }, 'From start to start of two cycles.'),
        60,
      ),
      concurrency: z.prefault(whole(1, 1_000, 'Polls under way at once.'), 16),
      defaults: z.prefault(
        section(
          'For services that do not say it themselves.',
          z.strictObject({ environment: z.prefault(name('The environment.'), 'production') }),
        ),
        {},
      ),
      services: z.prefault(
        section('Default: CloudMon’s environments times its health_metrics.', z.array(serviceEntry)),
        [],
      ),
      state_dir: z.prefault(
        text(
          4_096,
          'Where state and history are kept. auto: $STATE_DIRECTORY, else /var/lib/cloudmon-reporter where that can be written, else memory only.',
        ),
        'auto',
      ),
    }),
  ),
  z.transform((keys) => ({
    id: keys.id,
    pollIntervalMs: keys.poll_interval,
    concurrency: keys.concurrency,
    environment: keys.defaults.environment,
    services: keys.services,
    stateDir: keys.state_dir,
  })),
);
