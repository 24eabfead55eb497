/** A real Alertmanager that tells a receiver of this test, and `amtool` to ask it. */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { startDialect } from '../../src/demo/dialects/dialect.ts';
import { file, freePort, temporaryFolder } from '../process/program.ts';
import { until } from './prometheus.ts';

/** An alert, as its API shows it. */
type Shown = {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
};

/** One notification, as its receiver gets it. */
type Notified = {
  readonly status: 'firing' | 'resolved';
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly (Shown & { readonly status: 'firing' | 'resolved' })[];
};

export type Alertmanager = {
  readonly url: string;
  /** What is firing, by service and severity. */
  readonly alerts: () => Promise<readonly Shown[]>;
  readonly amtool: (...args: readonly string[]) => Promise<string>;
  /** What the receiver got so far. */
  readonly notified: () => readonly Notified[];
  /** The first notification that matches. */
  readonly waitFor: (matches: (notified: Notified) => boolean) => Promise<Notified>;
};

/**
 * Not by itself: it knows no password, no certificate and no way to ask it by TLS.
 *
 * @param web its web configuration
 */
export async function startAlertmanager(web?: object): Promise<Alertmanager> {
  const receiver = await startDialect({}, () => ({ status: 200 }));
  onTestFinished(() => receiver.stop());
  const port = await freePort();
  const folder = temporaryFolder();
  const route = {
    receiver: 'test',
    group_by: ['service'],
    group_wait: '100ms',
    group_interval: '100ms',
    repeat_interval: '1h',
  };
  const webhooks = [{ url: `${receiver.url}/notified`, send_resolved: true }];
  const config = stringify({ route, receivers: [{ name: 'test', webhook_configs: webhooks }] });
  const child = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${file(config, 'alertmanager.yml', folder)}`,
      `--storage.path=${folder}/data`,
      '--cluster.listen-address=',
      `--web.listen-address=127.0.0.1:${port}`,
      ...(web ? [`--web.config.file=${file(stringify(web), 'web.yml', folder)}`] : []),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`Alertmanager ended:\n${said}`)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('msg="Listening on"') || said.includes('msg=Listening')) resolve();
    });
  });

  const url = `http://127.0.0.1:${port}`;
  const notified = () => receiver.requests.map(({ json }) => json as Notified);
  return {
    url,
    alerts: async () => {
      const shown = (await (await fetch(`${url}/api/v2/alerts`)).json()) as Shown[];
      const nameOf = ({ labels }: Shown) => `${labels['service']} ${labels['severity']}`;
      return shown.sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
    },
    amtool: async (...args) => {
      const run = promisify(execFile);
      return (await run('amtool', [`--alertmanager.url=${url}`, ...args])).stdout;
    },
    notified,
    waitFor: (matches) => until(async () => notified().find(matches)),
  };
}
