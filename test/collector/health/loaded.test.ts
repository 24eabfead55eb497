/** What the configuration may say is what can be answered. */
import { expect, test } from 'vitest';
import { loadCollectConfig } from '../../../src/config/load.ts';
import { loadBy } from '../../config/folder.ts';
import { stage } from './stage.ts';

const twice = `environments: [{name: prod}]
metric_templates: {t: {query: up, op: lt, threshold: 1}}
flag_metrics:
  - {name: a-b, service: svc, template: {name: t}, environments: [{name: prod}]}
health_metrics:
  svc:
    category: c
    metrics: [svc.a_b, svc.a-b]
    expressions: [{expression: svc.a-b, weight: 2}, {expression: svc.a_b, weight: 1}]
`;

test('a flag may be listed in two spellings, and expressions may use either', async () => {
  const { config, lines } = await loadBy(loadCollectConfig, { 'config.yaml': twice });
  expect(lines).toMatch(/^[^\n]*: warning: [^\n]* lists the flag svc.a_b twice[^\n]*$/);
  const { get } = stage(config?.collector.health);
  const page = await get('/v1/health', 'service=svc&environment=prod&from=-5min&to=now');
  expect([page.status, JSON.parse(String(page.body))]).toMatchObject([200, { name: 'svc' }]);
});
