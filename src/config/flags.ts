/** Flags and the templates of their queries, as `flag_metrics` and `metric_templates` define them. */
import { type Flag, flagSchema, type Template, templateSchema } from '../collector/health/settings.ts';
import type { Pause } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import { flagName } from '../values/flag-name.ts';
import { decodeSection, notAList, notASection } from './decode.ts';
import { child, isNull, type Located, type LocatedMap } from './located.ts';
import { meantBy } from './meant.ts';
import type { Problem } from './problem.ts';
import { addWarnings } from './settings-warnings.ts';

export type TemplateDefinition = {
  readonly name: string;
  readonly node: Located;
  readonly template: Template;
  /** Else what is missing may be what is wrong, and was told. */
  readonly isRight: boolean;
};

export type FlagDefinition = {
  /** As expressions call it. */
  readonly id: string;
  readonly service: string;
  readonly template: TemplateDefinition;
  readonly vars: Readonly<Record<string, string>>;
  /** Where there is this flag, with its own threshold if it has one there. */
  readonly thresholds: ReadonlyMap<string, number | undefined>;
};

/** By what expressions call them; `wrong` are those about which everything has been said. */
export type Flags = ReadonlyMap<string, FlagDefinition | 'wrong' | 'without template'>;

type Templates = ReadonlyMap<string, TemplateDefinition>;
type Context = {
  readonly environments: ReadonlyMap<string, unknown>;
  readonly templates: Templates;
  /** Templates in the section that CloudMon's documents sometimes name, and nobody reads. */
  readonly misnamed: ReadonlySet<string>;
  readonly problems: Problem[];
};

export async function readFlags(
  tree: LocatedMap,
  environments: ReadonlyMap<string, unknown>,
  { problems, pause }: { readonly problems: Problem[]; readonly pause: Pause },
): Promise<Flags> {
  const others = child(tree, 'templates');
  const misnamed = new Set(others?.type === 'map' ? others.entries.keys() : []);
  const context = { environments, templates: readTemplates(tree, problems), misnamed, problems };
  const last = new Map<string, { readonly node: Located; readonly flag: Flag | undefined }>();
  for (const node of listOf(tree, problems)) {
    const flag = decodeSection(flagSchema, node, problems);
    const id = flagName(`${textOf(child(node, 'service'))}.${textOf(child(node, 'name'))}`);
    if (flag && last.has(id)) {
      const message = `flag ${JSON.stringify(id)} is given twice; this one counts`;
      addWarnings(node, [{ path: [], message, remedy: 'Keep one of them' }], problems);
    }
    last.set(id, { node, flag });
    await pause();
  }
  return new Map(
    [...last].map(([id, { node, flag }]) => [id, flag ? define(flag, id, node, context) : 'wrong']),
  );
}

function listOf(tree: LocatedMap, problems: Problem[]): readonly Located[] {
  const flags = child(tree, 'flag_metrics');
  if (flags === undefined || isNull(flags)) return [];
  if (flags.type === 'list') return flags.items;
  problems.push({ level: 'error', ...flags.origin, ...notAList });
  return [];
}

function readTemplates(tree: LocatedMap, problems: Problem[]): Templates {
  const section = child(tree, 'metric_templates');
  if (section === undefined || isNull(section)) return new Map();
  if (section.type !== 'map') {
    problems.push({ level: 'error', ...section.origin, ...notASection });
    return new Map();
  }
  const templates = new Map<string, TemplateDefinition>();
  for (const [name, { node }] of section.entries) {
    if (isNull(node)) continue;
    const template = decodeSection(templateSchema, node, problems);
    templates.set(name, {
      name,
      node,
      template: template ?? whatIsRight(node),
      isRight: template !== undefined,
    });
  }
  return templates;
}

/** Enough of a template with a mistake that its queries are looked at as well. */
function whatIsRight(node: Located): Template {
  const queries = (['query', 'query_graphite', 'query_promql'] as const).flatMap((name) => {
    const text = textOf(child(node, name));
    return text === '' || text.length > limits.queryCharactersMax ? [] : [[name, text]];
  });
  return { ...Object.fromEntries(queries), op: 'eq', threshold: 0 };
}

function define(
  flag: Flag,
  id: string,
  node: Located,
  { environments, templates, misnamed, problems }: Context,
): FlagDefinition | 'wrong' | 'without template' {
  const report = (level: Problem['level'], path: readonly string[], message: string, remedy: string) =>
    addWarnings(node, [{ path, message, remedy }], problems, level);
  const meant = (name: string, known: Iterable<string>, otherwise: string) => {
    const near = meantBy(name, known, problems);
    return near === undefined ? otherwise : `Did you mean ${near}?`;
  };
  for (const [index, { name }] of flag.environments.entries()) {
    if (environments.size === 0 || environments.has(name)) continue;
    const message = `${JSON.stringify(name)} is not in environments, so nobody can ask about it`;
    const remedy = meant(name, environments.keys(), 'Add it there, or take it out here');
    report('warning', ['environments', String(index), 'name'], message, remedy);
  }
  if (!flag.template) {
    const remedy = 'Add template with the name of one of metric_templates, or take the flag out';
    report('warning', [], 'has no template, so it is ignored', remedy);
    return 'without template';
  }
  const { name, vars } = flag.template;
  for (const own of ['service', 'environment'].filter((each) => Object.hasOwn(vars, each))) {
    const message = `is ignored: $${own} is the flag’s own ${own}`;
    report('warning', ['template', 'vars', own], message, 'Give it another name');
  }
  const template = templates.get(name);
  if (template === undefined) {
    const otherwise = misnamed.has(name)
      ? 'Call the section templates metric_templates'
      : 'Correct the name, or add the template';
    const remedy = meant(name, templates.keys(), otherwise);
    report('error', ['template', 'name'], 'no such template in metric_templates', remedy);
    return 'wrong';
  }
  const thresholds = new Map(flag.environments.map((each) => [each.name, each.threshold]));
  return { id, service: flag.service, template, vars, thresholds };
}

function textOf(node: Located | undefined): string {
  return node?.type === 'scalar' ? node.text : '';
}
