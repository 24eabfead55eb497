/** Mistakes in flags, templates, expressions and services, where this process is the convertor. */
import { expect, test } from 'vitest';
import { loadCollectConfig, loadConfig } from '../../src/config/load.ts';
import { limits } from '../../src/model/limits.ts';
import { type Files, loadBy, minimal } from './folder.ts';
import { outlineOf } from './rules-outline.ts';

async function check(text: string, expected: string, files: Files = {}): Promise<void> {
  const { config, lines } = await loadBy(loadCollectConfig, { ...files, 'config.yaml': text });
  expect(lines).toBe(expected);
  expect(config === undefined).toBe(expected.includes('error'));
}

type Parts = {
  readonly environments?: string;
  readonly datasource?: string;
  readonly template?: string;
  readonly flags?: readonly string[];
  readonly service?: string;
};

const oneFlag = '{name: up, service: api, template: {name: t}, environments: [{name: prod}]}';
const oneTemplate = 'query: "up{job=\\"$service\\"}", op: lt, threshold: 1';
const oneService = 'category: c, metrics: [api.up], expressions: [{expression: api.up, weight: 2}]';

/** Each part in a line of its own: data source, environments, templates, flags from 5 on, services. */
function written({ environments, datasource, template, flags, service }: Parts): string {
  return `datasource: ${datasource ?? '{}'}
environments: ${environments ?? '[{name: prod}]'}
metric_templates: {t: {${template ?? oneTemplate}}}
flag_metrics:
${(flags ?? [oneFlag]).map((flag) => `  - ${flag}`).join('\n')}
health_metrics: {api: {${service ?? oneService}}}
`;
}

test('what all of these tests change is right', () => check(written({}), ''));

const inExpressions = (expression: string, weight = '1') =>
  written({
    service: `category: c, metrics: [api.up], expressions: [{expression: "${expression}", weight: ${weight}}]`,
  });
const atExpression = 'config.yaml:6:83: error: health_metrics.api.expressions[0].expression:';

test('an expression that is none', async () => {
  for (const expression of ['api.up &&', '(api.up', 'api.up + api.up', 'api.up and api.up']) {
    const { config, lines } = await loadBy(loadCollectConfig, { 'config.yaml': inExpressions(expression) });
    expect(config).toBeUndefined();
    expect(lines).toMatch(
      /^config\.yaml:6:83: error: health_metrics\.api\.expressions\[0\]\.expression: [^\n]+$/,
    );
  }
  await check(inExpressions(''), `${atExpression} is empty. Write 1 to 2000 characters`);
});

test('a flag in an expression that the service does not list', () =>
  check(
    inExpressions('api.up || api.donw'),
    `${atExpression} unknown flag api.donw: the metrics of the service do not list it`,
  ));

test('a weight that is no status, told beside the mistake in its expression', async () => {
  for (const weight of ['256', '-1', '1.5', 'high', '"4"']) {
    await check(
      inExpressions('api.up', weight),
      'config.yaml:6:101: error: health_metrics.api.expressions[0].weight: is no status. Use 0, 1, 2 or 3',
    );
  }
  await check(
    inExpressions('api.dn', '256'),
    `${atExpression} unknown flag api.dn; did you mean api.up?
config.yaml:6:101: error: health_metrics.api.expressions[0].weight: is no status. Use 0, 1, 2 or 3`,
  );
});

test('a flag that the service lists and nobody defines, with the one that was meant', async () => {
  const listing = (metric: string) =>
    written({
      service: `category: c, metrics: [api.up, ${metric}], expressions: [{expression: api.up, weight: 2}]`,
    });
  const place = 'config.yaml:6:55: error: health_metrics.api.metrics[1]: no such flag in flag_metrics:';
  await check(listing('api.upp'), `${place} api.upp. Did you mean api.up?`);
  await check(listing('everything'), `${place} everything. Add it to flag_metrics`);
});

test('of a service with a flag that is wrong nothing is said of where it can be asked about', () =>
  check(
    written({
      environments: '[{name: prod}, {name: dev}]',
      service: 'category: c, metrics: [api.up, api.upp], expressions: [{expression: api.up, weight: 2}]',
    }),
    'config.yaml:6:55: error: health_metrics.api.metrics[1]: no such flag in flag_metrics: api.upp. Did you mean api.up?',
  ));

