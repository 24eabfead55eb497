/** The dashboards: `status_dashboard`, which is named "default", and those in `dashboards`. */
import { defaultKind, type KindSettings, kinds } from '../dashboards/kinds.ts';
import type { Target } from '../model/target.ts';
import { Wrong } from '../values/facts.ts';
import { nearest } from '../values/spelling.ts';
import { decodeName } from '../values/text.ts';
import { credentialWarnings, idleWarnings, rivals } from './dashboard-rules.ts';
import { decodeSection } from './decode.ts';
import { at, child, isNull, type Located, type LocatedMap } from './located.ts';
import { pageMark } from './page-mark.ts';
import type { Problem } from './problem.ts';
import { namedSections, sectionOf } from './sections.ts';
import { addWarnings } from './settings-warnings.ts';

type Context = { readonly nowMs: number; readonly problems: Problem[] };

export function decodeDashboards(tree: LocatedMap, context: Context): readonly KindSettings[] {
  const { problems } = context;
  const sections = new Map<string, Located>();
  if (!isNull(child(tree, 'status_dashboard'))) {
    sections.set('default', sectionOf(tree, 'status_dashboard'));
  }
  for (const [name, { where, node: section }] of namedSections(tree, 'dashboards', problems)) {
    const wrong = decodeName(name);
    const report = (message: string, remedy: string) =>
      problems.push({ level: 'error', where, key: section.origin.key, message, remedy });
    if (wrong instanceof Wrong) report(`has a name that ${wrong.message}`, 'Use a short plain name');
    if (sections.has(name)) report('has the name of status_dashboard', 'Give it another name');
    sections.set(name, section);
  }
  if (sections.size === 0) {
    problems.push({
      level: 'error',
      where: tree.origin.where,
      key: 'status_dashboard',
      message: 'no dashboard is configured',
      remedy: 'Add status_dashboard with a url, or dashboards',
    });
  }
  return [...sections].flatMap(([name, section]) => decodeDashboard(name, section, context) ?? []);
}

function decodeDashboard(name: string, section: Located, context: Context): KindSettings | undefined {
  const word = kindOf(section, context.problems);
  const kind = word === undefined ? undefined : kinds.get(word);
  const decoded = kind && decodeSection(kind.schema, section, context.problems);
  if (!kind || !decoded) return undefined;
  const named = { ...decoded, name } as KindSettings;
  const settings: KindSettings = { ...named, mark: pageMark(named) };
  const urlKey = isNull(child(section, 'webhook_url')) ? 'url' : 'webhook_url';
  const warnings = [
    ...kind.warnings(settings, context.nowMs),
    ...credentialWarnings(settings, urlKey),
    ...idleWarnings(settings, (key) => !isNull(child(section, key))),
  ];
  addWarnings(section, warnings, context.problems);
  return settings;
}

/** Right or wrong, as they are written. */
export function dashboardNames(tree: LocatedMap): readonly string[] {
  const section = child(tree, 'dashboards');
  const entries = section?.type === 'map' ? [...section.entries] : [];
  const named = entries.filter(([, { node }]) => !isNull(node)).map(([name]) => name);
  return [...(isNull(child(tree, 'status_dashboard')) ? [] : ['default']), ...named];
}

export function sectionNamed(tree: LocatedMap, name: string): Located | undefined {
  return name === 'default' ? child(tree, 'status_dashboard') : at(tree, 'dashboards', name);
}

/** Two that tell one page about one target change and close each other's incidents. */
export function warnOfRivals(
  tree: LocatedMap,
  dashboards: readonly KindSettings[],
  targets: readonly Target[],
  problems: Problem[],
): void {
  for (const [name, rival] of rivals(dashboards, targets)) {
    const { where, key } = (sectionNamed(tree, name) ?? tree).origin;
    const other = rival === 'default' ? 'status_dashboard' : `dashboards.${rival}`;
    const message = `tells the same page about the same services as ${other}, with the same reporter.id`;
    const remedy = 'Give them services of their own with match, or take one of them out';
    problems.push({ level: 'warning', where, key, message, remedy });
  }
}

/** Undefined, and told, where there is no such kind. */
function kindOf(section: Located, problems: Problem[]): string | undefined {
  const node = child(section, 'kind');
  if (node === undefined || isNull(node)) return defaultKind;
  if (node.type === 'file') return undefined;
  const written = node.type === 'scalar' ? node.text : '';
  if (kinds.has(written)) return written;
  const isWord = /^[\w-]{1,40}$/.test(written);
  const meant = isWord ? nearest(written, kinds.keys()) : undefined;
  const message = `${isWord ? written : 'this'} is no kind of dashboard`;
  const remedy = meant ? `Did you mean ${meant}?` : `Use one of ${[...kinds.keys()].join(', ')}`;
  problems.push({ level: 'error', ...node.origin, message, remedy });
  return undefined;
}
