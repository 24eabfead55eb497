/** An event as PagerDuty reads it. */

export type PagerdutyEvent = {
  readonly routingKey: string;
  readonly action: string;
  readonly dedupKey: string;
  readonly severity: string;
  readonly summary: string;
};

type Fields = Readonly<Record<string, unknown>>;

const routingKeyLength = 32;
const dedupKeyLengthMax = 255;
const summaryLengthMax = 1_024;
const actions = ['trigger', 'acknowledge', 'resolve'];
const severities = ['critical', 'error', 'warning', 'info'];

/** Why it is refused; empty where it is taken. */
export function eventErrors(event: unknown, routingKey: string | undefined): readonly string[] {
  const fields = fieldsOf(event);
  if (!fields) return ['Invalid JSON'];
  const errors = [...keyErrors(fields, routingKey)];
  const { event_action: action, dedup_key: dedupKey } = fields;
  if (!actions.includes(String(action))) errors.push("'event_action' is missing or invalid");
  if (dedupKey !== undefined && typeof dedupKey !== 'string') errors.push("'dedup_key' is not a string");
  if (String(dedupKey ?? '').length > dedupKeyLengthMax) errors.push("Length of 'dedup_key' is incorrect");
  if (action === 'trigger') return [...errors, ...payloadErrors(fields['payload'])];
  return dedupKey === undefined ? [...errors, "'dedup_key' is missing or blank"] : errors;
}

/** Only of one that has no errors. */
export function readEvent(event: unknown): PagerdutyEvent {
  const fields = fieldsOf(event) ?? {};
  const payload = fieldsOf(fields['payload']) ?? {};
  return {
    routingKey: String(fields['routing_key']),
    action: String(fields['event_action']),
    dedupKey: String(fields['dedup_key'] ?? ''),
    severity: String(payload['severity']),
    summary: String(payload['summary']),
  };
}

function keyErrors({ routing_key: key }: Fields, known: string | undefined): readonly string[] {
  if (typeof key !== 'string' || key === '') return ["'routing_key' is missing or blank"];
  if (key.length !== routingKeyLength) {
    return [`Length of 'routing_key' is incorrect (should be ${routingKeyLength} characters)`];
  }
  return known !== undefined && key !== known ? ['Invalid routing key'] : [];
}

function payloadErrors(payload: unknown): readonly string[] {
  const fields = fieldsOf(payload);
  if (!fields) return ["'payload' is missing or blank"];
  const { severity, timestamp, summary } = fields;
  const errors = ['summary', 'source', 'severity']
    .filter((name) => typeof fields[name] !== 'string' || fields[name] === '')
    .map((name) => `'payload.${name}' is missing or blank`);
  if (String(summary).length > summaryLengthMax) errors.push("Length of 'payload.summary' is incorrect");
  if (!severities.includes(String(severity))) {
    errors.push(
      "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
    );
  }
  if (timestamp !== undefined && Number.isNaN(Date.parse(String(timestamp)))) {
    errors.push("'payload.timestamp' is invalid");
  }
  return errors;
}

function fieldsOf(value: unknown): Fields | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Fields) : undefined;
}
