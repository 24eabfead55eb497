/**
 * POST /api/ingest: metrics, one or many, are taken whole or refused whole.
 *
 * What is small is read at once. Of long batches one is read at a time, in slices, so that everything
 * else in the process keeps its rhythm.
 */
import type { Family } from '../../exposition/family.ts';
import type { Delivered, Intake, Page } from '../../http/routes.ts';
import { type Clock, pace } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import type { CollectorJournal } from '../journal.ts';
import type { CollectorSettings } from '../settings.ts';
import type { Admission } from './admission.ts';
import { admittedBytes } from './content.ts';
import { IngestInstruments, type RefusalReason } from './ingest-instruments.ts';
import { spanAt } from './metric.ts';
import { MetricBatch } from './metric-batch.ts';
import { Reading } from './reading.ts';
import { refusal, taken } from './reply.ts';
import type { MetricStore } from './staged-rows.ts';

export type IngestParts = {
  /** As they are by now. */
  readonly settings: () => Pick<CollectorSettings, 'environment' | 'historyMs'>;
  readonly window: MetricStore;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly journal: Pick<CollectorJournal, 'hearsIngested' | 'ingested'>;
};

export type Ingest = {
  readonly intake: Intake;
  readonly families: () => readonly Family[];
  /** Metrics since the start. */
  readonly accepted: () => number;
  /** By reason. */
  readonly refused: () => ReadonlyMap<string, number>;
  /** Resolves when no batch is under way. */
  readonly idle: () => Promise<void>;
};

/** What is not larger is read at once: some 100 metrics, 0.1 ms. */
const smallBytes = 16_384;

const oneTaken = taken('Metric ingested');

export function openIngest({ settings, window, admission, clock, journal }: IngestParts): Ingest {
  const instruments = new IngestInstruments();
  const atOnce = new MetricBatch(window, journal);
  const inTurns = new MetricBatch(window, journal);
  const pause = pace(clock, limits.intakeSliceMs);
  let queue: Promise<unknown> = Promise.resolve();

  const begin = ({ contentType, address }: Delivered, body: Buffer, batch: MetricBatch): Work => {
    const { environment, historyMs } = settings();
    batch.open(body, address, environment, spanAt(clock.now(), historyMs));
    return new Work(new Reading(contentType, body, batch), batch);
  };

  const end = ({ address }: Delivered, { reading }: Work, sinceMs: number): Page => {
    const { refusal: page, count } = reading;
    admission.settle(address, reading.charge);
    if (page) instruments.refused(reasonOf(page, reading), Math.max(1, count));
    else instruments.ingested(count);
    instruments.took(clock.monotonic() - sinceMs);
    return page ?? (reading.isBatch ? taken('Metrics ingested', count) : oneTaken);
  };

  const takeAtOnce = (head: Delivered, body: Buffer): Page => {
    const sinceMs = clock.monotonic();
    const work = begin(head, body, atOnce);
    try {
      while (work.step());
    } finally {
      atOnce.close();
    }
    return end(head, work, sinceMs);
  };

  const takeInTurns = async (head: Delivered, body: Buffer, sinceMs: number): Promise<Page> => {
    const work = begin(head, body, inTurns);
    try {
      while (work.step()) await pause();
    } finally {
      inTurns.close();
    }
    return end(head, work, sinceMs);
  };

  const refuse = (reason: RefusalReason, page: Page): Page => {
    instruments.refused(reason, 1);
    return page;
  };

  return {
    intake: {
      admit: ({ address, contentType }) => {
        const page = admission.admit(address);
        if (page) return refuse(page.status === 429 ? 'rate_limited' : 'draining', page);
        const admitted = admittedBytes(contentType);
        return typeof admitted === 'number' ? admitted : refuse('unsupported_type', admitted);
      },
      take: (head, body) => {
        if (body.length <= smallBytes) return takeAtOnce(head, body);
        const sinceMs = clock.monotonic();
        const answer = queue.then(() => takeInTurns(head, body, sinceMs));
        // A bug in one is told to who sent it, and is no reason to take no other.
        queue = answer.then(nothing, nothing);
        return answer;
      },
      refusal: (status, message) =>
        refuse(reasonsByStatus.get(status) ?? 'malformed', refusal(status, message)),
    },
    families: () => instruments.families(),
    accepted: () => instruments.accepted,
    refused: () => instruments.refusals,
    idle: async () => void (await queue),
  };
}

const nothing = () => undefined;

/** What the listener itself refuses. */
const reasonsByStatus: ReadonlyMap<number, RefusalReason> = new Map([
  [413, 'too_large'],
  [415, 'unsupported_type'],
  [503, 'overloaded'],
]);

function reasonOf({ status }: Page, { complaints }: Reading): RefusalReason {
  if (status === 413) return 'too_large';
  return complaints.first?.field === 'body' ? 'malformed' : 'invalid';
}

/** Reads one body, and then stores or forgets what was in it. */
class Work {
  readonly reading: Reading;
  readonly #batch: MetricBatch;
  #isRead = false;

  constructor(reading: Reading, batch: MetricBatch) {
    this.reading = reading;
    this.#batch = batch;
  }

  /** Does some of it: whether there is more. */
  step(): boolean {
    if (!this.#isRead) {
      this.#isRead = !this.reading.step();
      return true;
    }
    return this.reading.isRefused ? this.#batch.drop() : this.#batch.store();
  }
}
