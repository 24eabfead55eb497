/** A real VictoriaMetrics on loopback that holds given samples; its data in a folder of the test. */
import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { freePort, temporaryFolder } from '../process/program.ts';
import { until } from './prometheus.ts';

/**
 * It scrapes nothing: what the text says is all that it knows.
 *
 * @param text Prometheus's, times in milliseconds
 */
export async function startVictoriaMetricsWith(text: string): Promise<{ readonly url: string }> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'victoria-metrics',
    [`-httpListenAddr=${address}`, `-storageDataPath=${temporaryFolder()}`, '-retentionPeriod=1'],
    { stdio: 'ignore' },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const url = `http://${address}`;
  await until(async () => (await status(`${url}/health`)) === 200 || undefined);
  const imported = await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body: text });
  if (imported.status !== 204) throw new Error(`the import answered ${imported.status}`);
  await fetch(`${url}/internal/force_flush`);
  return { url };
}

async function status(url: string): Promise<number | undefined> {
  try {
    return (await fetch(url)).status;
  } catch {
    return undefined;
  }
}
