/** What a history has said about each target: only what is new is written. */
import { rfc3339 } from '../model/clock.ts';
import type { Reading } from '../model/reading.ts';
import type { Target } from '../model/target.ts';
import type { Maintained, Observed } from './record.ts';

type Known = { readonly observed?: Observed; readonly maintained?: Maintained };

export class KnownTargets {
  readonly #targets = new Map<string, Known>();
  /** Undefined as long as no configuration was told. */
  #configured: ReadonlySet<string> | undefined;

  /** A cycle that began before a reload may still speak of it. */
  isGone({ key }: Target): boolean {
    return this.#configured?.has(key) === false;
  }

  /** What is to be written of a reading; undefined where it says nothing new. */
  observe(reading: Reading): Observed | undefined {
    // Stopping is no news about a service.
    if (reading.status === undefined && reading.reason === 'stopped') return undefined;
    if (this.isGone(reading.target)) return undefined;
    const { key } = reading.target;
    const observed = observedOf(reading);
    const known = this.#targets.get(key);
    if (known?.observed && isSame(known.observed, observed)) return undefined;
    this.#targets.set(key, { ...known, observed });
    return observed;
  }

  maintain({ key }: Target, maintained: Maintained): void {
    this.#targets.set(key, { ...this.#targets.get(key), maintained });
  }

  maintainNoMore({ key }: Target): void {
    const { observed } = this.#targets.get(key) ?? {};
    this.#targets.set(key, observed ? { observed } : {});
  }

  /** Returns the targets that are gone. */
  configure(targets: readonly Target[]): readonly { service: string; environment: string }[] {
    this.#configured = new Set(targets.map(({ key }) => key));
    const gone: { service: string; environment: string }[] = [];
    for (const [key, { observed, maintained }] of this.#targets) {
      if (this.#configured.has(key)) continue;
      this.#targets.delete(key);
      const last = observed ?? maintained;
      if (last) gone.push({ service: last.service, environment: last.environment });
    }
    return gone;
  }

  /** Everything that stands, once more. */
  *again(): Generator<Observed | Maintained> {
    for (const { observed, maintained } of this.#targets.values()) {
      if (observed) yield { ...observed, again: true };
      if (maintained) yield { ...maintained, again: true };
    }
  }
}

/** The flags alone may differ from one reading to the next. */
function isSame(one: Observed, two: Observed): boolean {
  return (
    one.status === two.status &&
    one.reason === two.reason &&
    one.category === two.category &&
    one.matched_expression === two.matched_expression
  );
}

function observedOf(reading: Reading): Observed {
  const { service, environment } = reading.target;
  const about = { type: 'observed', service, environment } as const;
  if (reading.status === undefined) return { ...about, reason: reading.reason, detail: reading.detail };
  const { status, timeMs, evidence, insteadOf } = reading;
  return {
    ...about,
    status,
    observed: rfc3339(timeMs),
    reason: insteadOf?.reason,
    detail: insteadOf?.detail,
    category: evidence.category,
    matched_expression: evidence.matchedExpression,
    ...(evidence.triggered.length > 0 && { triggered: evidence.triggered }),
  };
}
