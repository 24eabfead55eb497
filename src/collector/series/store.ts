/**
 * All series, by name and labels.
 *
 * Each limit holds whatever comes: what is above it is refused. What had no point for as long as a whole
 * ring takes is forgotten, and what was silent for long gives way where there is no room for something
 * new, so that labels that come and go never fill it for good.
 */
import type { Labels } from '../../exposition/family.ts';
import type { Clock } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import type { CollectorSettings } from '../settings.ts';
import { type Keyed, ownText, storedLabels } from './labels.ts';
import { hasBound, type Metric } from './metric.ts';
import type { Recorded, Refused } from './recorded.ts';
import { type Registered, Registry } from './registry.ts';
import type { Ring } from './ring.ts';
import { RingSeries, type Series } from './ring-series.ts';
import { type Room, sumOf } from './room.ts';
import { SilentSeries } from './silent-series.ts';

export type StoreSettings = Pick<
  CollectorSettings,
  'pointsPerSeriesMax' | 'seriesMax' | 'pointsMax' | 'collectIntervalMs' | 'historyMs'
>;

export class SeriesStore {
  readonly #settings: StoreSettings;
  readonly #clock: Clock;
  readonly #onCap: (cap: 'max_series' | 'max_points') => void;
  readonly #registry = new Registry();
  readonly #silent = new SilentSeries();
  /** How long a series is kept without a new point, and how old a point of a ring with room may be. */
  readonly retentionMs: number;
  /** Points that a series may always have; together they take a quarter of all at most. */
  readonly #guaranteed: number;
  #seriesCount = 0;
  /** How often a series came or went. */
  #changesCount = 0;
  #pointsCount = 0;
  /** Points above those that are guaranteed. */
  #extraCount = 0;
  /** Of all keys: what labels take. */
  #charactersCount = 0;
  /** New series, and their characters, that are promised to who brings them in a moment. */
  #promised: Room = { series: 0, characters: 0 };

  /** @param fixed known before anything is recorded, and never forgotten */
  constructor(
    settings: StoreSettings,
    clock: Clock,
    fixed: readonly Metric[],
    onCap: (cap: 'max_series' | 'max_points') => void,
  ) {
    const { pointsMax, seriesMax, pointsPerSeriesMax, collectIntervalMs } = settings;
    this.#settings = settings;
    this.#clock = clock;
    this.#onCap = onCap;
    this.retentionMs = pointsPerSeriesMax * collectIntervalMs;
    this.#guaranteed = Math.min(limits.pointsGuaranteed, Math.floor(pointsMax / (4 * seriesMax)));
    for (const metric of fixed) this.#registry.take(metric, true);
  }

  get seriesCount(): number {
    return this.#seriesCount;
  }

  get pointsCount(): number {
    return this.#pointsCount;
  }

  /** Another one whenever there are other series, or something else is known of their metrics. */
  get version(): number {
    return this.#changesCount + this.#registry.version;
  }

