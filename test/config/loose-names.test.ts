/** Names that lead to nothing are a warning where they stand, with the name that was probably meant. */
import { expect, test } from 'vitest';
import { warnOfStrangers } from '../../src/config/loose-names.ts';
import type { Problem } from '../../src/config/problem.ts';
import { limits } from '../../src/model/limits.ts';
import { load, parts } from './folder.ts';

const dashboards = `status_dashboard: {url: https://x.example.com, secret: s}
dashboards: {public: {kind: cachet, url: https://y.example.com, token: t}, chat: {kind: slack, webhook_url: https://z}}
`;

/** `text` begins in line 4. */
async function check(text: string, expected: string): Promise<void> {
  const { config, lines } = await load({ 'config.yaml': `${parts.convertor}${dashboards}${text}` });
  expect(lines).toBe(expected);
  expect(config).toBeDefined();
}

test('ids are by the name of a dashboard that there is', () =>
  check(
    `reporter:
  services:
    - {name: a, ids: {publik: 7}}
    - {name: b, ids: {status_dashboard: 7}}
    - {name: c, ids: {statuspage-of-the-shop: 7}}
    - {name: d, ids: {public: 7}}
`,
    `config.yaml:6:23: warning: reporter.services[0].ids.publik: no such dashboard. Did you mean public?
config.yaml:7:23: warning: reporter.services[1].ids.status_dashboard: no such dashboard. Its name is default
config.yaml:8:23: warning: reporter.services[2].ids.statuspage-of-the-shop: no such dashboard. Use one of default, public, chat`,
  ));

test('ids are for dashboards that know components by one, and are no empty text', () =>
  check(
    `reporter:
  services:
    - {name: a, ids: {chat: 7}}
    - {name: b, ids: {public: ""}}
    - {name: c, ids: {public: }}
`,
    `config.yaml:6:23: warning: reporter.services[0].ids.chat: is not used: slack knows no ids of components. Take it out
config.yaml:7:23: warning: reporter.services[1].ids.public: is empty. Write the id, or take it out`,
  ));

test('a dashboard with a mistake of its own has its name all the same', async () => {
  const broken =
    'dashboards: {page: {kind: cachet, token: t}}\nreporter: {services: [{name: a, ids: {page: 7}}]}\n';
  const { lines } = await load({ 'config.yaml': `${parts.convertor}${broken}` });
  expect(lines).toBe('config.yaml:2:14: error: dashboards.page.url: is missing. Add it');
});

const cloudMon = `environments: [{name: production}]
metric_templates: {slow: {query: a.b, op: gt, threshold: 1}}
flag_metrics: [{name: slow, service: api, template: {name: sloww}, environments: [{name: prodution}, {name: production}]}]
health_metrics: {api: {service: api, component_name: API, category: c, metrics: [api.slwo, web.down], expressions: []}}
`;

test('a CloudMon file whose names do not fit each other', () =>
  check(
    cloudMon,
    `config.yaml:6:60: warning: flag_metrics[0].template.name: no such template in metric_templates, at which CloudMon stops. Did you mean slow?
config.yaml:6:90: warning: flag_metrics[0].environments[0].name: is not in environments, so nobody can ask about it there. Did you mean production?
config.yaml:7:82: warning: health_metrics.api.metrics[0]: no such flag in flag_metrics: api.slwo; without it a healthy answer is no data. Did you mean api.slow?
config.yaml:7:92: warning: health_metrics.api.metrics[1]: no such flag in flag_metrics: web.down; without it a healthy answer is no data. Add it to flag_metrics`,
  ));

test('listed services that look like those of a CloudMon file, and are others', () =>
  check(
    `${cloudMon.replace('sloww', 'slow').replace('{name: prodution}, ', '').replace('api.slwo, web.down', 'api.slow')}reporter:
  services:
    - {name: apii, environment: producton}
    - {name: api, environments: [production, prodution, eu-west]}
    - {name: elsewhere}
`,
    `config.yaml:10:14: warning: reporter.services[0].name: "apii" is not in health_metrics, so nothing is taken from there. Did you mean api?
config.yaml:10:33: warning: reporter.services[0].environment: "producton" is not in environments, so nothing is taken from there. Did you mean production?
config.yaml:11:46: warning: reporter.services[1].environments[1]: "prodution" is not in environments, so nothing is taken from there. Did you mean production?`,
  ));

test('many strangers that look like nothing cost little, and others have their turn meanwhile', async () => {
  let lookups = 0;
  class Counted extends Map<string, never> {
    override keys() {
      lookups++;
      return super.keys();
    }
  }
  let pauses = 0;
  const pause = () => {
    pauses++;
    return undefined;
  };
  const services = Array.from({ length: 1_000 }, (_, index) => ({
    name: `stranger-${Math.floor(index / 2)}`,
    environment: 'elsewhere',
    environments: ['elsewhere', 'nowhere'],
  }));
  const origin = { where: { env: 'X' }, key: '' };
  const problems: Problem[] = [];
  await warnOfStrangers(
    { type: 'map', origin, entries: new Map() },
    { environment: 'production', services },
    { services: new Counted(), environments: new Counted() },
    { problems, pause },
  );
  expect(lookups).toBe(limits.problemsMax + 2);
  expect(pauses).toBeGreaterThanOrEqual(services.length);
  expect(problems).toEqual([]);
});
