/** Answers about health, as CloudMon's convertor writes them, and with the keys that ours adds. */
import { json, type Page } from '../../http/routes.ts';
import { rfc3339 } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import type { Status } from '../../model/status.ts';
import type { FlagRule } from './rules.ts';
import type { Verdict } from './verdict.ts';

/** What is said of one service in one environment. */
export type Health = {
  readonly service: string;
  readonly category: string;
  readonly environment: string;
  readonly points: HealthPoints;
};

/** Points as they are written, as many as an answer may hold. */
export class HealthPoints {
  /** Newest first. */
  readonly #texts: string[] = [];
  readonly #countMax: number;
  #bytes = 0;
  #newest: { readonly timeMs: number; readonly weight: Status } | undefined;

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  get newest(): { readonly timeMs: number; readonly weight: Status } | undefined {
    return this.#newest;
  }

  /** Whether there was room for it, and may be for an older one. */
  add(verdict: Verdict, flags: readonly FlagRule[]): boolean {
    const text = textOf(verdict, flags);
    this.#bytes += Buffer.byteLength(text) + 1;
    if (this.#newest && this.#bytes > limits.healthPointsBytesMax) return false;
    this.#newest ??= verdict;
    this.#texts.push(text);
    return this.#texts.length < this.#countMax;
  }

  /** Newest last. */
  text(): string {
    return `[${this.#texts.toReversed().join()}]`;
  }
}

/** Without its queries where it would be larger than all points may be. */
function textOf(verdict: Verdict, flags: readonly FlagRule[]): string {
  const text = JSON.stringify(pointOf(verdict, flags));
  if (Buffer.byteLength(text) < limits.healthPointsBytesMax) return text;
  const short = flags.map((flag) => ({ ...flag, query: undefined }));
  return JSON.stringify(pointOf(verdict, short));
}

type ShownFlag = Omit<FlagRule, 'query'> & { readonly query: string | undefined };

/** What decided is left out where nothing did, as CloudMon does. */
function pointOf({ timeMs, weight, states, matched }: Verdict, flags: readonly ShownFlag[]) {
  const point = { timestamp: timeMs / 1000, weight, metric_states: Object.fromEntries(states) };
  if (matched === undefined) return point;
  const up = flags.filter(({ name }) => states.get(name));
  return {
    ...point,
    matched_expression: matched,
    triggered_metric_details: up.map(({ name, query, op, threshold }) => ({ name, query, op, threshold })),
  };
}

/** CloudMon's own. */
export function cloudmonPage({ service, category, environment, points }: Health): Page {
  return withMetrics({ name: service, service_category: category, environment }, points);
}

/** The same, and what readers of other forms look for. */
export function healthPage({ service, category, environment, points }: Health): Page {
  const { newest } = points;
  return withMetrics(
    {
      name: service,
      service_category: category,
      environment,
      category,
      status: newest?.weight ?? null,
      timestamp: newest ? rfc3339(newest.timeMs) : null,
    },
    points,
  );
}

function withMetrics(head: object, points: HealthPoints): Page {
  const page = json(200, head);
  // The points are text already: many of them are written one by one.
  return { ...page, body: `${JSON.stringify(head).slice(0, -1)},"metrics":${points.text()}}\n` };
}

export function refusal(status: number, message: string): Page {
  return json(status, { message });
}

/** The words of who deserializes queries for CloudMon, without a line end as there. */
export function unreadableQuery(message: string): Page {
  return { status: 400, type: 'text/plain; charset=utf-8', body: message };
}