test('a template that nobody defines', async () => {
  const using = (name: string) => written({ flags: [oneFlag.replace('name: t}', `name: ${name}}`)] });
  const place =
    'config.yaml:5:47: error: flag_metrics[0].template.name: no such template in metric_templates.';
  await check(using('tt'), `${place} Did you mean t?`);
  await check(using('latency'), `${place} Correct the name, or add the template`);
});

test('a flag without a template is ignored, and cannot be listed', () =>
  check(
    written({
      flags: [oneFlag, '{name: idle, service: api}', '{name: bare, service: api}'],
      service: oneService.replace('api.up]', 'api.up, api.bare]'),
    }),
    `config.yaml:6:5: warning: flag_metrics[1]: has no template, so it is ignored. Add template with the name of one of metric_templates, or take the flag out
config.yaml:7:5: warning: flag_metrics[2]: has no template, so it is ignored. Add template with the name of one of metric_templates, or take the flag out
config.yaml:8:55: error: health_metrics.api.metrics[1]: the flag api.bare has no template. Name one in flag_metrics, or take it out here`,
  ));

test('an operator that is none, a threshold that is missing or no number', async () => {
  await check(
    written({ template: 'query: up, op: ">", threshold: high' }),
    `config.yaml:3:39: error: metric_templates.t.op: must be one of lt, gt, eq
config.yaml:3:55: error: metric_templates.t.threshold: must be a number. Write it like 0.05`,
  );
  await check(
    written({ template: 'query: up, threshold: .inf' }),
    `config.yaml:3:20: error: metric_templates.t.op: is missing. Add it
config.yaml:3:46: error: metric_templates.t.threshold: must be a number. Write it like 0.05`,
  );
  const bare = 'query: up, op: gt';
  await check(
    written({ template: bare }),
    'config.yaml:3:20: error: metric_templates.t.threshold: is missing, and the flag api.up has none of its own in prod. Add it here or there',
  );
  await check(
    written({ template: bare, flags: [oneFlag.replace('{name: prod}', '{name: prod, threshold: 5}')] }),
    '',
  );
  await check(
    written({ flags: [oneFlag.replace('{name: prod}', '{name: prod, threshold: x}')] }),
    'config.yaml:5:90: error: flag_metrics[0].environments[0].threshold: must be a number. Write it like 0.05',
  );
});

test('a query that the data source in use does not have', async () => {
  const graphite = '{url: http://graphite}';
  const onlyGraphite = 'query_graphite: a.b, op: gt, threshold: 1';
  const onlyPromql = 'query_promql: up, op: gt, threshold: 1';
  await check(written({ template: onlyPromql }), '');
  await check(written({ template: onlyGraphite, datasource: graphite }), '');
  await check(
    written({ template: onlyGraphite }),
    'config.yaml:3:20: error: metric_templates.t.query: is missing. Add it, or query_promql: datasource.type is embedded, which takes PromQL',
  );
  await check(
    written({ template: onlyPromql, datasource: graphite }),
    'config.yaml:3:20: error: metric_templates.t.query: is missing. Add it, or query_graphite: datasource.type is graphite, which takes Graphite’s language',
  );
});

test('the query for the data source in use wins over the one for any', async () => {
  const template = 'query: any, query_graphite: gra.phite, query_promql: promql, op: gt, threshold: 1';
  for (const [datasource, query] of [
    ['{}', 'promql'],
    ['{type: prometheus, url: http://p}', 'promql'],
    ['{url: http://g}', 'gra.phite'],
  ] as const) {
    const { config } = await loadBy(loadCollectConfig, { 'config.yaml': written({ template, datasource }) });
    expect(config?.collector.health?.services[0]?.environments[0]?.flags[0]?.query).toBe(query);
  }
});

test('variables: the flag’s service and environment, and its own; of the rest none', async () => {
  const template = "query: \"up{s='$service',e='$environment',p=~'/$path_1$',q='$5'}\", op: gt, threshold: 1";
  const flags = [oneFlag.replace('name: t}', 'name: t, vars: {path_1: "a.*"}}')];
  const { config, lines } = await loadBy(loadCollectConfig, { 'config.yaml': written({ template, flags }) });
  expect(lines).toBe('');
  expect(config?.collector.health?.services[0]?.environments[0]?.flags[0]?.query).toBe(
    "up{s='api',e='prod',p=~'/a.*$',q='$5'}",
  );
  await check(
    written({ template }),
    'config.yaml:3:31: error: metric_templates.t.query: the flag api.up has no variable $path_1. Use $service, $environment, or one of the flag’s template.vars',
  );
  await check(
    written({ template: oneTemplate.replace('$service', '$constructor') }),
    'config.yaml:3:31: error: metric_templates.t.query: the flag api.up has no variable $constructor. Use $service, $environment, or one of the flag’s template.vars',
  );
  await check(
    written({ template: oneTemplate.replace('$service', '$servcie') }),
    'config.yaml:3:31: error: metric_templates.t.query: the flag api.up has no variable $servcie. Did you mean $service?',
  );
});

