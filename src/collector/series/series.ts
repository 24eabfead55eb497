/** Metrics as series: what sources and clients bring, what is rolled up, and what is asked of them. */
import type { Family } from '../../exposition/family.ts';
import type { Intakes, Page, Route, Routes } from '../../http/routes.ts';
import { type Clock, pace } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import type { Admission } from '../intake/admission.ts';
import { refusal } from '../intake/reply.ts';
import type { Interval } from '../interval.ts';
import type { CollectorJournal } from '../journal.ts';
import type { CollectorSettings } from '../settings.ts';
import { openAggregation } from './aggregation.ts';
import { type AggregationQuery, parseAggregationQuery } from './aggregation-query.ts';
import { Deployments } from './deployments.ts';
import { documented } from './documented.ts';
import { openFamilies, type TakeFamilies } from './families.ts';
import { SeriesInstruments } from './instruments.ts';
import type { Keyed } from './labels.ts';
import type { Metric } from './metric.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { openPrintable } from './printable.ts';
import type { Recorded } from './recorded.ts';
import { openSamplesIntake } from './samples-intake.ts';
import { statsPage } from './stats-page.ts';
import { SeriesStore } from './store.ts';
import { recordSystem } from './system.ts';
import { Turns } from './turns.ts';

export type SeriesParts = {
  /** As they are by now; those of the store and of the history are read once. */
  readonly settings: () => CollectorSettings;
  readonly clock: Clock;
  readonly journal: Pick<CollectorJournal, 'capped'>;
  readonly admission: Admission;
};

export type CollectorSeries = {
  /** For reading. */
  readonly store: SeriesStore;
  readonly routes: Routes;
  readonly intakes: Intakes;
  /** Our own instruments. */
  readonly families: () => readonly Family[];
  /** The newest sample of every series that is current. */
  readonly printable: () => readonly Family[];
  readonly takeFamilies: TakeFamilies;
  /** To be called each collect interval, also without any. */
  readonly recordIntervals: (intervals: readonly Interval[], timeMs: number, elapsedMs: number) => void;
  /** Gives back the memory of what is too old; to be called each collect interval. */
  readonly forget: () => void;
  /** For the end: resolves when all that came is stored or refused, and leaves no timer behind. */
  readonly idle: () => Promise<void>;
};

export function openSeries({ settings, clock, journal, admission }: SeriesParts): CollectorSeries {
  const { historyMs, collectIntervalMs, seriesMax } = settings();
  const store = new SeriesStore(settings(), clock, documented, journal.capped);
  const instruments = new SeriesInstruments(store);
  const printable = openPrintable(store);
  const turns = new Turns(pace(clock, limits.intakeSliceMs));
  const aggregated = openAggregated(store, instruments, clock);

  const record = (metric: Metric, labels: Keyed, value: number, timeMs: number): Recorded => {
    const recorded = store.record(metric, labels, value, timeMs);
    if (recorded === 'recorded') instruments.recorded();
    else instruments.refused(recorded);
    return recorded;
  };
  const deployments = new Deployments({
    record,
    remove: (metric, labels) => store.remove(metric, labels),
    onFull: () => {
      instruments.refused('series_full');
      journal.capped('max_series');
    },
    historyMs,
    retentionMs: store.retentionMs,
    seriesMax,
  });

  return {
    store,
    routes: new Map<string, Route>([
      ['/metrics/aggregated', aggregated.route],
      ['/stats', () => statsPage(store)],
    ]),
    intakes: new Map([
      ['/api/samples', openSamplesIntake({ store, record, instruments, admission, clock, turns, seriesMax })],
    ]),
    families: () => instruments.families(),
    printable: () => printable(clock.now() - Math.max(limits.staleMs, 3 * collectIntervalMs)),
    takeFamilies: openFamilies({ record, turns, onLate: (count) => instruments.refused('late', count) }),
    recordIntervals: (intervals, timeMs, elapsedMs) => {
      deployments.add(intervals, timeMs, elapsedMs);
      recordSystem(store, record, deployments.activeCount, timeMs);
    },
    forget: () => store.forget(),
    idle: () => {
      aggregated.keepNothing();
      return turns.idle();
    },
  };
}

type Aggregated = { readonly route: Route; readonly keepNothing: () => void };

function openAggregated(store: SeriesStore, instruments: SeriesInstruments, clock: Clock): Aggregated {
  const aggregate = openAggregation(store, clock);
  const answer = async (query: AggregationQuery): Promise<Page> => {
    const startedMs = clock.monotonic();
    const page = await aggregate(query);
    instruments.aggregated(clock.monotonic() - startedMs);
    return page;
  };
  const { ask, keepNothing } = oneAtATime(clock, limits.aggregatedPageKeptMs, answer);
  const route: Route = ({ query }) => {
    const parsed = parseAggregationQuery(query);
    return typeof parsed === 'string' ? refusal(400, parsed) : ask(JSON.stringify(parsed), parsed);
  };
  return { route, keepNothing };
}
