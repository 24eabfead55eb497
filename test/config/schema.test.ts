/** The JSON Schema for editors: it agrees with what is loaded. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configurationJsonSchema } from '../../src/config/json-schema.ts';
import { load, minimal, parts } from './folder.ts';

const schema = configurationJsonSchema();
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

/** The schema and the program agree that a text is valid, or that it is not: a typo may be a warning. */
async function check(text: string, isValid: boolean): Promise<void> {
  const { lines } = await load({ 'config.yaml': text, f: 'x' });
  expect(lines === '').toBe(isValid);
  validate(parse(text));
  expect(validate.errors === null, JSON.stringify(validate.errors)).toBe(isValid);
}

for (const name of readdirSync('config').filter((each) => each.endsWith('.yaml'))) {
  test(`config/${name} is valid`, () => {
    validate(parse(readFileSync(join('config', name), 'utf8')));
    expect(validate.errors).toBeNull();
  });
}

test('what is valid', async () => {
  for (const text of [
    minimal,
    `${minimal}telemetry:\nlog: {level: , format: json}\n`,
    minimal.replace('secret: your-jwt-secret', 'secret_file: f'),
    minimal.replace('your-jwt-secret', '0123'),
    minimal.replace('{name: api}', '{name_file: f, absent: {after: 15m, status: 2}}'),
    `${minimal}dashboards: {x: {kind: console, open_after: 2m, severity: {1: slow}}, y: {url: "http://localhost", secret: s, claims: {a: [1]}}}\n`,
    `${minimal}maintenance:\ncollector:\n`,
    `${minimal}dashboards:
  a: {kind: stackmon-v1, url: "https://a", text: {1: slow}, path: auto}
  b: {kind: stackmon-v2, url: "https://b", shared: wait, adopt: system}
  c: {kind: auto, url: "https://c", secret_file: f}
  d: {kind: statuspage, page_id: x, api_key: x, show: components, message: {recovered: fine}, severity: {outage: partial_outage}}
  e: {kind: cachet, url: "https://e", token: x, version: 2, visible: false}
  f: {kind: pagerduty, routing_key: 0123456789abcdef0123456789abcdef, severity: {1: info}}
  g: {kind: slack, webhook_url: "https://g/x", text: "{{component}}"}
  h: {kind: alertmanager, url: "https://h", labels: {cluster: 1}, evidence: true}
  i: {kind: webhook, url: "https://i/?x", method: PUT, headers: {A: b, C_file: f}, close_body: x}
`,
    `${minimal}collector: {on_missing: false}\ndatasource: {type: embedded}\n`,
    `${minimal}collector: {on_missing: no_data}\ndatasource: {url: http://localhost, headers: {X-Scope-OrgID: a, X-Key_file: f}, bearer_token_file: f}\n`,
    `${parts.dashboard.replace('}', ', kind: incidents}')}environments: [{name: prod, attributes: {a: b}, x: 1}]
health_metrics: {api: {service: a, component_name: A, category: c, metrics: [a.b], expressions: [{expression: a.b, weight: 3}], x: 1}}
server: {port: 3000, x: 1}
datasource: {url: http://graphite, type: graphite}
flag_metrics: [{name: b, service: a, template: {name: a, vars: {a: b}}, environments: [{name: prod, threshold: 0.5}]}]
metric_templates: {a: {query: x, op: gt, threshold: 1}}
health_query: {query_from: -5min}
templates: []
`,
  ]) {
    await check(text, true);
  }
});

test('what is not', async () => {
  for (const text of [
    `${minimal}lgo: {}\n`,
    `${minimal}log: {levle: info}\n`,
    `${minimal}log: {level: loud}\n`,
    `${minimal}telemetry: {port: 70000}\n`,
    `${minimal}telemetry: {tls: {ca_file: x}}\n`,
    `${minimal}collector: {on_missing: maybe}\n`,
    `${minimal}collector: {}\ndatasource: {type: influx}\n`,
    `${minimal}collector: {}\ndatasource: {url: "http://g", headers: {A: [b]}}\n`,
    `${minimal}collector: {}\nmetric_templates: {a: {query: a, op: ge, threshold: 1}}\n`,
    `${minimal}collector: {}\nmetric_templates: {a: {query: a, op: gt, threshold: high}}\n`,
    `${minimal}collector: {}\nenvironments: [{name: a}]\nhealth_metrics: {a: {expressions: [{expression: "true", weight: 4}]}}\n`,
    minimal.replace('http:', 'ftp:'),
    minimal.replace('http://localhost:3005', 'http://localhost/?x'),
    minimal.replace('secret:', 'secert:'),
    minimal.replace('your-jwt-secret', '""'),
    minimal.replace('your-jwt-secret', '[x]'),
    minimal.replace('{name: api}', '{component: api}'),
    minimal.replace('{name: api}', '{name: api, absent: {after: 5}}'),
    minimal.replace('{name: api}', 'api'),
    minimal.replace('reporter: {', 'reporter: {poll_interval: 0, '),
    minimal.replace('reporter: {', 'reporter: {poll_interval: soon, '),
    `${minimal}dashboards: {x: {kind: nagios, url: "http://localhost"}}\n`,
    `${minimal}dashboards: {x: {kind: console, secret: x}}\n`,
    `${minimal}dashboards: {x: {kind: stackmon-v2, url: "https://x", shared: never}}\n`,
    `${minimal}dashboards: {x: {kind: statuspage, page_id: x, api_key: x, severity: {1: bad}}}\n`,
    `${minimal}dashboards: {x: {kind: cachet, url: "https://x", token: x, version: 4}}\n`,
    `${minimal}dashboards: {x: {kind: slack, url: "https://x"}}\n`,
    `${minimal}dashboards: {x: {kind: alertmanager, url: "https://x", labels: {a-b: c}}}\n`,
    `${minimal}dashboards: {x: {kind: webhook, url: "https://x", method: GET}}\n`,
    `${minimal}dashboards: {x: {url: "http://localhost", claims: {status: 1}}}\n`,
    `${minimal}dashboards: {x: {url: "http://localhost", rate: {requests: 1}}}\n`,
  ]) {
    await check(text, false);
  }
});

test('every key has a description, and every default is said', () => {
  const { convertor } = schema['properties'] as Record<string, { properties: Record<string, unknown> }>;
  expect(convertor?.properties['timeout']).toEqual({
    description: 'For all attempts of one reading together.',
    default: 10,
    anyOf: [
      { type: 'number', minimum: 0.1, maximum: 3600 },
      { type: 'string', pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$|^\\d+(?:\\.\\d+)?$' },
      { type: 'null' },
    ],
  });
  expect(convertor?.properties['timeout_file']).toEqual({
    type: ['string', 'null'],
    minLength: 1,
    description: 'File that holds timeout.',
  });
});