test('a variable in braces is not filled in, and said so', () =>
  check(
    written({ template: oneTemplate.replace('service', '{service}') }),
    `config.yaml:3:31: error: metric_templates.t.query: has \${service}, which nothing fills in. Write $service`,
  ));

test.each([
  ['up[5m]', 'it is a range vector: put a function such as rate around it'],
  ["'up'", 'it is a text, which has no value at any time'],
])('a query that has no value at any time, %s', (query, why) =>
  check(
    written({ template: `query: "${query}", op: gt, threshold: 1` }),
    `config.yaml:3:31: error: metric_templates.t.query: ${why} (in the query of the flag api.up in prod). Mend it: datasource.type is embedded, which takes PromQL`,
  ),
);

test('a threshold that 32 bits cannot hold', () =>
  check(
    written({ template: 'query: up, op: gt, threshold: 1e300' }),
    'config.yaml:3:54: error: metric_templates.t.threshold: is beyond 3.4e+38. Use a number nearer to 0',
  ));

test('a variable with a name that is taken', () =>
  check(
    written({ flags: [oneFlag.replace('name: t}', 'name: t, vars: {service: x, environment: y}}')] }),
    `config.yaml:5:66: warning: flag_metrics[0].template.vars.service: is ignored: $service is the flag’s own service. Give it another name
config.yaml:5:82: warning: flag_metrics[0].template.vars.environment: is ignored: $environment is the flag’s own environment. Give it another name`,
  ));

test('a query that cannot be read in PromQL is told once, by one of its flags', async () => {
  const flags = [oneFlag, oneFlag.replace('name: up', 'name: down')];
  const service = oneService.replace('api.up]', 'api.up, api.down]');
  const { config, lines } = await loadBy(loadCollectConfig, {
    'config.yaml': written({
      template: 'query: "sum(up{s=\'$service\'}", op: gt, threshold: 1',
      flags,
      service,
    }),
  });
  expect(config).toBeUndefined();
  expect(lines).toMatch(
    /^config\.yaml:3:31: error: metric_templates\.t\.query: [^\n]+ \(in the query of the flag api\.up in prod\)\. Mend it: datasource\.type is embedded, which takes PromQL$/,
  );
});

