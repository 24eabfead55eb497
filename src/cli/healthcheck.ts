/** `healthcheck`: asks a running reporter whether its loop turns, for containers. */
import type { Command } from 'commander';
import { formatProblem } from '../config/explain.ts';
import { loadAnyConfig } from '../config/load.ts';
import { telemetryPlace } from '../config/telemetry-place.ts';
import { openAsker } from '../http/ask.ts';
import { systemClock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import { Secret } from '../model/secret.ts';
import { collect } from './configuration.ts';
import { exitCode, type Io } from './io.ts';

type HealthcheckOptions = { readonly url?: string; readonly config?: readonly string[] };

const timeoutMs = 3_000;

const examples = `
Without an option the address comes from MP_TELEMETRY__PORT and MP_TELEMETRY__ADDRESS.

Examples:
  $ cloudmon-reporter healthcheck --url http://127.0.0.1:9090
  $ cloudmon-reporter healthcheck -c config.yaml`;

export function addHealthcheck(program: Command, io: Io): void {
  program
    .command('healthcheck')
    .description('ask /-/healthy of a running reporter; exit code 1 unless it is healthy')
    .option('--url <url>', "the telemetry listener's URL")
    .option('-c, --config <file>', 'take the address from the configuration; repeatable, later wins', collect)
    .addHelpText('after', examples)
    .action(async (options: HealthcheckOptions) => {
      const failed = (why: string) => {
        io.printError(`${why}\n`);
        io.setExitCode(exitCode.failed);
      };
      const url = options.url ?? (await configuredUrl(options.config, io));
      if (!url) return failed('No telemetry listener is known: set telemetry.port or MP_TELEMETRY__PORT.');
      if (!URL.canParse(url)) return failed(`${url} is not a URL.`);
      const why = await ask(new URL('/-/healthy', url));
      if (why) failed(why);
      else io.print('healthy\n');
    });
}

/** What is wrong, or nothing. */
async function ask(url: URL): Promise<string | undefined> {
  // No proxy, whatever the environment says: it is our own listener.
  const direct = { tls: {}, proxy: new Secret('') };
  const asker = openAsker('telemetry', url, direct, limits.dashboardAnswerBytesMax, systemClock);
  try {
    const { status, body } = await asker.get(url, {}, timeoutMs);
    return status === 200 ? undefined : `unhealthy: ${status} ${body.toString('utf8').trim()}`;
  } catch (error) {
    if (error instanceof Failure) return `unhealthy: ${error.message}`;
    throw error;
  } finally {
    asker.stop();
  }
}

async function configuredUrl(paths: readonly string[] | undefined, io: Io): Promise<string | undefined> {
  const loaded = paths && (await loadAnyConfig(paths, io.env));
  if (loaded && !loaded.config)
    for (const problem of loaded.problems) io.printError(`${formatProblem(problem)}\n`);
  const { port, address: configured, isSecure } = telemetryPlace(loaded, io.env);
  if (!(port > 0)) return undefined;
  // Under TLS the probes are answered on loopback, without it and whatever the address.
  const address = isSecure ? '127.0.0.1' : configured;
  // The wildcard addresses are for listening; one asks on loopback.
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
