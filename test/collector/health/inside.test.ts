/** What the reporter of a process is given to ask: pages without a line before them. */
import { expect, test } from 'vitest';
import { openCollecting } from '../../../src/app/collector.ts';
import { openLog } from '../../../src/app/log.ts';
import type { World } from '../../../src/app/world.ts';
import { loadCollectConfig } from '../../../src/config/load.ts';
import { findRoute } from '../../../src/http/routes.ts';
import { limits } from '../../../src/model/limits.ts';
import { loadBy } from '../../config/folder.ts';
import { FakeClock } from '../../fake-clock.ts';

const written = `environments: [{name: prod}]
metric_templates: {t: {query: vector(1), op: lt, threshold: 2}}
flag_metrics: [{name: up, service: svc, template: {name: t}, environments: [{name: prod}]}]
health_metrics:
  svc: {category: c, metrics: [svc.up], expressions: [{expression: svc.up, weight: 2}]}
`;

test('however many questions it has at once, each is worked on', async () => {
  const { config } = await loadBy(loadCollectConfig, { 'config.yaml': written });
  if (!config) throw new Error('the configuration is right');
  const clock = new FakeClock();
  const log = openLog(
    { level: 'error', format: 'json' },
    { write: () => undefined, isTerminal: false },
    clock,
    () => (line) => line,
  );
  const world = { clock, nodeName: 'node-1', relieve: () => undefined } as unknown as World;
  const { inside, stop } = await openCollecting(config.collector, [], world, log);
  const route = findRoute(inside.routes, '/v1/health');
  const count = limits.healthQuestionsMax + limits.healthQuestionsWaitingMax + 10;
  const pages = await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const query = `service=svc&environment=prod&from=-${300 + at}s&to=now`;
      return route?.({ path: '/v1/health', query, accept: '', withinMs: 10_000 });
    }),
  );
  expect(new Set(pages.map((page) => page?.status))).toEqual(new Set([200]));
  expect(JSON.parse(String(pages[0]?.body))).toMatchObject({ status: 2 });
  await stop();
});