test('a service that breaks the quotes of a query is found, whoever else has that query', async () => {
  const flags = [oneFlag, "{name: up, service: 'a\"b', template: {name: t}, environments: [{name: prod}]}"];
  const service = oneService.replace('api.up]', "api.up, 'a\"b.up']");
  const { lines } = await loadBy(loadCollectConfig, { 'config.yaml': written({ flags, service }) });
  expect(lines).toMatch(
    /^config\.yaml:3:31: error: metric_templates\.t\.query: [^\n]+ \(in the query of the flag a"b\.up in prod\)/,
  );
});

test('a variable that is empty, or ends an escape, is found, whoever else has that query', async () => {
  const flags = ['foo', ''].map(
    (x, index) =>
      `{name: up${index}, service: api, template: {name: t, vars: {x: "${x}"}}, environments: [{name: prod}]}`,
  );
  const service =
    'category: c, metrics: [api.up0, api.up1], expressions: [{expression: api.up0 && api.up1, weight: 2}]';
  for (const query of ["max({x='$x'})", "max({x='a\\\\$x'})"]) {
    const template = `query: "${query}", op: gt, threshold: 1`;
    const { lines } = await loadBy(loadCollectConfig, {
      'config.yaml': written({ flags, service, template }),
    });
    expect(lines).toMatch(/in the query of the flag api\.up1 in prod/);
  }
});

test('a pattern that only one value breaks is found as well', async () => {
  const flags = [oneFlag, '{name: up, service: z-a, template: {name: t}, environments: [{name: prod}]}'];
  const template = 'query: "up{s=~\'[$service]\'}", op: gt, threshold: 1';
  const service = oneService.replace('api.up]', 'api.up, z-a.up]');
  const { lines } = await loadBy(loadCollectConfig, { 'config.yaml': written({ template, flags, service }) });
  expect(lines).toMatch(/in the query of the flag z_a\.up in prod/);
});

test('what a Prometheus is asked is its own affair', () =>
  check(
    written({
      datasource: '{type: prometheus, url: http://p}',
      template: 'query: "topk(1, up) or foo", op: gt, threshold: 1',
    }),
    '',
  ));

test('a query that would end the alias around it, or give it another argument', async () => {
  const graphite = (query: string) =>
    written({
      datasource: '{url: http://g}',
      template: `query: '${query.replaceAll("'", "''")}', op: gt, threshold: 1`,
    });
  const of = (wrong: string) =>
    `config.yaml:3:31: error: metric_templates.t.query: ${wrong} (in the query of the flag api.up in prod). Mend it: datasource.type is graphite, which takes Graphite’s language`;
  for (const [query, wrong] of [
    ['sumSeries(a.b', 'lacks a )'],
    ['sumSeries(a.b))', 'has a ) too many'],
    ['a.{b,c', 'lacks a }'],
    ['a.[0-9', 'lacks a ]'],
    ['f(a.{b)}', 'has a ) too many'],
    ['a.b, c.d', 'has a comma outside of brackets'],
    ["alias(a.b, 'x)", "has a ' without another"],
    ['alias(a.b, "x)', 'has a " without another'],
    ['alias(a.b, "x\\")', 'has a " without another'],
  ] as const) {
    await check(graphite(query), of(wrong));
  }
  for (const query of ['alias(a.{b,c}.[0-9], "x)(")', "f(a,'\"',g(b))", 'a.b', 'alias(a,"\\"(")']) {
    await check(graphite(query), '');
  }
});

test('an environment of a flag that nobody knows', () =>
  check(
    written({
      flags: [oneFlag.replace('[{name: prod}]', '[{name: prod}, {name: porduction}, {name: x}]')],
      environments: '[{name: prod}, {name: production}]',
      service: oneService,
    }),
    `config.yaml:5:87: warning: flag_metrics[0].environments[1].name: "porduction" is not in environments, so nobody can ask about it. Did you mean production?
config.yaml:5:107: warning: flag_metrics[0].environments[2].name: "x" is not in environments, so nobody can ask about it. Add it there, or take it out here
config.yaml:6:18: warning: health_metrics.api: cannot be asked about in production: its flag api.up is not there. Add the environment to the flag, if it is to be asked about there`,
  ));

test('a service can be asked about where it has all its flags', async () => {
  const flags = [
    '{name: a, service: api, template: {name: t}, environments: [{name: prod}, {name: dev}, {name: test}]}',
    '{name: b, service: api, template: {name: t}, environments: [{name: prod}, {name: dev}]}',
    '{name: c, service: api, template: {name: t}, environments: [{name: prod}]}',
  ];
  const text = written({
    environments: '[{name: prod}, {name: dev}, {name: test}, {name: other}]',
    template: 'query: up, op: gt, threshold: 1',
    flags,
    service: 'category: c, metrics: [api.a, api.b, api.c], expressions: [{expression: api.a, weight: 1}]',
  });
  const { config, lines } = await loadBy(loadCollectConfig, { 'config.yaml': text });
  const remedy = 'Add the environment to the flag, if it is to be asked about there';
  expect(lines).toBe(
    `config.yaml:8:18: warning: health_metrics.api: cannot be asked about in dev: its flag api.c is not there. ${remedy}
config.yaml:8:18: warning: health_metrics.api: cannot be asked about in test: its flag api.b is not there. ${remedy}
config.yaml:8:18: warning: health_metrics.api: cannot be asked about in other: its flag api.a is not there. ${remedy}`,
  );
  expect(outlineOf(config?.collector.health)).toBe(`embedded, without a value no_data
api [c]
  in prod
    api.a: up gt 1
    api.b: up gt 1
    api.c: up gt 1
  1 if api.a`);
});

test('flags whose names become one: the later counts', async () => {
  const flags = [
    '{name: is-up, service: api, template: {name: t}, environments: [{name: prod, threshold: 1}]}',
    '{name: is_up, service: api, template: {name: t}, environments: [{name: prod, threshold: 2}]}',
  ];
  const service =
    'category: c, metrics: [api.is-up, api.is-up], expressions: [{expression: api.is-up, weight: 2}]';
  const { config, lines } = await loadBy(loadCollectConfig, { 'config.yaml': written({ flags, service }) });
  expect(
    lines,
  ).toBe(`config.yaml:6:5: warning: flag_metrics[1]: flag "api.is_up" is given twice; this one counts. Keep one of them
config.yaml:7:58: warning: health_metrics.api.metrics[1]: lists the flag api.is_up twice. Keep one of them`);
  expect(config?.collector.health?.services[0]?.environments[0]?.flags).toEqual([
    { name: 'api.is_up', metric: 'api.is-up', query: 'up{job="api"}', op: 'lt', threshold: 2 },
  ]);
});

test('a later file defines a flag anew', () =>
  check(
    written({}),
    'conf.d/a.yaml:1:16: warning: flag_metrics[0]: flag "api.up" is given twice; this one counts. Keep one of them',
    { 'conf.d/a.yaml': `flag_metrics: [${oneFlag}]\n` },
  ));

test('a service without a category, without flags, without expressions', async () => {
  await check(
    written({ service: 'service: web' }),
    `config.yaml:6:18: warning: health_metrics.api: has no category, without which CloudMon stops. Set it; here it is "web"
config.yaml:6:18: warning: health_metrics.api.metrics: lists no flag, so there is never any data. List flags of flag_metrics
config.yaml:6:18: warning: health_metrics.api: has no expressions, so its health is always 0. Add expressions, each with the weight that it means`,
  );
  await check(
    written({ service: 'category: "", metrics: [api.up], expressions: []' }),
    'config.yaml:6:18: warning: health_metrics.api: has no expressions, so its health is always 0. Add expressions, each with the weight that it means',
  );
});

test('no environments', async () => {
  const message =
    'error: environments: there is none, so nobody can ask about health_metrics. Add environments, such as [{name: production}]';
  await check(written({ environments: '[]' }), `config.yaml:2:1: ${message}`);
  await check(
    written({}).replace('environments:', 'other:'),
    `config.yaml:1:1: ${message}
config.yaml:2:1: warning: other: no such key. Take it out`,
  );
});

test('sections and entries of the wrong type, all at once', () =>
  check(
    `environments: [{name: prod}]
metric_templates: {t: 5, u: {query: [x], op: gt}}
flag_metrics:
  - up
  - {name: up}
  - {name: up, service: api, template: t}
  - {name: down, service: api, template: {name: u, vars: [x]}, environments: {name: prod}}
health_metrics:
  api: {category: [c], metrics: [api.up, api.down], expressions: {expression: api.up}}
  web: 5
  db: {metrics: api.up, category: c, expressions: [api.up]}
`,
    `config.yaml:2:23: error: metric_templates.t: must be a section of keys and values. Write its keys below it, indented: query, query_graphite, query_promql, op, threshold
config.yaml:2:30: error: metric_templates.u.query: must be text
config.yaml:4:5: error: flag_metrics[0]: must be a section of keys and values. Write its keys below it, indented: name, service, template, environments
config.yaml:5:5: error: flag_metrics[1].service: is missing. Add it
config.yaml:6:40: error: flag_metrics[2].template: must be a section of keys and values. Write its keys below it, indented: name, vars
config.yaml:7:52: error: flag_metrics[3].template.vars: must be a section of names and texts
config.yaml:7:64: error: flag_metrics[3].environments: must be a list. Begin each entry with a dash and a space
config.yaml:9:9: error: health_metrics.api.category: must be text
config.yaml:9:53: error: health_metrics.api.expressions: must be a list. Begin each entry with a dash and a space
config.yaml:10:8: error: health_metrics.web: must be a section of keys and values. Write its keys below it, indented: component_name, metrics
config.yaml:11:17: error: health_metrics.db.metrics: must be a list. Begin each entry with a dash and a space
config.yaml:11:52: error: health_metrics.db.expressions[0]: must be a section of keys and values. Write its keys below it, indented: expression, weight`,
  ));

test('the sections themselves of the wrong type', () =>
  check(
    'environments: 5\nmetric_templates: [t]\nflag_metrics: {a: b}\nhealth_metrics: [api]\n',
    `config.yaml:1:15: error: environments: must be a list. Begin each entry with a dash and a space
config.yaml:2:1: error: metric_templates: must be a section of keys and values. Write its keys below it, indented
config.yaml:3:1: error: flag_metrics: must be a list. Begin each entry with a dash and a space
config.yaml:4:1: error: health_metrics: must be a section of keys and values. Write its keys below it, indented`,
  ));

test('without a collector none of this is looked at', async () => {
  const bad = `${minimal.replace('secret:', 'kind: incidents, secret:')}${written({
    datasource: '{type: influx, url: nowhere, bearer_token_file: nowhere}',
    template: 'query: "sum(", op: above, threshold: high',
    flags: ['{name: up, service: api}'],
    service:
      'component_name: API, category: [c], metrics: [api.up], expressions: [{expression: "(((", weight: 1}]',
  })}`;
  const { config, lines } = await loadBy(loadConfig, { 'config.yaml': bad });
  expect(lines).toBe('');
  expect(config && 'collector' in config).toBe(false);
});

test('how much there may be', async () => {
  const long = 'x'.repeat(limits.queryCharactersMax - 10);
  await check(
    written({
      template: `query: "${long}$v", op: gt, threshold: 1`,
      flags: [oneFlag.replace('name: t}', 'name: t, vars: {v: twelve_signs}}')],
    }),
    `config.yaml:3:31: error: metric_templates.t.query: with its variables is longer than ${limits.queryCharactersMax} characters. Use a shorter query`,
  );
  await check(
    written({ template: `query: "${long}xxxxxxxxxxxx", op: gt, threshold: 1` }),
    `config.yaml:3:31: error: metric_templates.t.query: is longer than ${limits.queryCharactersMax} characters`,
  );
  const many = Array.from(
    { length: limits.expressionsMax + 1 },
    () => '{expression: api.up, weight: 1}',
  ).join(', ');
  await check(
    written({ service: `category: c, metrics: [api.up], expressions: [${many}]` }),
    `config.yaml:6:56: error: health_metrics.api.expressions: has ${limits.expressionsMax + 1} expressions, more than ${limits.expressionsMax}. Join them with ||`,
  );
  const names = Array.from({ length: limits.flagsMax + 1 }, (_, index) => `up${index}`);
  await check(
    written({
      flags: names.map((name) => oneFlag.replace('name: up', `name: ${name}`)),
      service: `category: c, metrics: [${names.map((name) => `api.${name}`).join(', ')}], expressions: [{expression: api.up0, weight: 1}]`,
    }),
    `config.yaml:262:37: error: health_metrics.api.metrics: lists ${limits.flagsMax + 1} flags, more than ${limits.flagsMax}. Make two services of it`,
  );
});

test('flags times environments have a limit', async () => {
  const environments = Array.from({ length: 250 }, (_, index) => `{name: e${index}}`).join(', ');
  const names = Array.from({ length: 201 }, (_, index) => `up${index}`);
  const text = `environments: &e [${environments}]
metric_templates: {t: {query: up, op: gt, threshold: 1}}
flag_metrics: [{name: up, service: api, template: {name: t}, environments: *e}]
health_metrics:
${names.map((name) => `  ${name}: {category: c, metrics: [api.up], expressions: [{expression: api.up, weight: 1}]}`).join('\n')}
`;
  await check(
    text,
    `config.yaml:2:31: error: metric_templates.t.query: is used once too often: flags times environments are more than ${limits.flagRulesMax}. Split the services among several collectors`,
  );
});

test('all queries together have a limit', () =>
  check(
    `datasource: {url: http://g}
environments: &e [${Array.from({ length: 210 }, (_, index) => `{name: e${index}}`).join(', ')}]
metric_templates: {t: {query: ${'x'.repeat(8_100)}.$service.$environment, op: gt, threshold: 1}}
flag_metrics:
${Array.from({ length: 10 }, (_, index) => `  - {name: up, service: s${index}, template: {name: t}, environments: *e}`).join('\n')}
health_metrics:
${Array.from({ length: 10 }, (_, index) => `  s${index}: {category: c, metrics: [s${index}.up], expressions: [{expression: s${index}.up, weight: 1}]}`).join('\n')}
`,
    `config.yaml:3:31: error: metric_templates.t.query: is one too many: all queries together are longer than ${limits.queryCharactersOfAllMax} characters. Split the services among several collectors`,
  ));

test('flags and templates named like parts of prototypes', async () => {
  const text = `environments: [{name: __proto__}]
metric_templates: {constructor: {query: up, op: gt, threshold: 1}}
flag_metrics: [{name: __proto__, service: toString, template: {name: constructor, vars: {__proto__: x}}, environments: [{name: __proto__}]}]
health_metrics: {__proto__: {category: c, metrics: [toString.__proto__], expressions: [{expression: toString.__proto__, weight: 1}]}}
`;
  const { config, lines } = await loadBy(loadCollectConfig, { 'config.yaml': text });
  expect(lines).toBe('');
  expect(outlineOf(config?.collector.health)).toBe(`embedded, without a value no_data
__proto__ [c]
  in __proto__
    toString.__proto__: up gt 1
  1 if toString.__proto__`);
});
