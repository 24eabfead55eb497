/** The daemon from outside: what it posts, what it logs, how it ends. */
import { expect, onTestFinished, test } from 'vitest';
import { startConvertor } from '../../src/demo/convertor.ts';
import { startDashboard } from '../../src/demo/dashboard.ts';
import { file, start, yaml } from './program.ts';

const secret = 'a-secret-of-this-test-0123456789';

async function world(services: readonly string[], more: Partial<Parameters<typeof yaml>[0]> = {}) {
  const convertor = await startConvertor();
  const dashboard = await startDashboard({ secret });
  onTestFinished(async () => {
    await Promise.all([convertor.stop(), dashboard.stop()]);
  });
  const text = yaml({ convertorUrl: convertor.url, dashboardUrl: dashboard.url, services, secret, ...more });
  return { convertor, dashboard, text };
}

test('a degraded service is told with the body, the claims and the header of seed 001', async () => {
  const { convertor, dashboard, text } = await world(['api', 'healthy']);
  convertor.set('api', 'production', { status: 1, ageMs: 5_000 });
  const program = start(['--config', file(text)]);
  const told = await dashboard.waitFor();
  const sent = await program.waitForLog('Sent notification to dashboard: success');
  expect(told.reasons).toEqual([]);
  expect(JSON.parse(told.body)).toMatchObject({
    service: 'api',
    environment: 'production',
    status: 1,
    message: 'Service degraded',
  });
  expect(sent).toMatchObject({ service: 'api', dashboard: 'default', status: 1, reason: 'open' });
  program.signal('SIGTERM');
  expect(await program.ended()).toMatchObject({ code: 0 });
  expect(dashboard.requests).toHaveLength(1);
  expect(program.log().map(({ msg }) => msg)).toEqual(
    expect.arrayContaining(['Polling convertor for service: api', 'Health status: 1 (degraded)']),
  );
});
