/**
 * What the reporter needs of a dashboard, whatever its kind.
 *
 * A dashboard classifies (it throws a `Failure` with a reason), the delivery retries.
 */
import type { Action } from './incident.ts';

/** `known`: the dashboard had it already. `suppressed`: it took it and, rightly, opened nothing. */
export type Answer = 'sent' | 'known' | 'suppressed';

/** What would go out, for `--dry-run`: no token, no secret. */
export type Preview = { readonly target: string; readonly body: string };

export type Dashboard = {
  /** The name in the configuration. */
  readonly name: string;
  readonly kind: string;
  /** Whether it can be told that an incident is over. */
  readonly closes: boolean;
  readonly preview: (action: Action) => Preview;
  /** One attempt. The body of one action is the same at every attempt; the token is signed anew. */
  readonly tell: (action: Action, signal: AbortSignal) => Promise<Answer>;
  /** Reads its secret files again after a 401 or 403; true when this action may be told with other ones. */
  readonly renewSecrets: (refused: Action) => Promise<boolean>;
  /** Closes idle connections. */
  readonly stop: () => void;
};
