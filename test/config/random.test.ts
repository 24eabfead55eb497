/** Whatever is written, loading ends and does not throw. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearest } from '../../src/values/spelling.ts';
import { load, minimal } from './folder.ts';

async function check(
  content: string | Uint8Array,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { config, problems } = await load({ 'config.yaml': content }, env);
  expect(config === undefined).toBe(problems.some(({ level }) => level === 'error'));
}

const word = fc.constantFrom(
  ...'convertor url status_dashboard dashboards secret secret_file reporter services name environment'.split(
    ' ',
  ),
  ...'environments health_metrics tls ca_file log level kind incidents console 5m -1 .nan ~ null true 0x'.split(
    ' ',
  ),
  ...['- ', '? ', ': ', '\n', '\n  ', '\n    ', '\t', '[', ']', '{', '}', ',', '&a ', '*a', '!x ', '"', "'"],
  ...['|\n', '>-\n', '# ', '---\n', '%YAML 1.2\n', '<<', '__proto__', '\u2028', '\u0085', '🌍', '\r', '\\'],
);
const yaml = fc.array(word, { maxLength: 60 }).map((words) => words.join(''));

const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, '', 'x', 5, -1, true, '5m', 'http://localhost', 'console', 'incidents', 1.5),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        'name',
        'url',
        'secret',
        'secret_file',
        'kind',
        'tls',
        'ca_file',
        'match',
        'claims',
        '1',
        '__proto__',
      ),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;
const sections = fc.dictionary(
  fc.constantFrom(
    ...'convertor status_dashboard dashboards reporter telemetry log server environments'.split(' '),
    ...'health_metrics health_query flag_metrics metric_templates collector maintenance __proto__'.split(' '),
  ),
  value,
);

test('random words of YAML', () =>
  fc.assert(
    fc.asyncProperty(yaml, (text) => check(text)),
    { numRuns: 120 },
  ));
test('random words of YAML after what is valid', () =>
  fc.assert(
    fc.asyncProperty(yaml, (text) => check(minimal + text)),
    { numRuns: 120 },
  ));
test('random bytes', () =>
  fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) => check(bytes)),
    { numRuns: 60 },
  ));
test('random values in every section', () =>
  fc.assert(
    fc.asyncProperty(sections, (tree) => check(JSON.stringify(tree))),
    { numRuns: 120 },
  ));
test('random flags and expressions, where this process is the convertor', () => {
  const text = fc.constantFrom(
    ...[
      'a',
      'a.a',
      'b.a',
      'a-b',
      'prod',
      't',
      'up',
      'up{a="$service"}',
      'sum(',
      '$x',
      'a.a || b.a',
      '!a.a',
      'a.a &&',
    ],
    ...['gt', 'graphite', 'prometheus', 'http://localhost', '__proto__', ''],
  );
  const leaf = fc.oneof(text, fc.constantFrom<unknown>(null, 0, 2, 3, 256, -1, 1.5, true));
  const keys =
    'name service template vars environments threshold metrics expressions expression weight'.split(' ');
  const more = 'query query_graphite query_promql op category component_name type url headers a t'.split(' ');
  const inside: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys, ...more), tie('value'), { maxKeys: 5 }),
    ),
  })).value;
  const names = 'environments metric_templates flag_metrics health_metrics datasource reporter'.split(' ');
  const tree = fc.dictionary(fc.constantFrom(...names), inside);
  return fc.assert(
    fc.asyncProperty(tree, (each) => check(JSON.stringify({ ...each, collector: {} }))),
    { numRuns: 200 },
  );
});
test('random variables', () => {
  const segment = fc.constantFrom(
    ...'CONVERTOR URL STATUS_DASHBOARD SECRET SECRET_FILE DASHBOARDS X KIND TLS CA_FILE CLAIMS'.split(' '),
    ...'REPORTER SERVICES COLLECTOR HEALTH_METRICS DATASOURCE HEADERS METRIC_TEMPLATES QUERY SERVER PORT __PROTO__ CONSTRUCTOR MATCH 0'.split(
      ' ',
    ),
    '',
  );
  const variable = fc.array(segment, { maxLength: 5 }).map((segments) => `MP_${segments.join('__')}`);
  const env = fc.dictionary(variable, fc.constantFrom('', 'x', '5', 'http://x', 'console', '/'));
  return fc.assert(
    fc.asyncProperty(env, (each) => check(minimal, each)),
    { numRuns: 120 },
  );
});
test('a word is nearest to itself', () =>
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 20 })), (words) => {
      for (const each of words) expect(nearest(each, words)).toBe(each);
    }),
  ));
