/** Both ways of docs/growing.md are gone in their order, with a real Prometheus and a real Graphite. */
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { startConvertor } from '../../src/demo/convertor.ts';
import { startDashboard } from '../../src/demo/dashboard.ts';
import { type Page, page } from '../docs/page.ts';
import { freePort } from '../process/program.ts';
import { secret } from '../process/world.ts';
import { slotSeconds, startGraphite } from './graphite.ts';
import { followSteps } from './shown-steps.ts';

const doc = page('docs/growing.md');

/** The blocks of one half of the page, and others before them. */
function half(name: string, before: readonly Pick<Page['blocks'][number], 'info' | 'text'>[] = []): Page {
  const heading = doc.prose.indexOf(`## ${name}`) + 1;
  const next = doc.prose.findIndex((line, index) => index >= heading && line.startsWith('## ')) + 1;
  const lineOf = ({ place }: Page['blocks'][number]) => Number(place.split(':').at(-1));
  const blocks = doc.blocks.filter(
    (block) => lineOf(block) > heading && (next === 0 || lineOf(block) < next),
  );
  return { ...doc, blocks: [...before.map((block) => ({ ...block, place: 'this test' })), ...blocks] };
}

test('the same flags on Prometheus, each step as it is written', { timeout: 120_000 }, async () => {
  const ports = { 3000: await freePort(), 3001: await freePort(), 9090: await freePort() };
  const here = (text: string) =>
    text
      .replace(/^collector: .*/m, `$&\nserver: {port: ${ports[3000]}}`)
      .replace(
        /(port: |:|in |)\b(3000|3001|9090)\b/g,
        (_, before: string, port: keyof typeof ports) => `${before}${ports[port]}`,
      );
  const portOf = (command: string) =>
    command.startsWith('prometheus') ? ports[9090] : ports[/grown/.test(command) ? 3001 : 3000];
  expect(await followSteps(half('The same flags on Prometheus'), {}, here, portOf)).toBe(5);
});

test("from CloudMon's programs, each step as it is written", { timeout: 120_000 }, async () => {
  const graphite = await startGraphite();
  onTestFinished(graphite.stop);
  const last = Math.floor(Date.now() / 1_000 / slotSeconds) * slotSeconds;
  const seconds = Array.from({ length: 40 }, (_, index) => last - index * slotSeconds);
  await graphite.write(
    seconds.flatMap((second) => [
      { name: 'stats.production_eu.storage.errors', value: 0.5, second },
      { name: 'stats.production_eu.storage.latency', value: 900, second },
    ]),
  );
  const [convertor, dashboard] = await Promise.all([
    startConvertor({ strict: true }),
    startDashboard({ secret }),
  ]);
  onTestFinished(async () => void (await Promise.all([convertor.stop(), dashboard.stop()])));
  convertor.set('storage', 'production_eu', {
    status: 2,
    flags: { 'storage.errors': true, 'storage.slow': true },
    matchedExpression: 'storage.errors && storage.slow',
  });
  const ports = { 3005: Number(new URL(convertor.url).port), 3006: await freePort() };
  const here = (text: string) =>
    text.replace(/\b(3005|3006)\b/g, (port) => String(ports[port as unknown as keyof typeof ports]));
  const config = cloudMons({ port: ports[3005], graphite: graphite.url, dashboard: dashboard.url });
  const before = [{ info: 'yaml file=config.yaml', text: config }];
  const portOf = (command: string) => ports[command.includes('collect') ? 3006 : 3005];
  const steps = await followSteps(half("From CloudMon's programs", before), {}, here, portOf);
  expect(steps).toBe(4);
  expect(dashboard.requests.filter(({ method }) => method === 'POST')).toEqual([]);
});

function cloudMons(places: {
  readonly port: number;
  readonly graphite: string;
  readonly dashboard: string;
}): string {
  const flag = (name: string) => ({
    name,
    service: 'storage',
    template: { name },
    environments: [{ name: 'production_eu' }],
  });
  return stringify({
    datasource: { url: places.graphite, timeout: 10 },
    server: { port: places.port, address: '127.0.0.1' },
    environments: [{ name: 'production_eu', attributes: { region: 'EU' } }],
    metric_templates: {
      errors: { query: 'stats.$environment.$service.errors', op: 'gt', threshold: 0.05 },
      slow: { query: 'stats.$environment.$service.latency', op: 'gt', threshold: 800 },
    },
    flag_metrics: [flag('errors'), flag('slow')],
    health_metrics: {
      storage: {
        service: 'storage',
        component_name: 'Object Storage',
        category: 'Storage',
        metrics: ['storage.errors', 'storage.slow'],
        expressions: [
          { expression: 'storage.slow', weight: 1 },
          { expression: 'storage.errors && storage.slow', weight: 2 },
        ],
      },
    },
    status_dashboard: { kind: 'incidents', url: places.dashboard, secret },
  });
}
