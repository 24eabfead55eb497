/**
 * prom-client's registry and its instruments, whose values are read when somebody asks.
 *
 * Where they are kept is our business: prom-client tells series apart by a text in which
 * `environment:a,service:b` may come about in two ways, and takes up to 0.7 µs to find one.
 */
import type { Registry as PromRegistry } from 'prom-client';
import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Histogram from 'prom-client/lib/histogram.js';
import Registry from 'prom-client/lib/registry.js';
import type { Family, Sample, Snapshot } from '../exposition/family.ts';

type Facts = {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** @param name the family's, which its samples have too but for a histogram's */
  readonly read: (name: string) => Sample[];
};

const kinds = { counter: Counter, gauge: Gauge, histogram: Histogram } as const;

export class InstrumentRegistry {
  readonly #registry: PromRegistry = new Registry();

  add(type: keyof typeof kinds, { name, help, labelNames = [], read }: Facts): void {
    const instrument = new kinds[type]({ name, help, labelNames, registers: [this.#registry] });
    const get = instrument.get.bind(instrument);
    instrument.get = async () => ({ ...(await get()), values: read(name) });
  }

  async snapshot(): Promise<Snapshot> {
    const families = await this.#registry.getMetricsAsJSON();
    return families.map(({ name, type, help, values }) => ({
      name,
      // Its types promise a number; it is the word.
      type: String(type) as Family['type'],
      help,
      // What was read, untouched.
      samples: values as Sample[],
    }));
  }
}
