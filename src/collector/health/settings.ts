/** The sections that health is made of, CloudMon's own: templates, flags, and services with weighted expressions. */
import * as z from 'zod/mini';
import { limits } from '../../model/limits.ts';
import { isStatus, type Status } from '../../model/status.ts';
import { section, value, Wrong } from '../../values/facts.ts';
import { name, text, textMap, word } from '../../values/text.ts';
import { type HealthRules, operators } from './rules.ts';

const query = (description: string) => z.exactOptional(text(limits.queryCharactersMax, description));

/** What 32 bits hold, as which CloudMon compares. */
const thresholdMax = 3.4e38;

/** A query that several flags have, with variables. */
export const templateSchema = section(
  'A query of flags, and when such a flag is up.',
  z.looseObject({
    query: query('In the language of the data source, with $service, $environment and vars.'),
    query_graphite: query('Instead of query where the data source is a Graphite.'),
    query_promql: query('Instead of query where the data source is embedded or a Prometheus.'),
    op: word(operators, 'Up where the value is lower (lt), greater (gt) or equal (eq).'),
    threshold: z.exactOptional(threshold('Compared with the value.')),
  }),
);

export type Template = z.output<typeof templateSchema>;

/** Something that is true of a service or not, at each moment. */
export const flagSchema = section(
  'A flag; expressions call it <service>.<name>.',
  z.looseObject({
    name: name('The second half of what expressions call it.'),
    service: name('The first half; $service in the query.'),
    template: z.exactOptional(
      section(
        'Which query it has; without one it is ignored.',
        z.looseObject({
          name: name('A template of metric_templates.'),
          vars: z.prefault(
            textMap('variable', 'Further variables of the query: with path: login, $path stands for login.'),
            {},
          ),
        }),
      ),
    ),
    environments: z.prefault(
      section(
        'Where there is this flag.',
        z.array(
          z.looseObject({
            name: name('One of environments.'),
            threshold: z.exactOptional(threshold('Instead of the template’s.')),
          }),
        ),
      ),
      [],
    ),
  }),
);

export type Flag = z.output<typeof flagSchema>;

export const expressionSchema = section(
  'Which health it is when this is true.',
  z.looseObject({
    expression: text(limits.expressionCharactersMax, 'Of the listed flags, with &&, || and !.'),
    weight: weight('The health: 0, 1, 2 or 3. The highest of those that are true counts.'),
  }),
);

/** Of a service, what only a convertor needs; its expressions are looked at one by one. */
export const serviceSchema = z.looseObject({
  service: z.exactOptional(told('CloudMon’s own name for it.')),
  category: z.exactOptional(told('Told beside its health.')),
});

export const onMissing: z.ZodMiniType<HealthRules['onMissing'], unknown> = value(
  {
    description:
      'What a flag without a value makes of a point: no_data, nothing. false, as in CloudMon: a flag that is not up.',
    takes: 'text',
    json: { enum: ['no_data', 'false', false] },
  },
  (written) =>
    written === 'no_data' || written === 'false' ? written : new Wrong('must be one of no_data, false'),
);

function threshold(description: string): z.ZodMiniType<number, unknown> {
  const json = { type: 'number', minimum: -thresholdMax, maximum: thresholdMax };
  return value({ description, takes: 'number', json }, (written) => {
    if (typeof written !== 'number' || !Number.isFinite(written)) {
      return new Wrong('must be a number', 'Write it like 0.05');
    }
    return Math.abs(written) > thresholdMax
      ? new Wrong(`is beyond ${thresholdMax}`, 'Use a number nearer to 0')
      : written;
  });
}

function weight(description: string): z.ZodMiniType<Status, unknown> {
  return value({ description, takes: 'number', json: { enum: [0, 1, 2, 3] } }, (written) =>
    isStatus(written) ? written : new Wrong('is no status', 'Use 0, 1, 2 or 3'),
  );
}

/** A text that is only told; CloudMon's may be empty. */
function told(description: string): z.ZodMiniType<string, unknown> {
  const json = { type: ['string', 'number', 'boolean'], maxLength: 200 };
  return value({ description, takes: 'text', json }, (written) => {
    if (typeof written !== 'string') return new Wrong('must be text');
    return written.length > 200 ? new Wrong('is longer than 200 characters') : written;
  });
}

/** What finds out whether a text is written in its language. */
export type Languages = {
  /** Why an expression cannot be worked out; undefined where it can. */
  readonly wrongInExpression: (expression: string, flags: readonly string[]) => string | undefined;
  /** Why a query of our own series cannot be; absent where another data source reads it. */
  readonly wrongInQuery?: (query: string) => string | undefined;
};

/** Loads what reads the languages, which only a convertor needs. */
export async function openLanguages(isEmbedded: boolean): Promise<Languages> {
  const { parseExpression } = await import('./expression.ts');
  const wrongInExpression: Languages['wrongInExpression'] = (expression, flags) => {
    const parsed = parseExpression(expression, flags);
    return typeof parsed === 'string' ? parsed : undefined;
  };
  if (!isEmbedded) return { wrongInExpression };
  const [{ parseQuery }, { QueryError }, { typeOf }] = await Promise.all([
    import('../promql/parse.ts'),
    import('../promql/query.ts'),
    import('../promql/tree.ts'),
  ]);
  return {
    wrongInExpression,
    wrongInQuery: (written) => {
      try {
        const type = typeOf(parseQuery(written));
        if (type === 'string') return 'it is a text, which has no value at any time';
        return type === 'matrix' ? 'it is a range vector: put a function such as rate around it' : undefined;
      } catch (error) {
        if (error instanceof QueryError) return error.message;
        throw error;
      }
    },
  };
}
