/**
 * The two questions of an orchestrator: does the loop turn, and is the program ready?
 *
 * A peer that is down changes neither: restarting the reporter would not bring it back. Only who does not
 * know yet how a dashboard is told is not ready.
 */
import { plain, type Routes } from '../http/routes.ts';
import type { Clock } from '../model/clock.ts';
import type { Witness } from './witness.ts';

/** The loop may be silent for this long beyond three intervals: one slow cycle is no death. */
const graceMs = 60_000;

export type Probes = {
  readonly witness: Pick<Witness, 'read' | 'cycleDone'>;
  readonly routes: Routes;
  /** From now on it is not ready: nothing should be expected of it. */
  readonly drain: () => void;
};

/**
 * @param intervalMs asked anew each time, because a reload may change it; undefined where nothing is
 * polled: then who answers is alive
 * @param undecided a dashboard that nobody can be told on yet
 */
export function openProbes(
  clock: Clock,
  intervalMs: () => number | undefined,
  undecided: () => string | undefined,
): Probes {
  let beatMs = clock.monotonic();
  let isCycleDone = false;
  let isDraining = false;
  const isAlive = () => {
    const everyMs = intervalMs();
    return everyMs === undefined || clock.monotonic() - beatMs <= 3 * everyMs + graceMs;
  };
  const beat = () => {
    beatMs = clock.monotonic();
  };
  const ready = () => {
    if (isDraining) return plain(503, 'stopping');
    if (!isCycleDone && intervalMs() !== undefined) return plain(503, 'no cycle is done yet');
    const name = undecided();
    return name === undefined
      ? plain(200, 'ready')
      : plain(503, `it is not known yet which kind of dashboard ${name} is`);
  };
  return {
    witness: {
      read: beat,
      cycleDone: () => {
        beat();
        isCycleDone = true;
      },
    },
    routes: new Map([
      ['/-/healthy', () => (isAlive() ? plain(200, 'healthy') : plain(503, 'the loop does not turn'))],
      ['/-/ready', ready],
    ]),
    drain: () => {
      isDraining = true;
    },
  };
}
