/** Both peers and the daemon between them, whose whole output is searched for secrets. */
import { expect, onTestFinished } from 'vitest';
import { type Convertor, type ConvertorOptions, startConvertor } from '../../src/demo/convertor.ts';
import { type Dashboard, type DashboardOptions, startDashboard } from '../../src/demo/dashboard.ts';
import { file, type LogLine, type Program, start, yaml } from './program.ts';

export const secret = 'a-secret-of-this-test-0123456789';

export type Peers = { readonly convertor: Convertor; readonly dashboard: Dashboard };

/** The service `api` is degraded: there is always something to tell. */
export async function startPeers(options: {
  readonly convertor?: ConvertorOptions['tls'];
  readonly dashboard?: DashboardOptions['tls'];
}): Promise<Peers> {
  const convertor = await startConvertor(options.convertor ? { tls: options.convertor } : {});
  const dashboard = await startDashboard({ secret, ...(options.dashboard && { tls: options.dashboard }) });
  onTestFinished(async () => {
    await Promise.all([convertor.stop(), dashboard.stop()]);
  });
  convertor.set('api', 'production', { status: 1 });
  return { convertor, dashboard };
}

/** One attempt a cycle, a cycle a second, everything in the log. */
export function watchOver(
  { convertor, dashboard }: { readonly convertor: { url: string }; readonly dashboard: { url: string } },
  keys: {
    readonly convertor?: readonly string[];
    readonly dashboard?: readonly string[];
    readonly timeout?: number;
  } = {},
  env: Readonly<Record<string, string>> = {},
): Program {
  const once = ['retries: 0', `timeout: ${keys.timeout ?? 2}`];
  const text = yaml({
    convertorUrl: convertor.url,
    dashboardUrl: dashboard.url,
    services: ['api'],
    secret,
    pollSeconds: 1,
    convertor: [...once, ...(keys.convertor ?? [])],
    dashboard: [...once, ...(keys.dashboard ?? [])],
  });
  return start(['--config', file(text), '--log-level', 'trace'], env);
}

/** The section of a connection, its files written for this test. */
export function tls(texts: { readonly ca?: string; readonly cert?: string; readonly key?: string }): string {
  const files = Object.entries(texts).map(([name, text]) => `${name}_file: ${file(text, `${name}.pem`)}`);
  return `tls: {${files.join(', ')}}`;
}

/** Why the convertor's health was not learnt, after a second cycle that learnt no more. */
export async function refusalOfConvertor(program: Program): Promise<LogLine> {
  await program.waitForLog('Cycle done', 2);
  return program.waitForLog('No data for service: api: ');
}

/** Why the dashboard was not told, after a second cycle that told it no more. */
export async function refusalOfDashboard(program: Program): Promise<LogLine> {
  await program.waitForLog('Cycle done', 2);
  return program.waitForLog('Could not send notification to dashboard: ');
}

/** Neither a key nor the secret, a token or any of `words` was printed, and no stack. */
export function expectDiscretion(program: Program, words: readonly string[] = []): void {
  const output = program.stdout() + program.stderr();
  expect(output).not.toMatch(/PRIVATE KEY-----(\\n|\n)[\w+/]{16}|eyJ|Bearer|Basic |\n +at /);
  for (const word of [secret, ...words]) expect(output).not.toContain(word);
}
