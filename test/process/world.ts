/** A convertor, a dashboard, and a configuration that names both. */
import { onTestFinished } from 'vitest';
import { startConvertor } from '../../src/demo/convertor.ts';
import { startDashboard } from '../../src/demo/dashboard.ts';
import { type Setting, yaml } from './program.ts';

export const secret = 'a-secret-of-this-test-0123456789';

type Changed = Partial<Setting>;

/** `text` is the configuration; what it is given replaces what `more` said. */
export async function startWorld(services: readonly string[] = [], more: Changed = {}) {
  const convertor = await startConvertor();
  const dashboard = await startDashboard({ secret });
  onTestFinished(async () => {
    await Promise.all([convertor.stop(), dashboard.stop()]);
  });
  const urls = { convertorUrl: convertor.url, dashboardUrl: dashboard.url };
  const text = (changed: Changed = {}) => yaml({ ...urls, services, secret, ...more, ...changed });
  return { convertor, dashboard, text };
}
