/** What the health of services is made of: CloudMon's flags and weighted expressions, decoded and checked. */
import type { Status } from '../../model/status.ts';
import type { DatasourceSettings } from '../datasources/settings.ts';

export const operators = ['lt', 'gt', 'eq'] as const;
export type Operator = (typeof operators)[number];

/** One flag in one environment. */
export type FlagRule = {
  /** As expressions call it: `<service>.<name>`, `-` as `_`. */
  readonly name: string;
  /** As the service lists it: `svc.error-rate`. */
  readonly metric: string;
  /** In the language of the data source, variables filled in. */
  readonly query: string;
  readonly op: Operator;
  readonly threshold: number;
};

export type WeightedExpression = {
  /** As it is written. */
  readonly text: string;
  readonly weight: Status;
};

type EnvironmentRules = {
  readonly name: string;
  /** Its attribute of that name. */
  readonly region?: string;
  readonly flags: readonly FlagRule[];
};

/** A service, by the key that `service=` carries. */
export type ServiceRules = {
  readonly key: string;
  readonly category: string;
  /** The flags as it lists them, in every spelling: what expressions may name. */
  readonly metrics: readonly string[];
  /** Where it can be asked about, with all its flags; an environment that lacks one of them is not here. */
  readonly environments: readonly EnvironmentRules[];
  /** In the order of the file; each is known to parse and to name only flags of the service. */
  readonly expressions: readonly WeightedExpression[];
};

/** Plain data: two of them are the same where their JSON is. */
export type HealthRules = {
  readonly datasource: DatasourceSettings;
  readonly services: readonly ServiceRules[];
  /** What a flag without a value makes of a point: nothing at all, or, as in CloudMon, a flag that is down. */
  readonly onMissing: 'no_data' | 'false';
};
