/** The queries of flags: a template's text for the data source in use, its variables filled in, and checked. */
import type { DatasourceSettings } from '../collector/datasources/settings.ts';
import type { Languages } from '../collector/health/settings.ts';
import { limits } from '../model/limits.ts';
import { nearest } from '../values/spelling.ts';
import type { FlagDefinition, TemplateDefinition } from './flags.ts';
import { wrongInGraphite } from './graphite-query.ts';
import type { Problem } from './problem.ts';
import { addWarnings } from './settings-warnings.ts';

type QueryKey = 'query' | 'query_graphite' | 'query_promql';

/** Makes one query after the other; what is wrong with a template is told once, whoever uses it. */
export class Queries {
  readonly #type: DatasourceSettings['type'];
  readonly #wrongIn: (query: string) => string | undefined;
  readonly #problems: Problem[];
  readonly #told = new Set<string>();
  /** Those that were checked: flags that ask the same share one text. */
  readonly #right = new Map<string, string>();
  /** Outlines of what was read by its language. */
  readonly #read = new Set<string>();
  #characters = 0;

  constructor(type: DatasourceSettings['type'], { wrongInQuery }: Languages, problems: Problem[]) {
    this.#type = type;
    this.#wrongIn = type === 'graphite' ? wrongInGraphite : (wrongInQuery ?? (() => undefined));
    this.#problems = problems;
  }

  /** Undefined where there is none that could be asked; then that was told. */
  of(flag: FlagDefinition, environment: string): string | undefined {
    const { template } = flag;
    const key = this.#keyOf(template);
    const written = template.template[key];
    if (written === undefined) {
      const remedy = `Add it, or ${this.#ownKey}: ${this.#because}`;
      if (template.isRight) this.#tell(template, key, 'is missing', remedy);
      return undefined;
    }
    const filled = this.#fill(written, flag, environment, key);
    if (filled === undefined) return undefined;
    return this.#right.get(filled) ?? this.#check(filled, flag, environment, key);
  }

  #check(filled: string, flag: FlagDefinition, environment: string, key: QueryKey): string | undefined {
    const { id, template } = flag;
    if (this.#isTold(template, key)) return undefined;
    if (filled.length > limits.queryCharactersMax) {
      const message = `with its variables is longer than ${limits.queryCharactersMax} characters`;
      this.#tell(template, key, message, 'Use a shorter query');
      return undefined;
    }
    const written = template.template[key] ?? '';
    const values = [flag.service, environment, ...Object.values(flag.vars)];
    const outline = outlineOf(written, values, (part) => this.#fill(part, flag, environment, key) ?? part);
    const wrong = this.#read.has(outline) ? undefined : this.#wrongIn(filled);
    if (wrong !== undefined) {
      const message = `${wrong} (in the query of the flag ${id} in ${environment})`;
      this.#tell(template, key, message, `Mend it: ${this.#because}`);
      return undefined;
    }
    this.#characters += filled.length;
    if (this.#characters > limits.queryCharactersOfAllMax) {
      const message = `is one too many: all queries together are longer than ${limits.queryCharactersOfAllMax} characters`;
      this.#tell(template, key, message, 'Split the services among several collectors');
      return undefined;
    }
    this.#read.add(outline);
    this.#right.set(filled, filled);
    return filled;
  }

  get #ownKey(): QueryKey {
    return this.#type === 'graphite' ? 'query_graphite' : 'query_promql';
  }

  get #because(): string {
    const language = this.#type === 'graphite' ? 'Graphite’s language' : 'PromQL';
    return `datasource.type is ${this.#type}, which takes ${language}`;
  }

  #keyOf({ template }: TemplateDefinition): QueryKey {
    return template[this.#ownKey] === undefined ? 'query' : this.#ownKey;
  }

  #fill(
    written: string,
    { id, service, vars, template }: FlagDefinition,
    environment: string,
    key: QueryKey,
  ): string | undefined {
    const [inBraces, name = ''] = /\$\{([A-Za-z_]\w*)\}/.exec(written) ?? [];
    if (inBraces !== undefined) {
      this.#tell(template, key, `has ${inBraces}, which nothing fills in`, `Write $${name}`);
      return undefined;
    }
    let isKnown = true;
    const filled = written.replace(/\$([A-Za-z_]\w*)/g, (text, name: string) => {
      if (name === 'service') return service;
      if (name === 'environment') return environment;
      const own = Object.hasOwn(vars, name) ? vars[name] : undefined;
      if (own !== undefined) return own;
      isKnown = false;
      const near = nearest(name, ['service', 'environment', ...Object.keys(vars)]);
      const remedy = near
        ? `Did you mean $${near}?`
        : 'Use $service, $environment, or one of the flag’s template.vars';
      this.#tell(template, key, `the flag ${id} has no variable ${text}`, remedy, text);
      return text;
    });
    return isKnown ? filled : undefined;
  }

  #isTold({ name }: TemplateDefinition, what: string): boolean {
    return this.#told.has(JSON.stringify([name, what]));
  }

  #tell(
    template: TemplateDefinition,
    path: QueryKey,
    message: string,
    remedy: string,
    what: string = path,
  ): void {
    if (this.#isTold(template, what)) return;
    this.#told.add(JSON.stringify([template.name, what]));
    addWarnings(template.node, [{ path: [path], message, remedy }], this.#problems, 'error');
  }
}

/**
 * What of a query makes it readable or not: all but the plain words that go into its texts in quotes, patterns
 * and escapes excepted. One with others can be read as well, so one of thousands is enough. Nothing is no word:
 * a selector may need one.
 */
function outlineOf(written: string, values: readonly string[], fill: (part: string) => string): string {
  const parts = written.split(/("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/);
  const isOutside = (index: number) => index % 2 === 0;
  const isObscure = parts.some((part, index) => isOutside(index) && /[#`]/.test(part));
  if (isObscure || !values.every((value) => /^[\w .:/-]+$/.test(value))) return fill(written);
  const isFree = (part: string, index: number) =>
    !isOutside(index) && !part.includes('\\') && !/[=!]~\s*$/.test(parts[index - 1] ?? '');
  return parts.map((part, index) => (isFree(part, index) ? part : fill(part))).join('');
}
