/** A data source on loopback that answers what a test says, and the two that ask it. */
import { onTestFinished } from 'vitest';
import type { Datasource, DatasourceQuestion } from '../../../src/collector/datasources/datasource.ts';
import { openGraphite } from '../../../src/collector/datasources/graphite.ts';
import { openPrometheusDatasource } from '../../../src/collector/datasources/prometheus.ts';
import type { RemoteDatasourceSettings } from '../../../src/collector/datasources/settings.ts';
import { type Exchange, json, type Reply, reply } from '../../../src/demo/reply.ts';
import { type Seen, type ServerOptions, startServer } from '../../../src/demo/server.ts';
import { type Clock, systemClock } from '../../../src/model/clock.ts';
import { Failure } from '../../../src/model/failure.ts';

export type Kind = 'graphite' | 'prometheus';
export const kinds = ['graphite', 'prometheus'] as const;

/** A request, wherever its fields were. */
export type Request = Seen & { readonly fields: URLSearchParams };

export type Peer = {
  readonly url: string;
  readonly requests: readonly Request[];
};

export async function startPeer(
  answer: (request: Request) => Reply,
  options: ServerOptions = {},
): Promise<Peer> {
  const requests: Request[] = [];
  const server = await startServer(options, (exchange, seen) => {
    void read(exchange).then((body) => {
      const fields = new URLSearchParams(seen.method === 'POST' ? body : seen.rawUrl.split('?')[1]);
      const request = { ...seen, fields };
      requests.push(request);
      reply(exchange, answer(request));
    });
  });
  onTestFinished(() => server.stop());
  return { url: server.url, requests };
}

async function read({ request }: Exchange): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

const stepMs = 10_000;
export const startMs = Date.parse('2026-01-20T12:00:00Z');
export const question: DatasourceQuestion = { query: 'up', fromMs: startMs, toMs: startMs + 60_000 };

export type Changed = Partial<RemoteDatasourceSettings>;

export function open(
  kind: Kind,
  url: string,
  changed: Changed = {},
  clock: Clock = systemClock,
  pause?: () => Promise<void> | undefined,
): Datasource {
  const settings = { url, timeoutMs: 1_000, headers: {}, tls: {}, ...changed };
  const datasource =
    kind === 'graphite'
      ? openGraphite(settings, clock, pause)
      : openPrometheusDatasource(settings, stepMs, clock, pause);
  onTestFinished(() => datasource.stop());
  return datasource;
}

/** `seconds after the start`=`value` of each point, a text for each track; or why there is none. */
export async function told(
  datasource: Datasource,
  asked: DatasourceQuestion = question,
): Promise<readonly string[] | string> {
  try {
    const tracks = await datasource.ask(asked);
    return tracks.map(({ timesMs, values }) =>
      timesMs.map((timeMs, index) => `${(timeMs - startMs) / 1_000}=${values[index]}`).join(' '),
    );
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

/** Points by seconds after the start, as each of them writes them. */
export function seriesOf(kind: Kind, points: Readonly<Record<number, unknown>>, target = '0'): unknown {
  const list = Object.entries(points).map(([second, value]) => {
    const time = startMs / 1_000 + Number(second);
    return kind === 'graphite' ? [value, time] : [time, String(value)];
  });
  return kind === 'graphite' ? { target, datapoints: list } : { metric: {}, values: list };
}

export function answerOf(kind: Kind, series: readonly unknown[]): unknown {
  return kind === 'graphite' ? series : { status: 'success', data: { resultType: 'matrix', result: series } };
}

/** One series whose point says that all is well: whoever believes too much is found out. */
export function good(kind: Kind) {
  return json(200, answerOf(kind, [seriesOf(kind, { 10: 100 })]));
}
export const goodTracks = ['10=100'];
