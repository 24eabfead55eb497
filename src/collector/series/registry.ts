/** All metrics by name, and by the family under which they are printed: one type for each family. */
import type { FamilyType } from '../../exposition/family.ts';
import { limits } from '../../model/limits.ts';
import { ownText } from './labels.ts';
import { isPartOf, type Metric } from './metric.ts';
import { isMetricName } from './name.ts';
import type { RingSeries } from './ring-series.ts';

export type Registered = {
  metric: Metric;
  /** Nobody changes or forgets it. */
  readonly isFixed: boolean;
  readonly series: Map<string, RingSeries>;
  /** Of the newest point of all its series. */
  newestMs: number;
};

export class Registry {
  readonly #byName = new Map<string, Registered>();
  readonly #families = new Map<string, Set<Registered>>();
  #version = 0;
  #helpCharactersCount = 0;

  /** Another one whenever something else is known. */
  get version(): number {
    return this.#version;
  }

  /** In the order of first sight. */
  get all(): Iterable<Registered> {
    return this.#byName.values();
  }

  /** By name, in the order of first sight. */
  get families(): Iterable<readonly [string, Iterable<Registered>]> {
    return this.#families;
  }

  find(name: string): Registered | undefined {
    return this.#byName.get(name);
  }

  /** Why there can be no such metric beside those that there are. */
  whyNot(metric: Metric, nowMs: number): 'name' | 'type' | undefined {
    const { name, family, type } = metric;
    const known = this.#byName.get(name);
    if (!known) {
      if (!isMetricName(name) || !isPartOf(family, type, name)) return 'name';
      return this.#fits(family, type) ? undefined : 'type';
    }
    if (!isChange(known.metric, metric)) return undefined;
    const isFree = !known.isFixed && this.#families.get(known.metric.family)?.size === 1;
    // An exporter may learn better: what nobody reads as current any more has no type to keep.
    const isOpen =
      known.metric.type === 'untyped' ||
      known.newestMs < nowMs - limits.staleMs ||
      this.#isMissingPart(known.metric, metric);
    const hasPlace = family === known.metric.family || this.#fits(family, type);
    return isFree && isOpen && hasPlace && isPartOf(family, type, name) ? undefined : 'type';
  }

  /** Registers it, or learns what it says more; `whyNot` has nothing against it. */
  take(metric: Metric, isFixed = false): Registered {
    const known = this.#byName.get(metric.name);
    if (known) {
      this.#learn(known, metric);
      return known;
    }
    const registered = {
      metric: this.#ownMetric(metric),
      isFixed,
      series: new Map(),
      newestMs: Number.NEGATIVE_INFINITY,
    };
    this.#byName.set(registered.metric.name, registered);
    this.#join(registered);
    return registered;
  }

  drop(registered: Registered): void {
    this.#byName.delete(registered.metric.name);
    this.#helpCharactersCount -= registered.metric.help.length;
    this.#leave(registered);
  }

  #learn(known: Registered, metric: Metric): void {
    const { metric: old } = known;
    const hasChange = isChange(old, metric);
    const hasWords = (old.help === '' && metric.help !== '') || (old.unit === '' && metric.unit !== '');
    if (known.isFixed || !(hasChange || hasWords)) return;
    this.#version++;
    const { family, type } = hasChange ? metric : old;
    // Who stays in its family keeps its place there.
    if (family !== old.family) this.#leave(known);
    this.#helpCharactersCount -= old.help.length;
    known.metric = this.#ownMetric({
      name: old.name,
      family,
      type,
      unit: old.unit || metric.unit,
      help: old.help || metric.help,
    });
    if (family !== old.family) this.#join(known);
  }

  /** Help is cut where there is too much of it: a metric can do without. */
  #ownMetric({ name, family, type, unit, help }: Metric): Metric {
    const room = limits.helpCharactersOfAllMax - this.#helpCharactersCount;
    const ownHelp = ownText(help.slice(0, Math.min(limits.helpCharactersMax, room)));
    this.#helpCharactersCount += ownHelp.length;
    const ownUnit = ownText(unit.slice(0, limits.unitCharactersMax));
    return { name: ownText(name), family: ownText(family), type, unit: ownUnit, help: ownHelp };
  }

  /** Whether a histogram or summary that is there lacks it, because somebody else called a metric so. */
  #isMissingPart(old: Metric, { family, type }: Metric): boolean {
    const [part] = this.#families.get(family) ?? [];
    return old.family === old.name && old.family !== family && part?.metric.type === type;
  }

  #fits(family: string, type: FamilyType): boolean {
    const [other] = this.#families.get(family) ?? [];
    return !other || other.metric.type === type;
  }

  #join(registered: Registered): void {
    const { family } = registered.metric;
    const others = this.#families.get(family) ?? new Set();
    this.#families.set(family, others.add(registered));
    this.#version++;
  }

  #leave(registered: Registered): void {
    const { family } = registered.metric;
    const others = this.#families.get(family);
    others?.delete(registered);
    if (others?.size === 0) this.#families.delete(family);
    this.#version++;
  }
}

/** Untyped says nothing, so it contradicts nothing. */
function isChange(old: Metric, { type, family }: Metric): boolean {
  return type !== 'untyped' && (type !== old.type || family !== old.family);
}
