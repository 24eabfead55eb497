/** The numbers of each service as the collector has them now: asked for in PromQL, as anybody could. */
import { get } from 'node:http';
import type { Clock } from '../model/clock.ts';
import { targetKey } from '../model/target.ts';

export type Numbers = {
  readonly requestsPerSecond?: number;
  /** Of the answers, from 0 to 1, those with a status of 500 to 599. */
  readonly errorShare?: number;
  readonly latencyMs?: number;
};

/** By target key. */
export type NumbersByTarget = ReadonlyMap<string, Numbers>;

/** As the flags of the demo see them. */
const queries: Readonly<Record<keyof Numbers, string>> = {
  requestsPerSecond: 'avg_over_time(deployment_request_rate[3s])',
  errorShare: 'avg_over_time(deployment_error_rate[3s])',
  latencyMs: 'avg_over_time(deployment_latency[3s])',
};

export const exampleQuery = queries.latencyMs;

const keptMs = 500;
const timeoutMs = 2_000;
const answerBytesMax = 262_144;

/** Whoever looks within half a second sees the same numbers. */
export function openNumbers(collectorUrl: string, clock: Clock): () => Promise<NumbersByTarget> {
  let newest: Promise<NumbersByTarget> = Promise.resolve(new Map());
  let askedMs = Number.NEGATIVE_INFINITY;
  return () => {
    if (clock.monotonic() - askedMs >= keptMs) {
      askedMs = clock.monotonic();
      newest = askAll(collectorUrl, clock);
    }
    return newest;
  };
}

async function askAll(collectorUrl: string, clock: Clock): Promise<NumbersByTarget> {
  const numbers = new Map<string, Numbers>();
  const names = Object.keys(queries) as (keyof Numbers)[];
  const answers = await Promise.all(names.map((name) => ask(collectorUrl, queries[name], clock)));
  for (const [index, name] of names.entries()) {
    for (const { key, value } of answers[index] ?? []) {
      numbers.set(key, { ...numbers.get(key), [name]: value });
    }
  }
  return numbers;
}

/** Nothing where there is no answer: the page says so, and everything else on it still holds. */
function ask(collectorUrl: string, query: string, clock: Clock): Promise<readonly Value[]> {
  return new Promise((resolve) => {
    const settle = (values: readonly Value[]) => {
      cancel();
      resolve(values);
    };
    const url = `${collectorUrl}/api/v1/query?query=${encodeURIComponent(query)}`;
    const asked = get(url, { agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (text.length > answerBytesMax) asked.destroy();
      });
      const isWell = () => answer.statusCode === 200 && answer.complete;
      answer.once('close', () => settle(isWell() ? readVector(text) : []));
    });
    asked.once('error', () => settle([]));
    const cancel = clock.after(timeoutMs, () => asked.destroy());
  });
}

type Value = { readonly key: string; readonly value: number };

type Vector = {
  readonly data?: {
    readonly result?: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }[];
  };
};

function readVector(text: string): readonly Value[] {
  // Of the collector beside us, which answers 200 in no other form.
  const { data }: Vector = JSON.parse(text);
  return (data?.result ?? []).map(({ metric, value }) => ({
    key: targetKey(metric['deployment_id'] ?? '', metric['environment'] ?? ''),
    value: Number(value[1]),
  }));
}
