/**
 * The two questions of an orchestrator: does the loop turn, and is the program ready?
 *
 * A peer that is down changes neither: restarting the reporter would not bring it back.
 */
import { plain, type Routes } from '../http/routes.ts';
import type { Clock } from '../model/clock.ts';

/** The loop may be silent for this long beyond three intervals: one slow cycle is no death. */
const graceMs = 60_000;

export type Probes = {
  /** The loop did something: asked, was answered, ended a cycle. */
  readonly beat: () => void;
  readonly cycleDone: () => void;
  readonly routes: Routes;
};

/** @param intervalMs asked anew each time, because a reload may change it */
export function openProbes(clock: Clock, intervalMs: () => number): Probes {
  let beatMs = clock.monotonic();
  let isReady = false;
  const isAlive = () => clock.monotonic() - beatMs <= 3 * intervalMs() + graceMs;
  return {
    beat: () => {
      beatMs = clock.monotonic();
    },
    cycleDone: () => {
      isReady = true;
    },
    routes: new Map([
      ['/-/healthy', () => (isAlive() ? plain(200, 'healthy') : plain(503, 'the loop does not turn'))],
      ['/-/ready', () => (isReady ? plain(200, 'ready') : plain(503, 'no cycle is done yet'))],
    ]),
  };
}
