/** What `check --online` asks a dashboard that can be read: whether it lets us in, and knows our components. */
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { Target } from '../model/target.ts';
import { type Component, componentFinder } from './components.ts';
import { type Line, type LineParts, openLine } from './line.ts';

export type Asking = {
  /** Those that this dashboard is told about. */
  readonly targets: readonly Target[];
  readonly clock: Clock;
};

/** Returns why targets cannot be told; throws a `Failure` where the dashboard does not answer as it should. */
export type Probe<Settings> = (settings: Settings, asking: Asking) => Promise<readonly Failure[]>;

/** A line for a question or two: no budget is spent on more. */
export async function overLine<Result>(
  parts: Omit<LineParts, 'surroundings'>,
  clock: Clock,
  ask: (line: Line, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const line = openLine({ ...parts, surroundings: { clock, rateOf: () => undefined } });
  try {
    return await ask(line, new AbortController().signal);
  } finally {
    line.stop();
  }
}

/** The targets that a page has no component for; its list is asked for once. */
export async function missingOn(
  components: readonly Component[],
  dashboard: string,
  { targets, clock }: Asking,
): Promise<readonly Failure[]> {
  const find = componentFinder({
    dashboard,
    clock,
    list: async () => components,
    pollIntervalMs: Number.POSITIVE_INFINITY,
    note: () => undefined,
  });
  const { signal } = new AbortController();
  const looked = await Promise.all(targets.map((target) => failureOf(() => find(target, signal))));
  return looked.filter((failure) => failure !== undefined);
}

async function failureOf(look: () => Promise<unknown>): Promise<Failure | undefined> {
  try {
    await look();
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
