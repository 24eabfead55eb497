/** One service of `health_metrics`: its flags in each environment, and its expressions. */
import type { FlagRule, ServiceRules, WeightedExpression } from '../collector/health/rules.ts';
import { expressionSchema, type Languages, serviceSchema } from '../collector/health/settings.ts';
import type { Pause } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import { flagName } from '../values/flag-name.ts';
import { decodeSection, notAList } from './decode.ts';
import type { FlagRuleOf, ListedFlag } from './flag-rules.ts';
import type { Flags } from './flags.ts';
import { child, isNull, type Located } from './located.ts';
import { meantBy } from './meant.ts';
import type { Problem } from './problem.ts';
import { addWarnings } from './settings-warnings.ts';

export type ServiceParts = {
  readonly flags: Flags;
  readonly flagRule: FlagRuleOf;
  readonly languages: Languages;
  readonly environments: readonly { readonly name: string; readonly region: string | undefined }[];
  readonly problems: Problem[];
  /** Waited for after each query and each expression: there may be thousands. */
  readonly pause: Pause;
};

export type WrittenService = {
  readonly key: string;
  readonly node: Located;
  /** The flags that it lists, as they are written; undefined where that is wrong, and was told. */
  readonly metrics: readonly string[] | undefined;
};

/** Says what is wrong with a service, and makes of it what can be made. */
export async function serviceRules(
  { key, node, metrics }: WrittenService,
  parts: ServiceParts,
): Promise<ServiceRules> {
  const decoded = node.type === 'map' ? decodeSection(serviceSchema, node, parts.problems) : undefined;
  const category = decoded?.category ?? decoded?.service ?? '';
  if (decoded && decoded.category === undefined) {
    const message = 'has no category, without which CloudMon stops';
    const remedy = `Set it; here it is ${JSON.stringify(category)}`;
    addWarnings(node, [{ path: [], message, remedy }], parts.problems);
  }
  const listed = metrics && listedFlags(metrics, node, parts);
  return {
    key,
    category,
    metrics: metrics ?? [],
    environments: await environmentsOf(listed ?? { flags: [], isRight: false }, node, parts),
    expressions: await expressionsOf(node, metrics, parts),
  };
}

type Listed = {
  readonly flags: readonly ListedFlag[];
  /** Whether these are all: else nothing can be said of where the service can be asked about. */
  readonly isRight: boolean;
};

function listedFlags(metrics: readonly string[], node: Located, { flags, problems }: ServiceParts): Listed {
  const report = (level: Problem['level'], path: readonly string[], message: string, remedy: string) =>
    addWarnings(node, [{ path, message, remedy }], problems, level);
  const found = new Map<string, ListedFlag>();
  let isRight = true;
  for (const [index, metric] of metrics.entries()) {
    const id = flagName(metric);
    const path = ['metrics', String(index)];
    const flag = flags.get(id);
    if (found.has(id)) report('warning', path, `lists the flag ${id} twice`, 'Keep one of them');
    else if (typeof flag === 'object') found.set(id, { metric, flag });
    else isRight = false;
    if (flag === undefined) {
      report('error', path, `no such flag in flag_metrics: ${id}`, meantFlag(id, flags, problems));
    }
    if (flag === 'without template') {
      report(
        'error',
        path,
        `the flag ${id} has no template`,
        'Name one in flag_metrics, or take it out here',
      );
    }
  }
  if (found.size > limits.flagsMax) {
    const message = `lists ${found.size} flags, more than ${limits.flagsMax}`;
    report('error', ['metrics'], message, 'Make two services of it');
  }
  if (metrics.length === 0) {
    const message = 'lists no flag, so there is never any data';
    report('warning', ['metrics'], message, 'List flags of flag_metrics');
  }
  return { flags: [...found.values()], isRight };
}

function meantFlag(id: string, flags: Flags, problems: readonly Problem[]): string {
  const near = meantBy(id, flags.keys(), problems);
  return near === undefined ? 'Add it to flag_metrics' : `Did you mean ${near}?`;
}

/** Those in which the service has all its flags. */
async function environmentsOf(
  { flags, isRight }: Listed,
  node: Located,
  parts: ServiceParts,
): Promise<ServiceRules['environments']> {
  const missing = new Map<string, string[]>();
  const complete: ServiceRules['environments'][number][] = [];
  for (const { name, region } of parts.environments) {
    const rules = await rulesIn(name, flags, parts);
    const absent = flags.find(({ flag }) => !flag.thresholds.has(name));
    if (absent === undefined || !isRight) {
      complete.push({ name, ...(region !== undefined && { region }), flags: rules });
    } else {
      const { id } = absent.flag;
      missing.set(id, [...(missing.get(id) ?? []), name]);
    }
  }
  for (const [id, names] of missing) {
    const message = `cannot be asked about in ${names.join(', ')}: its flag ${id} is not there`;
    const remedy = 'Add the environment to the flag, if it is to be asked about there';
    addWarnings(node, [{ path: [], message, remedy }], parts.problems);
  }
  return complete;
}

async function rulesIn(
  environment: string,
  flags: readonly ListedFlag[],
  { flagRule, pause }: ServiceParts,
): Promise<readonly FlagRule[]> {
  const rules: FlagRule[] = [];
  for (const each of flags) {
    const rule = each.flag.thresholds.has(environment) ? flagRule(each, environment) : undefined;
    if (rule) rules.push(rule);
    await pause();
  }
  return rules;
}

async function expressionsOf(
  node: Located,
  metrics: readonly string[] | undefined,
  parts: ServiceParts,
): Promise<readonly WeightedExpression[]> {
  const { problems, pause } = parts;
  const expressions = child(node, 'expressions');
  if (expressions === undefined || isNull(expressions)) {
    if (node.type === 'map') warnOfNone(node, problems);
    return [];
  }
  if (expressions.type !== 'list') {
    problems.push({ level: 'error', ...expressions.origin, ...notAList });
    return [];
  }
  if (expressions.items.length === 0) warnOfNone(node, problems);
  if (expressions.items.length > limits.expressionsMax) {
    const message = `has ${expressions.items.length} expressions, more than ${limits.expressionsMax}`;
    addWarnings(expressions, [{ path: [], message, remedy: 'Join them with ||' }], problems, 'error');
    return [];
  }
  const right: WeightedExpression[] = [];
  for (const item of expressions.items) {
    const expression = expressionOf(item, metrics, parts);
    if (expression) right.push(expression);
    await pause();
  }
  return right;
}

/** The text is looked at also where its weight is wrong, so that both are told at once. */
function expressionOf(
  item: Located,
  metrics: readonly string[] | undefined,
  { languages, problems }: ServiceParts,
): WeightedExpression | undefined {
  const decoded = decodeSection(expressionSchema, item, problems);
  const written = child(item, 'expression');
  const text = decoded?.expression ?? (written?.type === 'scalar' && !isNull(written) ? written.text : '');
  if (metrics === undefined || text === '' || text.length > limits.expressionCharactersMax) return undefined;
  const wrong = languages.wrongInExpression(text, metrics);
  if (wrong !== undefined) {
    addWarnings(item, [{ path: ['expression'], message: wrong }], problems, 'error');
    return undefined;
  }
  return decoded && { text, weight: decoded.weight };
}

function warnOfNone(node: Located, problems: Problem[]): void {
  const message = 'has no expressions, so its health is always 0';
  const remedy = 'Add expressions, each with the weight that it means';
  addWarnings(node, [{ path: [], message, remedy }], problems);
}
