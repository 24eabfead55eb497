/** An alert as Alertmanager reads, checks and keeps it. */

type Texts = Readonly<Record<string, string>>;

/** As it was posted: what is missing is undefined. */
export type Posted = {
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly startsMs: number | undefined;
  readonly endsMs: number | undefined;
};

/** As it is kept. */
export type Alert = {
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly startsMs: number;
  readonly endsMs: number;
  readonly updatedMs: number;
};

type Read =
  | { readonly alerts: readonly Posted[] }
  | { readonly wrong: string }
  /** Its place in the list. */
  | { readonly lacksLabels: number };

/** The whole list is refused where one of it cannot be read. */
export function readAlerts(parsed: unknown): Read {
  if (!Array.isArray(parsed)) {
    return { wrong: 'json: cannot unmarshal object into Go value of type models.PostableAlerts' };
  }
  const alerts: Posted[] = [];
  for (const [at, each] of parsed.entries()) {
    const fields: Readonly<Record<string, unknown>> = each ?? {};
    const { labels, annotations = {}, startsAt, endsAt } = fields;
    const startsMs = momentOf(startsAt);
    const endsMs = momentOf(endsAt);
    if (Number.isNaN(startsMs) || Number.isNaN(endsMs)) return { wrong: 'parsing time failed' };
    if (labels === undefined) return { lacksLabels: at };
    if (!isTexts(labels) || !isTexts(annotations)) {
      return { wrong: 'json: cannot unmarshal number into Go struct field Alert.labels of type string' };
    }
    alerts.push({ labels, annotations, startsMs, endsMs });
  }
  return { alerts };
}

/** Why it is not kept, in Alertmanager's words. */
export function wrongAlert({ labels, annotations, startsMs, endsMs }: Alert): string | undefined {
  if (endsMs < startsMs) return 'start time must be before end time';
  if (Object.keys(labels).length === 0) return 'at least one label pair required';
  const label = Object.keys(labels).find((name) => !nameForm.test(name));
  if (label !== undefined) return `invalid label set: invalid name "${label}"`;
  const annotation = Object.keys(annotations).find((name) => !nameForm.test(name));
  return annotation === undefined ? undefined : `invalid annotations: invalid name "${annotation}"`;
}

const nameForm = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Two that overlap are one, which began with the earlier; else the newer one stands. */
export function merged(old: Alert, newer: Alert, nowMs: number): Alert {
  const isWithin = (timeMs: number) => timeMs > old.startsMs && timeMs < old.endsMs;
  if (!isWithin(newer.endsMs) && !isWithin(newer.startsMs)) return newer;
  const startsMs = Math.min(old.startsMs, newer.startsMs);
  const isOver = newer.endsMs <= nowMs;
  const wasOver = old.endsMs <= nowMs;
  const endsMs = isOver && !wasOver ? newer.endsMs : Math.max(old.endsMs, newer.endsMs);
  return { ...newer, startsMs, endsMs };
}

function momentOf(written: unknown): number | undefined {
  return written === undefined ? undefined : Date.parse(String(written));
}

function isTexts(value: unknown): value is Texts {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((each) => typeof each === 'string');
}
