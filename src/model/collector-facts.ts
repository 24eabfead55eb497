/** How a collector is doing: what it tells, and what the pages of the same process show of it. */

export type CollectorFacts = {
  /** Where it listens, as a client writes it. */
  readonly url: string;
  /** Whether who pushes has to show a bearer token. */
  readonly isGuarded: boolean;
  /** In the window now. */
  readonly metrics: number;
  readonly metricsMax: number;
  readonly historyMs: number;
  /** The same as `/health` spells it: `30m0s`. */
  readonly historyText: string;
  readonly series: number;
  readonly seriesMax: number;
  readonly points: number;
  readonly pointsMax: number;
  readonly accepted: number;
  /** Why metrics were refused, and how many. */
  readonly refused: ReadonlyMap<string, number>;
  /** Those that were pushed out because the window was full. */
  readonly evicted: number;
  /**
   * Those with the most requests, the largest first, so many at most. Made when somebody looks: `/health`
   * is asked often and does not.
   */
  readonly services: (countMax: number) => readonly ServiceFacts[];
  readonly servicesCount: number;
  readonly sources: readonly SourceFacts[];
  readonly health: CollectorHealth;
};

export type CollectorHealth = {
  /** Unhealthy: it takes nothing any more. Degraded: a source fails, or a limit was reached lately. */
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly reasons: readonly { readonly reason: string; readonly detail: string }[];
};

export type ServiceFacts = {
  readonly service: string;
  readonly requests: number;
  /** Of those with a status code: the share with 500 to 599, 0 to 1. */
  readonly errorShare: number | undefined;
  readonly averageLatencyMs: number | undefined;
  readonly uniqueIps: number;
};

export type SourceFacts = {
  /** `node`, or the type and the place without its query. */
  readonly name: string;
  readonly state: 'waiting' | 'ok' | 'failing' | 'paused';
  /** Of the newest failure; of a source that is `ok` what was missing. */
  readonly reason?: string;
  readonly detail?: string;
  readonly durationMs?: number;
  readonly samples?: number;
};
