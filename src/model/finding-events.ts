/** What is said of a dashboard of which it has to be found out first which kind it is. */
import type { Failure } from './failure.ts';

export type FindingEvents = {
  /**
   * Nobody is told anything there before its kind is known.
   *
   * @param failure why the newest attempt did not find it out; undefined before the first one has ended
   */
  readonly undecided: (dashboard: string, failure: Failure | undefined) => void;
  readonly decided: (dashboard: string, kind: string) => void;
};
