/**
 * Which targets the dashboard has no component for.
 *
 * It answers a report about one with 500, for ever, as if it were in trouble. So a 500 has its list of
 * components looked at; who is missing there is looked up before each later report, not reported.
 */
import type { Clock } from '../../model/clock.ts';
import { Failure } from '../../model/failure.ts';
import type { Target } from '../../model/target.ts';
import type { Line } from '../line.ts';
import { componentsIn, isComponentOf, unknownComponent } from '../stackmon/component.ts';
import type { StatusPath } from './status-path.ts';

export type Catalog = {
  /** Throws a `Failure` for a target that was missing, and is still. */
  readonly require: (target: Target, signal: AbortSignal) => Promise<void>;
  /** The dashboard was in trouble with it: whether the target is what it does not know. */
  readonly isMissing: (target: Target, signal: AbortSignal) => Promise<boolean>;
  /** The dashboard said that it does not know it. */
  readonly refuse: (target: Target) => Failure;
};

export type CatalogParts = {
  readonly line: Line;
  readonly path: StatusPath;
  readonly clock: Clock;
  readonly pollIntervalMs: number;
};

export function openCatalog({ line, path, clock, pollIntervalMs }: CatalogParts): Catalog {
  /** When each was last looked for. */
  const missing = new Map<string, number>();

  function refuse(target: Target): Failure {
    missing.set(target.key, clock.monotonic());
    return unknownComponent(target);
  }

  async function has(target: Target, signal: AbortSignal): Promise<boolean> {
    // The page takes a name for the beginning of one, and one attribute at most.
    const query = `?name=${encodeURIComponent(target.component)}`;
    let failure: Failure | undefined;
    for (const candidate of path.candidates()) {
      try {
        const components = componentsIn(await line.ask(candidate + query, undefined, signal));
        path.settle(candidate);
        return components.some((component) => isComponentOf(component, target));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        failure = error;
        if (error.httpStatus !== 404) break;
      }
    }
    throw failure ?? new Error('a dashboard has a path');
  }

  return {
    require: async (target, signal) => {
      const askedMs = missing.get(target.key);
      if (askedMs === undefined) return;
      // A cycle may begin a little early, and has its look nevertheless.
      if (clock.monotonic() - askedMs < pollIntervalMs / 2) throw unknownComponent(target);
      if (!(await has(target, signal))) throw refuse(target);
      missing.delete(target.key);
    },
    isMissing: async (target, signal) => {
      try {
        return !(await has(target, signal));
      } catch (error) {
        // Who cannot be asked is in trouble for another reason.
        if (error instanceof Failure && error.reason !== 'stopped') return false;
        throw error;
      }
    },
    refuse,
  };
}
