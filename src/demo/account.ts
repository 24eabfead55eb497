/**
 * Who was told what on the status page: each request of the reporter is read once and set down, so that
 * everybody can count what was sent once, and what twice.
 */
import type { DialectRequest } from './dialects/dialect.ts';
import type { StackmonV2 } from './dialects/stackmon-v2.ts';

/**
 * What a request did. `again` says what the page was told before; `left`: a human's incident says so
 * already; `touched`: it would change a human's incident; `refused`: nothing, the page took it not.
 */
export type Deed =
  | 'looked'
  | 'opened'
  | 'worsened'
  | 'eased'
  | 'split'
  | 'closed'
  | 'left'
  | 'again'
  | 'touched'
  | 'refused';

/** One request, as it is set down. */
export type Entry = {
  readonly deed: Deed;
  readonly event: number | undefined;
  readonly components: readonly number[];
  /** What the page is told; undefined where it is told of no impact. */
  readonly impact: number | undefined;
};

export type Deeds = Readonly<Record<Deed, number>>;

type Body = { readonly components?: readonly number[]; readonly impact?: number; readonly status?: string };
/** From the first report about a component until its incident is closed. */
type Spell = { readonly event: number; readonly impact: number };

export class Account {
  readonly #page: Pick<StackmonV2, 'events' | 'requests'>;
  readonly #entries = new WeakMap<DialectRequest, Entry>();
  readonly #spells = new Map<number, Spell>();
  readonly #humans = new Set<number>();
  readonly #byEvent = new Map<number, Deeds>();
  #total: Deeds = noDeeds;
  #failed = 0;

  constructor(page: Pick<StackmonV2, 'events' | 'requests'>) {
    this.#page = page;
  }

  /** Since the start. */
  get total(): Deeds {
    return this.#total;
  }

  /** Requests that the page refused, or whose answer was lost. */
  get failed(): number {
    return this.#failed;
  }

  of(event: number): Deeds {
    return this.#byEvent.get(event) ?? noDeeds;
  }

  isOfHuman(event: number): boolean {
    return this.#humans.has(event);
  }

  entry(request: DialectRequest): Entry | undefined {
    return this.#entries.get(request);
  }

  /** Sets down what came since: soon, because the page forgets old requests and moves components about. */
  read(): void {
    for (const request of this.#page.requests) {
      if (this.#entries.has(request) || isOfReader(request)) continue;
      const entry = this.#judge(request);
      this.#entries.set(request, entry);
      this.#total = plus(this.#total, entry.deed);
      if (hasFailed(request)) this.#failed++;
      if (entry.event !== undefined) {
        this.#byEvent.set(entry.event, plus(this.of(entry.event), entry.deed));
      }
    }
    this.#forget();
  }

  /** Whatever is told about the component from now on, the incident is theirs. */
  openedByHuman(event: number, component: number): void {
    this.read();
    this.#humans.add(event);
    this.#spells.delete(component);
  }

  #judge(request: DialectRequest): Entry {
    const { method, path, answered } = request;
    const body = (request.json ?? {}) as Body;
    const named = /^\/v2\/events\/(\d+)/.exec(path)?.[1];
    const event = named === undefined ? undefined : Number(named);
    const { components = this.#componentsOf(event), impact } = body;
    const entry = (deed: Deed, of = event): Entry => ({ deed, event: of, components, impact });
    if (answered !== undefined && answered >= 400) return entry('refused');
    if (method === 'GET') return entry('looked');
    if (event === undefined) {
      const [first = 0] = components;
      const placed = placedIn(request) ?? this.#eventOf(first);
      return entry(this.#reported(first, placed, impact ?? 0), placed);
    }
    if (this.#humans.has(event)) return entry('touched');
    if (path.endsWith('/extract')) return entry('split');
    return entry(
      body.status === 'resolved' ? this.#resolved(components) : this.#changed(components, event, impact),
    );
  }

  #reported(component: number, event: number | undefined, impact: number): Deed {
    if (event === undefined) return 'refused';
    if (this.#humans.has(event)) return 'left';
    const spell = this.#spells.get(component);
    this.#spells.set(component, { event, impact });
    if (!spell) return 'opened';
    return impact > spell.impact ? 'worsened' : 'again';
  }

  #changed(components: readonly number[], event: number, impact: number | undefined): Deed {
    const before = Math.max(0, ...components.map((each) => this.#spells.get(each)?.impact ?? 0));
    if (impact === undefined || impact === before) return 'again';
    for (const each of components) this.#spells.set(each, { event, impact });
    return impact > before ? 'worsened' : 'eased';
  }

  #resolved(components: readonly number[]): Deed {
    const ended = components.filter((each) => this.#spells.delete(each));
    return ended.length > 0 ? 'closed' : 'again';
  }

  #componentsOf(event: number | undefined): readonly number[] {
    return this.#page.events.find(({ id }) => id === event)?.components ?? [];
  }

  /** Where an answer was lost, the page shows what has become of the report. */
  #eventOf(component: number): number | undefined {
    return this.#page.events.findLast(({ components }) => components.includes(component))?.id;
  }

  #forget(): void {
    const known = new Set(this.#page.events.map(({ id }) => id));
    for (const id of [...this.#byEvent.keys()]) if (!known.has(id)) this.#byEvent.delete(id);
    for (const id of [...this.#humans]) if (!known.has(id)) this.#humans.delete(id);
  }
}

export const noDeeds: Deeds = {
  looked: 0,
  opened: 0,
  worsened: 0,
  eased: 0,
  split: 0,
  closed: 0,
  left: 0,
  again: 0,
  touched: 0,
  refused: 0,
};

export function hasFailed({ answered }: DialectRequest): boolean {
  return answered === undefined || answered >= 400;
}

function plus(deeds: Deeds, deed: Deed): Deeds {
  return { ...deeds, [deed]: deeds[deed] + 1 };
}

/** Undefined where there was no answer. */
function placedIn({ answer }: DialectRequest): number | undefined {
  if (answer === undefined) return undefined;
  // Of the fake beside us.
  const { result = [] } = JSON.parse(answer) as { result?: readonly { readonly incident_id: number }[] };
  return result[0]?.incident_id;
}

/** Whoever watches the demo may look at what is open, too. */
function isOfReader({ method, headers }: DialectRequest): boolean {
  return method === 'GET' && headers['user-agent'] !== 'cloudmon-reporter';
}
