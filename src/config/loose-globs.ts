/**
 * What `match` and `maintenance` are about, where that is nothing: a misspelt name there would leave a page
 * untold, or tell it what was to be kept from it, and nobody would hear of it.
 */
import type { KindSettings } from '../dashboards/kinds.ts';
import type { SettingsWarning } from '../http/settings.ts';
import type { Maintenance } from '../maintenance/settings.ts';
import type { Pause } from '../model/clock.ts';
import { type Globs, isAbout, matchesGlob } from '../values/glob.ts';
import { sectionNamed } from './dashboards.ts';
import { child, type Located, type LocatedMap } from './located.ts';
import { meantBy } from './meant.ts';
import type { Problem } from './problem.ts';
import { addWarnings } from './settings-warnings.ts';

/** A service where it is asked about. */
export type Place = { readonly service: string; readonly environment: string };

type Context = { readonly problems: Problem[]; readonly pause: Pause };

/** Of each dashboard; `places` are the targets. */
export async function warnOfMatches(
  tree: LocatedMap,
  dashboards: readonly KindSettings[],
  places: readonly Place[],
  context: Context,
): Promise<void> {
  const known = knownOf(places);
  for (const { name, match } of dashboards) {
    const section = child(sectionNamed(tree, name), 'match');
    if (section === undefined) continue;
    const empty = kinds.filter((kind) => match[kind].length === 0);
    addWarnings(section, empty.map(emptyWarning), context.problems);
    if (empty.length > 0) continue;
    await warnOfGlobs({ section, globs: match, places, known, inVain: 'so nothing is told here' }, context);
  }
}

function emptyWarning(kind: Kind): SettingsWarning {
  const remedy = 'Write "*" for all; to tell nothing for a while, set mode to paused';
  return { path: [kind], message: 'is empty, so nothing is told here', remedy };
}

/** Of each entry that is not over; `places` are those that can be asked about or told. */
export async function warnOfMaintenance(
  tree: LocatedMap,
  entries: readonly Maintenance[],
  places: readonly Place[],
  { nowMs, ...context }: Context & { readonly nowMs: number },
): Promise<void> {
  const known = knownOf(places);
  const written = child(tree, 'maintenance');
  for (const [index, globs] of entries.entries()) {
    const section = written?.type === 'list' ? written.items[index] : undefined;
    if (section === undefined || ('toMs' in globs && globs.toMs <= nowMs)) continue;
    await warnOfGlobs({ section, globs, places, known, inVain: 'so it is about nothing' }, context);
  }
}

const kinds = ['services', 'environments'] as const;
type Kind = (typeof kinds)[number];
type Known = Readonly<Record<Kind, ReadonlySet<string>>>;

function knownOf(places: readonly Place[]): Known {
  return {
    services: new Set(places.map(({ service }) => service)),
    environments: new Set(places.map(({ environment }) => environment)),
  };
}

type Matching = {
  readonly section: Located;
  readonly globs: Globs;
  readonly places: readonly Place[];
  readonly known: Known;
  /** What follows where nothing matches. */
  readonly inVain: string;
};

async function warnOfGlobs(
  { section, globs, places, known, inVain }: Matching,
  { problems, pause }: Context,
): Promise<void> {
  // That there are none was told as an error.
  if (places.length === 0) return;
  let isLoose = false;
  for (const kind of kinds) {
    const names = [...known[kind]];
    for (const [index, glob] of globs[kind].entries()) {
      await pause();
      if (known[kind].has(glob) || names.some((name) => matchesGlob(glob, name))) continue;
      isLoose = true;
      const near = meantBy(glob, names, problems);
      const message = `${JSON.stringify(glob)} matches none of the ${kind}`;
      const remedy = near === undefined ? 'Correct it, or take it out' : `Did you mean ${near}?`;
      addWarnings(section, [{ path: [kind, String(index)], message, remedy }], problems);
    }
  }
  if (isLoose || places.some((place) => isAbout(globs, place))) return;
  const message = `none of its services is in one of its environments, ${inVain}`;
  addWarnings(section, [{ path: [], message, remedy: 'Correct them' }], problems);
}
