/** How much work the rules of many services are: counted, and done in turns with everything else. */
import { expect, test } from 'vitest';
import { readCloudMon } from '../../src/config/cloudmon.ts';
import { readHealthRules } from '../../src/config/health-rules.ts';
import { parseText } from '../../src/config/parse.ts';
import type { Problem } from '../../src/config/problem.ts';

const services = Array.from({ length: 7 }, (_, index) => `s${index}`);
const environments = ['prod', 'test', 'dev'];

/** Each service with one flag, also in each environment, and one expression: how often a query was read, and everybody else had a turn. */
async function check(query: string, expected: { readonly read: number }): Promise<void> {
  const section = {
    environments: environments.map((name) => ({ name })),
    metric_templates: { t: { query, op: 'gt', threshold: 1 } },
    flag_metrics: services.map((service) => ({
      name: 'up',
      service,
      template: { name: 't' },
      environments: environments.map((name) => ({ name })),
    })),
    health_metrics: Object.fromEntries(
      services.map((service) => [
        service,
        {
          category: 'c',
          metrics: [`${service}.up`],
          expressions: [{ expression: `${service}.up`, weight: 1 }],
        },
      ]),
    ),
  };
  const source = { path: 'config.yaml', text: JSON.stringify(section), found: false };
  const { tree } = parseText(source, { tokens: 100_000, nodes: 100_000 });
  if (!tree) throw new Error('it cannot be read');
  const problems: Problem[] = [];
  const cloudMon = readCloudMon(tree, { isReporter: false, isConvertor: true }, problems);
  let read = 0;
  let turns = 0;
  const rules = await readHealthRules(
    tree,
    cloudMon,
    {
      datasource: { type: 'embedded' },
      type: 'embedded',
      onMissing: 'no_data',
      languages: {
        wrongInExpression: () => undefined,
        wrongInQuery: () => {
          read++;
          return undefined;
        },
      },
      pause: async () => {
        turns++;
      },
    },
    problems,
  );
  expect(problems).toEqual([]);
  expect(rules?.services.flatMap((service) => service.environments)).toHaveLength(21);
  expect({ read, turns }).toEqual({ ...expected, turns: 7 + 21 + 7 });
}

test('a query is read once, whatever words go into its texts', () =>
  check('up{service="$service",environment=\'$environment\'}', { read: 1 }));

test('one with a pattern is read once for each pattern', async () => {
  await check('up{service=~"$service-.*",environment="$environment"}', { read: 7 });
  await check('up{service!~ "$service\\\\.*",environment=~"$environment"}', { read: 21 });
});

test('one whose variables stand elsewhere is read once for each', async () => {
  await check('$service{environment="$environment"}', { read: 7 });
  await check('up{service="a\\\\"$service"}', { read: 7 });
  await check('up{service="$service",environment="$environment"} # or ` here', { read: 21 });
});
