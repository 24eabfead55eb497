/** Puts the samples of an exporter under their families, in which TYPE and HELP may stand anywhere. */
import type { Family, FamilyType, Sample } from '../../exposition/family.ts';

/** What TYPE may say, and what it is to us: OpenMetrics has types that Prometheus never had. */
const types = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  summary: 'summary',
  untyped: 'untyped',
  unknown: 'untyped',
  gaugehistogram: 'untyped',
  info: 'gauge',
  stateset: 'gauge',
} as const satisfies Readonly<Record<string, FamilyType>>;

type TypeWord = keyof typeof types;

/** What the comments say about a name. */
type Facts = { type?: TypeWord; help?: string };

type Filling = Family & { readonly samples: Sample[] };

export function isTypeWord(text: string): text is TypeWord {
  return Object.hasOwn(types, text);
}

export class TextFamilies {
  readonly #facts = new Map<string, Facts>();
  readonly #families = new Map<string, Filling>();
  /** The family of each name that a sample has. */
  readonly #byName = new Map<string, Filling>();

  /** Names of which a comment speaks. */
  get namedCount(): number {
    return this.#facts.size;
  }

  /** The first word counts: files that were put together say it twice. */
  setType(name: string, type: TypeWord): void {
    const facts = this.#factsOf(name);
    facts.type ??= type;
  }

  setHelp(name: string, help: string): void {
    const facts = this.#factsOf(name);
    facts.help ??= help;
  }

  /** To be called when all comments were read. */
  add(sample: Sample): void {
    let family = this.#byName.get(sample.name);
    if (!family) {
      family = this.#familyOf(sample.name);
      this.#byName.set(sample.name, family);
    }
    family.samples.push(sample);
  }

  /** Those without a sample, too. */
  families(): readonly Family[] {
    for (const [name, { type = 'untyped', help = '' }] of this.#facts) {
      if (!this.#isRenamed(name, type)) this.#open(name, types[type], help);
    }
    return [...this.#families.values()];
  }

  /** In OpenMetrics a counter's samples have another name than its TYPE. */
  #isRenamed(name: string, type: TypeWord): boolean {
    if (this.#byName.has(name)) return false;
    const suffix = type === 'counter' ? '_total' : '_info';
    return (type === 'counter' || type === 'info') && this.#byName.has(`${name}${suffix}`);
  }

  #factsOf(name: string): Facts {
    let facts = this.#facts.get(name);
    if (!facts) {
      facts = {};
      this.#facts.set(name, facts);
    }
    return facts;
  }

  #familyOf(name: string): Filling {
    const { type, help = '' } = this.#facts.get(name) ?? {};
    if (type) return this.#open(name, types[type], help);
    const [, base = '', suffix = ''] = /^(.+)(_bucket|_sum|_count|_total|_info|_created)$/.exec(name) ?? [];
    const whole = this.#facts.get(base);
    if (whole?.type) {
      if (isPart(whole.type, suffix)) return this.#open(base, types[whole.type], whole.help ?? '');
      const renamed = renamedType(whole.type, suffix);
      if (renamed) return this.#open(name, renamed, whole.help ?? '');
    }
    return this.#open(name, 'untyped', help);
  }

  #open(name: string, type: FamilyType, help: string): Filling {
    let family = this.#families.get(name);
    if (!family) {
      family = { name, type, help, samples: [] };
      this.#families.set(name, family);
    }
    return family;
  }
}

function isPart(type: TypeWord, suffix: string): boolean {
  if (type === 'histogram') return suffix === '_bucket' || suffix === '_sum' || suffix === '_count';
  return type === 'summary' && (suffix === '_sum' || suffix === '_count');
}

function renamedType(type: TypeWord, suffix: string): FamilyType | undefined {
  if (suffix === '_total' && type === 'counter') return 'counter';
  if (suffix === '_info' && type === 'info') return 'gauge';
  const isCreated = type === 'counter' || type === 'histogram' || type === 'summary';
  return suffix === '_created' && isCreated ? 'gauge' : undefined;
}
