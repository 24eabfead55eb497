/**
 * Everything that is asked for metrics every `collect_interval`, all at once.
 *
 * What one brings is handed on as soon as it is there, so that a slow or dead one delays no other.
 */
import type { Family, FamilyType, Labels, Sample } from '../../exposition/family.ts';
import type { Clock } from '../../model/clock.ts';
import type { SourceFacts } from '../../model/collector-facts.ts';
import type { SourceSettings } from '../settings.ts';
import type { Feed } from './feed.ts';
import { openJson } from './json.ts';
import { openNode } from './node.ts';
import type { NodeReads } from './node-reads.ts';
import { openPrometheus } from './prometheus.ts';
import { type Collected, Source, type SourceParts } from './source.ts';
import { sourceLabels, sourceNames } from './source-names.ts';

type SourcesParts = SourceParts & {
  readonly clock: Clock;
  /** Of this host: the label `node_id`, unless the settings name another. */
  readonly nodeName: string;
  readonly reads: NodeReads;
  /** Tells whether two settings are the same, secrets included, without showing them. */
  readonly fingerprint: (settings: object) => string;
};

export type Sources = {
  /**
   * Asks all that may be asked and are not still being asked; resolves when the last has answered, or
   * failed to. No failure of a source rejects it.
   *
   * @param onCollected called for each source when it is done, also for one that brought nothing but `up` 0
   */
  readonly collect: (onCollected: (collected: Collected) => void) => Promise<void>;
  /** Those whose settings are the same go on as if nothing had happened; the others are stopped. */
  readonly reload: (settings: readonly SourceSettings[]) => void;
  readonly facts: () => readonly SourceFacts[];
  /** How the sources are doing: instruments of ours, for /metrics. */
  readonly families: () => readonly Family[];
  /** Ends what is under way; nothing of it is handed on. */
  readonly stop: () => void;
};

type Entry = { readonly source: Source; readonly ownLabels: Labels };

export function openSources(settings: readonly SourceSettings[], parts: SourcesParts): Sources {
  /** By fingerprint of name and settings. */
  let entries: ReadonlyMap<string, Entry> = open(settings, parts, new Map());
  const all = () => Array.from(entries.values(), ({ source }) => source);

  return {
    collect: async (onCollected) => {
      const timeMs = parts.clock.now();
      const collecting = Array.from(entries.values(), async ({ source, ownLabels }) => {
        const collected = await source.collect(timeMs, ownLabels);
        if (collected) onCollected(collected);
      });
      await Promise.all(collecting);
    },
    reload: (wanted) => {
      const before = entries;
      entries = open(wanted, parts, before);
      for (const [mark, { source }] of before) if (!entries.has(mark)) source.stop();
    },
    facts: () => all().map((source) => source.facts()),
    families: () => instruments(all()),
    stop: () => {
      for (const source of all()) source.stop();
    },
  };
}

/** @param before those of them that are wanted still go on */
function open(
  settings: readonly SourceSettings[],
  parts: SourcesParts,
  before: ReadonlyMap<string, Entry>,
): ReadonlyMap<string, Entry> {
  const names = sourceNames(settings);
  const labels = settings.map((each) => sourceLabels(each, parts.nodeName));
  const keys = labels.map((each) => JSON.stringify(Object.entries(each).sort()));
  const entries = new Map<string, Entry>();
  for (const [index, each] of settings.entries()) {
    const name = names[index] ?? '';
    const mark = parts.fingerprint({ name, settings: each });
    const source =
      before.get(mark)?.source ?? new Source(name, labels[index] ?? {}, openFeed(each, parts), parts);
    const isAlone = keys.indexOf(keys[index] ?? '') === keys.lastIndexOf(keys[index] ?? '');
    entries.set(mark, { source, ownLabels: isAlone ? {} : { source: name } });
  }
  return entries;
}

function openFeed(settings: SourceSettings, { clock, reads }: SourcesParts): Feed {
  switch (settings.type) {
    case 'node':
      return openNode(settings.timeoutMs, reads, clock);
    case 'prometheus':
      return openPrometheus(settings, clock);
    case 'json':
      return openJson(settings, clock);
  }
}

function instruments(sources: readonly Source[]): readonly Family[] {
  const family = (
    name: string,
    type: FamilyType,
    help: string,
    samplesOf: (source: Source) => readonly Sample[],
  ): Family => ({ name, type, help, samples: sources.flatMap(samplesOf) });
  const duration = 'cloudmon_collector_source_duration_seconds';
  const errors = 'cloudmon_collector_source_errors_total';
  const up = 'cloudmon_collector_source_up';
  return [
    family(duration, 'histogram', 'How long a source took to answer, or to fail.', (source) =>
      source.durations(duration),
    ),
    family(errors, 'counter', 'Times that a source was asked and failed, by reason.', (source) =>
      source.errors(errors),
    ),
    family(up, 'gauge', 'Whether a source answered when it was last asked: 1 or 0.', (source) =>
      source.up(up),
    ),
  ];
}
