/**
 * What the reporter needs of a dashboard, whatever its kind.
 *
 * A dashboard classifies (it throws a `Failure` with a reason), the delivery retries.
 */
import { Failure } from './failure.ts';
import type { Action } from './incident.ts';
import type { AlarmStatus } from './status.ts';
import type { Target } from './target.ts';

/** What a dashboard can be told. All of them can be told that something begins, and that it became worse. */
export type Abilities = {
  /** That an incident is over. */
  readonly closes: boolean;
  /** That it became less bad. */
  readonly lowers: boolean;
  /** What caused it: flags and expressions, which are no business of a public page. */
  readonly attachesEvidence: boolean;
  /** It forgets what it is not told again: where there is no data, it is told the last state again. */
  readonly forgets: boolean;
};

/** One action, with what the dashboard knows by now. */
export type Telling = {
  readonly action: Action;
  /** What it acknowledged last; undefined: it knows of nothing, as far as we know. */
  readonly told: AlarmStatus | undefined;
  /** Its own id of the incident, as it answered. */
  readonly reference: string | undefined;
  /** An earlier attempt may have arrived although it was not answered so: look before something is created. */
  readonly isDoubted: boolean;
  /**
   * Asked right before a request that creates or changes something: it may have waited for its turn. What is
   * not wanted any more is settled with `overtaken`.
   */
  readonly isWanted: () => boolean;
};

export type Answer = {
  /** `known`: it had it already. `suppressed`: it took it and, rightly, opened or closed nothing yet. */
  readonly outcome: 'sent' | 'known' | 'suppressed';
  /** Its own id of the incident. Absent: as before. */
  readonly reference?: string;
  readonly httpStatus?: number;
  /** What an operator should know about it, without secrets: `closed by somebody else`. */
  readonly note?: string;
};

/** What a dashboard has acknowledged of a target, and has not been told to be over since. */
export type Told = {
  readonly target: Target;
  readonly status: AlarmStatus;
  /** Its own id of the incident. */
  readonly reference: string | undefined;
};

/** What is known beside what is being told: several targets may be one thing there, as bad as the worst of them. */
export type Beside = {
  /** Of all targets. */
  readonly told: () => readonly Told[];
  /** It is in another incident by now. */
  readonly moved: (target: Target, reference: string) => void;
};

/** One request that would go out, for `--dry-run`: no token, no secret. */
export type Preview = { readonly target: string; readonly body: string };

/** An incident that a dashboard shows and that is ours. */
export type Found = {
  readonly target: Target;
  readonly status: AlarmStatus;
  readonly reference: string;
  readonly sinceMs: number;
};

/** One that somebody else opened. */
export type Unowned = { readonly reference: string; readonly title: string };

/** What our state knows of the incidents of a dashboard. */
export type Known = {
  /** The dashboard's own ids of those that are ours, also of targets that it is not told about any more. */
  readonly references: ReadonlySet<string>;
  /** There may be others: answers were lost. */
  readonly isDoubted: boolean;
};

type Common = {
  /** The name in the configuration. */
  readonly name: string;
  readonly kind: string;
  readonly abilities: Abilities;
  /**
   * All that would change something, in its order, as far as that can be said without asking the dashboard.
   *
   * @param told what it knows by now
   */
  readonly preview: (action: Action, told: AlarmStatus | undefined) => readonly Preview[];
  /** Reads its secret files again after a 401 or 403; true when this action may be told with other ones. */
  readonly renewSecrets: (refused: Action) => Promise<boolean>;
  /** Closes idle connections. */
  readonly stop: () => void;
};

/** Each target is told apart from the others, several at once. */
export type SeparateDashboard = Common & {
  readonly tellsTogether: false;
  /** One attempt. The body of one action is the same at every attempt; the token is signed anew. */
  readonly tell: (telling: Telling, signal: AbortSignal) => Promise<Answer>;
};

/** An incident may hold several targets: all that is to be told is told in one go, one request after the other. */
export type SharedDashboard = Common & {
  readonly tellsTogether: true;
  /**
   * One attempt at all of them. Each is settled as soon as that is clear; what is thrown stands for
   * those that were not.
   */
  readonly tellAll: (
    tellings: readonly Telling[],
    settle: (telling: Telling, result: Answer | Failure) => void,
    signal: AbortSignal,
    beside: Beside,
  ) => Promise<void>;
  /** Which open incidents there are: those that carry our mark, and those that are not ours in any way. */
  readonly find: (
    targets: readonly Target[],
    signal: AbortSignal,
    known: Known,
  ) => Promise<{ readonly ours: readonly Found[]; readonly unowned: readonly Unowned[] }>;
};

export type Dashboard = SeparateDashboard | SharedDashboard;

/** Nobody wants it any more, and nothing was sent. */
export function overtaken(): Failure {
  return new Failure('dashboard', 'stopped', 'nothing is left to tell', { isUnsent: true });
}

export function isOvertaken({ reason, isUnsent }: Failure, { isWanted }: Telling): boolean {
  return reason === 'stopped' && isUnsent && !isWanted();
}
