/** What Statuspage takes as an incident or a component, and what it says about the rest. */

const componentStatuses: readonly string[] = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
];

export type IncidentKeys = {
  readonly name?: string;
  readonly status?: string;
  readonly impact_override?: string;
  readonly body?: string;
  readonly component_ids?: readonly string[];
  readonly components?: Readonly<Record<string, string>>;
  readonly deliver_notifications?: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
};

type Check = (value: unknown) => string | undefined;

const incidentChecks: Readonly<Record<keyof IncidentKeys, Check>> = {
  name: text(255),
  status: oneOf(['investigating', 'identified', 'monitoring', 'resolved']),
  impact_override: oneOf(['none', 'maintenance', 'minor', 'major', 'critical']),
  body: text(25_000),
  component_ids: (value) =>
    Array.isArray(value) && value.every((id) => typeof id === 'string')
      ? undefined
      : 'is no list of component ids',
  components: (value) =>
    isObject(value) && Object.values(value).every((word) => componentStatuses.includes(String(word)))
      ? undefined
      : 'has a status that no component can have',
  deliver_notifications: (value) => (typeof value === 'boolean' ? undefined : 'is neither true nor false'),
  metadata: (value) =>
    isObject(value) && Object.values(value).every(isObject)
      ? undefined
      : 'must be an object whose values are objects',
};

/** Reasons to refuse it; none: it can be read as `IncidentKeys`. */
export function incidentErrors(body: unknown, knownIds: ReadonlySet<string>): readonly string[] {
  const keys = inside(body, 'incident');
  if (!keys) return ['incident is missing'];
  const errors = wrongIn(keys, incidentChecks);
  if (errors.length > 0) return errors;
  const { component_ids: ids = [], components = {} } = keys as IncidentKeys;
  const unknown = [...ids, ...Object.keys(components)].filter((id) => !knownIds.has(id));
  return unknown.map((id) => `component ${id} does not exist`);
}

export function componentErrors(body: unknown): readonly string[] {
  const keys = inside(body, 'component');
  if (!keys) return ['component is missing'];
  return wrongIn(keys, { status: oneOf(componentStatuses) });
}

/** The keys in the one section that a body has. */
export function inside(body: unknown, section: string): Readonly<Record<string, unknown>> | undefined {
  if (!isObject(body) || Object.keys(body).join() !== section) return undefined;
  const keys = body[section];
  return isObject(keys) ? keys : undefined;
}

function wrongIn(
  keys: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check>>,
): readonly string[] {
  return Object.entries(keys).flatMap(([key, value]) => {
    const check = checks[key];
    const wrong = check ? check(value) : 'is not a parameter';
    return wrong === undefined ? [] : [`${key} ${wrong}`];
  });
}

function text(charactersMax: number): Check {
  return (value) => {
    if (typeof value !== 'string') return 'is no text';
    return value.length > charactersMax ? `is too long (maximum is ${charactersMax} characters)` : undefined;
  };
}

function oneOf(words: readonly string[]): Check {
  return (value) => (words.includes(value as string) ? undefined : 'is not included in the list');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
