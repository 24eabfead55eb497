/** A fake exporter on loopback, and a source that asks it. */
import { onTestFinished } from 'vitest';
import type { SourceSettings } from '../../../src/collector/settings.ts';
import { openJson } from '../../../src/collector/sources/json.ts';
import { openPrometheus } from '../../../src/collector/sources/prometheus.ts';
import { type Reply, reply } from '../../../src/demo/reply.ts';
import { type Seen, type ServerOptions, startServer } from '../../../src/demo/server.ts';
import { systemClock } from '../../../src/model/clock.ts';
import { Failure } from '../../../src/model/failure.ts';

type RemoteSettings = Exclude<SourceSettings, { readonly type: 'node' }>;

export type Exporter = {
  readonly url: string;
  readonly requests: readonly Seen[];
  /** What is answered from now on. */
  readonly answer: (answer: Reply) => void;
};

export async function startExporter(answer: Reply, options: ServerOptions = {}): Promise<Exporter> {
  const requests: Seen[] = [];
  let current = answer;
  const server = await startServer(options, (exchange, seen) => {
    requests.push(seen);
    reply(exchange, current);
  });
  onTestFinished(() => server.stop());
  return {
    url: server.url,
    requests,
    answer: (next) => {
      current = next;
    },
  };
}

export type Changed = Partial<Omit<RemoteSettings, 'type'>>;

/** What a source brings, a line for each sample; or why it brings nothing. */
export async function gather(
  type: RemoteSettings['type'],
  url: string,
  changed: Changed & { readonly map?: Readonly<Record<string, string>> } = {},
): Promise<readonly string[] | string> {
  const settings = { url, labels: {}, timeoutMs: 1_000, tls: {}, map: {}, ...changed };
  const feed =
    type === 'json'
      ? openJson({ ...settings, type }, systemClock)
      : openPrometheus({ ...settings, type }, systemClock);
  try {
    const { families, flaw } = await feed.ask();
    const lines = families.flatMap(({ name, type, samples }) =>
      samples.map((sample) => `${name} ${type} ${JSON.stringify(sample.labels)} ${sample.value}`),
    );
    return flaw ? [...lines, `${flaw.reason}: ${flaw.message}`] : lines;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.code}: ${error.message}`;
  } finally {
    feed.stop();
  }
}
