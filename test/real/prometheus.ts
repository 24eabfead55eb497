/** A real Prometheus, on a port that the system chose, with its data in a folder of the test. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { file, temporaryFolder } from '../process/program.ts';

/** As in prometheus.yml. */
export type ScrapeConfig = Readonly<Record<string, unknown>> & { readonly job_name: string };

/** A target of Prometheus, as its API tells. */
type Scraped = {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string;
};

type Sample = {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
};

export type Prometheus = {
  readonly url: string;
  /** The value of an instant query; throws what Prometheus finds wrong with it. */
  readonly query: (expression: string) => Promise<readonly Sample[]>;
  /** Once every target has answered, or refused to; a machine that is busy may take several scrapes. */
  readonly scraped: () => Promise<readonly Scraped[]>;
};

/** @param data the folder of its blocks */
export async function startPrometheus(
  scrapes: readonly ScrapeConfig[],
  data = temporaryFolder(),
): Promise<Prometheus> {
  const interval = '2s';
  const global = { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval };
  const config = file(stringify({ global, scrape_configs: scrapes }), 'prometheus.yml');
  const child = spawn(
    'prometheus',
    [`--config.file=${config}`, '--web.listen-address=127.0.0.1:0', `--storage.tsdb.path=${data}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  const address = await new Promise<string>((resolve, reject) => {
    let found: string | undefined;
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`Prometheus ended:\n${said}`)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      found ??= /msg="Listening on" address=(\S+)/.exec(said)?.[1];
      if (found && said.includes('ready to receive web requests')) resolve(found);
    });
  });
  return api(`http://${address}`);
}

function api(url: string): Prometheus {
  const ask = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${url}/api/v1/${path}`);
    const told = (await answer.json()) as { readonly data: T; readonly error?: string };
    if (told.error) throw new Error(told.error);
    return told.data;
  };
  return {
    url,
    query: async (expression) => {
      const { result } = await ask<{ readonly result: readonly Sample[] }>(
        `query?query=${encodeURIComponent(expression)}`,
      );
      return result;
    },
    scraped: () =>
      until(async () => {
        const { activeTargets } = await ask<{ readonly activeTargets: readonly Scraped[] }>('targets');
        const isSettled = ({ health, lastError }: Scraped) =>
          health !== 'unknown' && !lastError.includes('deadline exceeded');
        return activeTargets.length > 0 && activeTargets.every(isSettled) ? activeTargets : undefined;
      }),
  };
}

/** What is asked for, as soon as it is there: of a program that can only be asked again and again. */
export async function until<T>(look: () => Promise<T | undefined>, forMs = 20_000): Promise<T> {
  const endMs = performance.now() + forMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > endMs) throw new Error(`not within ${forMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A port that nobody has at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
