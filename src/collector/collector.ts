/**
 * The collector: what is pushed and what sources say, kept for a while, summed up and asked about.
 *
 * One beat moves it: every `collect_interval` sources are asked, and what was pushed since becomes points
 * of series.
 */
import type { Family } from '../exposition/family.ts';
import type { Intakes, Routes } from '../http/routes.ts';
import type { Windows } from '../maintenance/windows.ts';
import type { Clock } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import { startBeat } from './beat.ts';
import { type Condition, openCondition } from './condition.ts';
import { openConvertor } from './convertor.ts';
import { openAdmission } from './intake/admission.ts';
import { openIngest } from './intake/ingest.ts';
import type { CollectorJournal } from './journal.ts';
import { openSeries } from './series/series.ts';
import type { CollectorSettings } from './settings.ts';
import { thisNode } from './sources/node-reads.ts';
import { openSources, type Sources } from './sources/sources.ts';
import { windowFacts } from './window/facts.ts';
import { goDuration } from './window/go-duration.ts';
import { windowRoutes } from './window/stats.ts';
import { Window } from './window/window.ts';
import { windowFamilies } from './window/window-families.ts';

export type CollectorParts = {
  readonly clock: Clock;
  readonly journal: CollectorJournal;
  /** Of this machine, or of the container. */
  readonly nodeName: string;
  /** Tells whether two settings are the same, secrets included, without showing them. */
  readonly fingerprint: (settings: object) => string;
  /** As it is by now. */
  readonly maintenance: () => Promise<Windows>;
};

export type Collector = ReturnType<typeof openCollector>;

export function openCollector(started: CollectorSettings, { clock, nodeName, ...parts }: CollectorParts) {
  let settings = started;
  const current = () => settings;
  const condition = openCondition(clock, parts.journal);
  const { journal } = condition;
  const admission = openAdmission(current, clock);
  const window = new Window(started, clock, journal.capped);
  const ingest = openIngest({ settings: current, window, admission, clock, journal });
  const series = openSeries({ settings: current, clock, journal, admission });
  const convertor = openConvertor({ ...parts, settings: current, store: series.store, clock, journal });
  const sources = openSources(started.sources, { ...parts, clock, journal, nodeName, reads: thisNode });
  const stops: (() => void)[] = [];

  const collect = () =>
    void sources.collect(
      ({ families, labels, timeMs }) => void series.takeFamilies(families, labels, timeMs),
    );

  let summedMs = clock.monotonic();
  const sumUp = () => {
    const nowMs = clock.monotonic();
    const elapsedMs = nowMs - summedMs;
    // After a pause the next beat may come at once: what came since would look like a flood.
    if (elapsedMs < started.collectIntervalMs / 2) return;
    summedMs = nowMs;
    series.recordIntervals(window.intervals(), clock.now(), elapsedMs);
    series.forget();
  };

  return {
    routes: new Map([...windowRoutes(window, clock), ...series.routes, ...convertor.routes]) as Routes,
    inside: convertor.inside,
    intakes: new Map([['/api/ingest', ingest.intake], ...series.intakes, ...convertor.intakes]) as Intakes,
    families: (): readonly Family[] => [
      ...ingest.families(),
      ...windowFamilies(window),
      ...series.families(),
      ...convertor.families(),
      ...sources.families(),
    ],
    printable: series.printable,
    facts: () => ({
      ...limitsOf(started),
      metrics: window.count,
      series: series.store.seriesCount,
      points: series.store.pointsCount,
      accepted: ingest.accepted(),
      refused: ingest.refused(),
      evicted: window.evicted,
      services: (countMax: number) => windowFacts(window).services.slice(0, countMax),
      servicesCount: window.totals.servicesCount,
      ...stateOf(sources, condition),
    }),
    start: (): void => {
      summedMs = clock.monotonic();
      collect();
      stops.push(
        startBeat(clock, started.collectIntervalMs, () => {
          collect();
          sumUp();
        }),
        startBeat(clock, limits.sweepMs, () => void window.expire()),
        startBeat(clock, started.cleanupIntervalMs, cleaner(window, journal)),
      );
    },
    /** What a running collector can change: rate, environment, sources and what health is made of. */
    reload: ({ rate, environment, sources: wanted, health }: CollectorSettings): void => {
      const { health: _, ...kept } = settings;
      settings = { ...kept, rate, environment, ...(health && { health }) };
      condition.reload();
      convertor.reload();
      sources.reload(wanted);
    },
    /** From now on nothing is taken. */
    drain: (): void => {
      admission.drain();
      condition.drain();
    },
    /** What is being read is read to its end. */
    stop: async (): Promise<void> => {
      for (const stop of stops.splice(0)) stop();
      sources.stop();
      convertor.stop();
      await Promise.all([ingest.idle(), series.idle()]);
    },
  };
}

/** Tells how many have left the window since it told last. */
function cleaner(window: Window, journal: CollectorJournal): () => void {
  let told = 0;
  return async () => {
    await window.expire();
    const removed = window.expired - told;
    told = window.expired;
    if (removed > 0) journal.cleaned(removed, window.count);
  };
}

function stateOf(sources: Sources, condition: Condition) {
  const asked = sources.facts();
  return { sources: asked, health: condition.health(asked) };
}

function limitsOf({ metricsMax, historyMs, seriesMax, pointsMax }: CollectorSettings) {
  return { metricsMax, historyMs, historyText: goDuration(historyMs), seriesMax, pointsMax };
}
