/** What `check` lets pass is answered: no flag, query or expression is refused only when somebody asks. */
import { expect, test } from 'vitest';
import { file, freePort, run, start } from './program.ts';

const environments = [{ name: 'production' }, { name: 'other' }];
const flag = (name: string, service: string, vars: object = {}) => ({
  name,
  service,
  template: { name: 't', vars: { x: 'word', ...vars } },
  environments: environments.slice(0, 1),
});

/** Each is odd in its own way. */
const services: Readonly<Record<string, { readonly metrics: readonly string[]; readonly says: string }>> = {
  spelt: { metrics: ['spelt.a_b', 'spelt.a-b'], says: 'spelt.a-b || spelt.a_b' },
  'with-dash': { metrics: ['with-dash.up', 'with_dash.up'], says: 'with_dash.up && !with-dash.up' },
  nothing: { metrics: ['nothing.up'], says: 'nothing.up' },
  borrowed: { metrics: ['nothing.up', 'spelt.a-b'], says: 'spelt.a_b && nothing.up' },
};

test('a configuration that is odd, and right', async () => {
  const port = await freePort();
  const config = file(
    JSON.stringify({
      environments,
      metric_templates: { t: { query: 'max(m{service="$service",x="$x"})', op: 'gt', threshold: 1 } },
      flag_metrics: [flag('a-b', 'spelt'), flag('up', 'with-dash'), flag('up', 'nothing', { x: '' })],
      health_metrics: Object.fromEntries(
        Object.entries(services).map(([key, { metrics, says }]) => [
          key,
          { category: 'c', metrics, expressions: [{ expression: says, weight: 2 }] },
        ]),
      ),
      server: { address: '127.0.0.1', port },
      collector: {},
    }),
  );
  const checked = await run(['check', '-c', config]);
  expect([checked.code, checked.stdout.includes('error')], checked.stdout).toEqual([0, false]);
  const program = start(['collect', '-c', config, '--log-level', 'debug'], { LOG_FORMAT: 'json' });
  await program.waitForLog('Collector is listening');
  const question = 'environment=production&from=-5min&to=now';
  const answers = Object.keys(services).map(async (service) => {
    const { status } = await fetch(`http://127.0.0.1:${port}/v1/health?service=${service}&${question}`);
    return [service, status];
  });
  expect(await Promise.all(answers)).toEqual(Object.keys(services).map((service) => [service, 200]));
  program.signal('SIGTERM');
  await program.ended();
  expect(program.log().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
});
