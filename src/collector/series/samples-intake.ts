/** `POST /api/samples`: one sample, an array of them, or one in each line. */
import type { Intake, Page } from '../../http/routes.ts';
import type { Clock, Pause } from '../../model/clock.ts';
import type { Admission } from '../intake/admission.ts';
import { admittedBytes } from '../intake/content.ts';
import { Reading, readAll } from '../intake/reading.ts';
import { refusal, taken } from '../intake/reply.ts';
import { Timestamps } from '../intake/timestamp.ts';
import type { SeriesInstruments } from './instruments.ts';
import type { RecordSample } from './recorded.ts';
import { SampleBatch } from './sample-batch.ts';
import type { SeriesStore } from './store.ts';
import type { Turns } from './turns.ts';

export type SamplesParts = {
  readonly store: SeriesStore;
  readonly record: RecordSample;
  readonly instruments: SeriesInstruments;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly turns: Turns;
  readonly seriesMax: number;
};

/** For who is refused because there is no room: some of it may be given back by then. */
const retryAfterSeconds = 60;

export function openSamplesIntake(parts: SamplesParts): Intake {
  const { store, record, instruments, admission, clock, turns, seriesMax } = parts;

  const take = async (address: string, contentType: string, body: Buffer, pause: Pause): Promise<Page> => {
    const rules = { nowMs: clock.now(), retentionMs: store.retentionMs, times: new Timestamps() };
    const batch = new SampleBatch(store, rules, seriesMax);
    const reading = new Reading(contentType, body, {
      take: (fields, index, complaints) => batch.take(fields, index, complaints),
    });
    await readAll(reading, pause);
    admission.settle(address, reading.charge);
    const { refusal: refused, count, isBatch } = reading;
    if (refused) {
      instruments.refused('invalid', Math.max(1, count));
      return refused;
    }
    const release = store.promise(batch.needed);
    if (!release) {
      instruments.refused('series_full', count);
      return refusal(503, full(batch.needed.series, seriesMax), retryAfterSeconds);
    }
    const lost = await batch.record(record, release, pause);
    if (lost > 0) return refusal(503, `${lost} of ${count} samples were not stored: send them again`, 1);
    return isBatch ? taken('Samples recorded', count) : taken('Sample recorded');
  };

  return {
    admit: ({ address, contentType }) => admission.admit(address) ?? admittedBytes(contentType),
    take: ({ address, contentType }, body) => turns.take((pause) => take(address, contentType, body, pause)),
    refusal: (status, message) => refusal(status, message),
  };
}

function full(newCount: number, seriesMax: number): string {
  const series = newCount === 1 ? 'a new series' : `${newCount} new series`;
  return `there is no room for ${series}, so nothing was stored: collector.max_series is ${seriesMax}`;
}