  /** In the order of first sight. */
  *metrics(): Iterable<Metric> {
    for (const { metric } of this.#registry.all) yield metric;
  }

  metric(name: string): Metric | undefined {
    return this.#registry.find(name)?.metric;
  }

  /** The metrics of each family, both in the order of first sight. */
  *families(): Iterable<readonly Metric[]> {
    for (const [, all] of this.#registry.families) yield Array.from(all, ({ metric }) => metric);
  }

  /** The series of a metric, in the order of first sight. */
  *select(name: string, matches?: (labels: Labels) => boolean): Iterable<Series> {
    for (const series of this.#registry.find(name)?.series.values() ?? []) {
      if (!matches || matches(series.labels)) yield series;
    }
  }

  /** Its first sight registers a metric. */
  record(metric: Metric, labels: Keyed, value: number, timeMs: number): Recorded {
    const known = this.#registry.find(metric.name);
    if (known?.metric !== metric) {
      const trouble = this.#registry.whyNot(metric, this.#clock.now());
      if (trouble) return trouble;
      if (known) this.#registry.take(metric);
    }
    const { key } = labels;
    const series = known?.series.get(key);
    if (known && series) return this.#add(known, series, value, timeMs);
    return this.#recordFirst(metric, labels, key, value, timeMs);
  }

  /** What `record` would say, limits of all series together aside; `new` where it would open a series. */
  foresee(metric: Metric, { key, labels }: Keyed, timeMs: number): Recorded | 'new' {
    const trouble = this.#registry.whyNot(metric, this.#clock.now());
    if (trouble) return trouble;
    const known = this.#registry.find(metric.name)?.series.get(key);
    if (known) {
      known.heardMs = this.#clock.now();
      return timeMs < this.#startMs(known) ? 'too_old' : 'recorded';
    }
    return this.#whyNoSeries(metric, labels, timeMs) ?? 'new';
  }

  /**
   * Keeps room for new series.
   *
   * @returns gives back a part of it, just before that part is recorded; undefined where there is none
   */
  promise(room: Room): ((part: Room) => void) | undefined {
    if (room.series > 0 && (this.#whyFull(room) || !this.#makeRoom(room))) return undefined;
    this.#promised = sumOf(this.#promised, room, 1);
    return (part) => {
      this.#promised = sumOf(this.#promised, part, -1);
    };
  }

  /** Gives back the memory of what had no point for too long; to be called each collect interval. */
  forget(): void {
    const nowMs = this.#clock.now();
    for (const registered of this.#registry.all) {
      for (const [key, series] of registered.series) {
        if (series.newestMs < nowMs - this.retentionMs) this.#drop(registered, key, series);
      }
    }
    this.#silent.find(this.#registry.all, nowMs - Math.max(this.#settings.historyMs, limits.silentMsMin));
  }

  remove(name: string, key: string): void {
    const registered = this.#registry.find(name);
    const series = registered?.series.get(key);
    if (registered && series) this.#drop(registered, key, series);
  }

  #drop(registered: Registered, key: string, { count }: Ring): void {
    registered.series.delete(key);
    this.#seriesCount--;
    this.#changesCount++;
    this.#charactersCount -= key.length;
    this.#count(count, 0);
    if (registered.series.size === 0 && !registered.isFixed) this.#registry.drop(registered);
  }

  #recordFirst(metric: Metric, unread: Keyed, key: string, value: number, timeMs: number): Recorded {
    // Where there is no room there may be many such samples: nothing more is asked of them.
    const room = { series: 1, characters: key.length };
    const full = this.#whyFull(room);
    if (full) return full;
    const { labels } = unread;
    const trouble = this.#whyNoSeries(metric, labels, timeMs);
    if (trouble) return trouble;
    if (!this.#makeRoom(room)) return 'series_full';
    const registered = this.#registry.take(metric);
    const series = new RingSeries(storedLabels(labels) ?? {}, this.#clock.now());
    registered.series.set(ownText(key), series);
    this.#seriesCount++;
    this.#changesCount++;
    this.#charactersCount += key.length;
    return this.#add(registered, series, value, timeMs);
  }

  #whyNoSeries(metric: Metric, labels: Labels, timeMs: number): Refused | undefined {
    if (timeMs < this.#clock.now() - this.retentionMs) return 'too_old';
    return storedLabels(labels) && hasBound(metric, labels) ? undefined : 'labels';
  }

  /** Why there is no room for new series, whatever gives way. */
  #whyFull(room: Room): 'series_full' | 'points_full' | undefined {
    const { series, characters } = this.#lacking(room);
    if (series > this.#silent.seriesCount || characters > this.#silent.charactersCount) {
      this.#onCap('max_series');
      return 'series_full';
    }
    const pointsCount = this.#pointsCount + this.#promised.series + room.series;
    if (this.#guaranteed > 0 || pointsCount <= this.#settings.pointsMax) return undefined;
    this.#onCap('max_points');
    return 'points_full';
  }

  /** What is above the limits with new series: below 0 where there is room for more. */
  #lacking(room: Room): Room {
    const { seriesMax: series } = this.#settings;
    const taken = { series: this.#seriesCount, characters: this.#charactersCount };
    const most = { series, characters: limits.labelCharactersPerSeries * series };
    return sumOf(sumOf(sumOf(this.#promised, room, 1), taken, 1), most, -1);
  }

  /** Lets what was silent for longest give way: whether there is room then. */
  #makeRoom(room: Room): boolean {
    for (;;) {
      const { series, characters } = this.#lacking(room);
      if (series <= 0 && characters <= 0) return true;
      this.#onCap('max_series');
      const silent = this.#silent.next();
      if (!silent) return false;
      this.#drop(silent.registered, silent.key, silent.series);
    }
  }

  #add(registered: Registered, series: RingSeries, value: number, timeMs: number): Recorded {
    const before = series.count;
    const room = this.#roomOf(series);
    const nowMs = this.#clock.now();
    series.heardMs = nowMs;
    if (before < room && timeMs < nowMs - this.retentionMs) return 'too_old';
    const added = series.add(timeMs, value, room);
    if (added === 'too_old') return added;
    if (series.count > before) this.#count(before, series.count);
    else if (added === 'added' && room < this.#settings.pointsPerSeriesMax) this.#onCap('max_points');
    if (timeMs > registered.newestMs) registered.newestMs = timeMs;
    return 'recorded';
  }

  /** How many points it may have by now. */
  #roomOf({ count }: Ring): number {
    const { pointsPerSeriesMax, pointsMax, seriesMax } = this.#settings;
    const isShort = count < this.#guaranteed || count === 0;
    const mayGrow = isShort || this.#extraCount < pointsMax - this.#guaranteed * seriesMax;
    return mayGrow ? pointsPerSeriesMax : Math.min(count, pointsPerSeriesMax);
  }

  /** The oldest time that it takes. */
  #startMs(ring: Ring): number {
    return ring.count < this.#roomOf(ring) ? this.#clock.now() - this.retentionMs : ring.oldestMs;
  }

  #count(before: number, after: number): void {
    this.#pointsCount += after - before;
    this.#extraCount += Math.max(0, after - this.#guaranteed) - Math.max(0, before - this.#guaranteed);
  }
}
