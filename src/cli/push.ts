/** `push`: brings metrics to a collector, one by its options or many from standard input. */
import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { Metric } from '../client/metric.ts';
import { exitCode, type Io } from './io.ts';

type PushOptions = {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly service?: string;
  readonly statusCode?: number;
  readonly latencyMs?: number;
  readonly path?: string;
  readonly method?: string;
  readonly sourceIp?: string;
  readonly environment?: string;
  readonly instance?: string;
};

const examples = `
Without --service, standard input holds one metric a line, as JSON with the fields of POST /api/ingest.
The token is never an option, which everybody could see: it is the content of --token-file, else of
REPORTER_TOKEN or MP_COLLECTOR__BEARER_TOKEN.

Examples:
  $ cloudmon-reporter push --url http://127.0.0.1:3000 --service api --status-code 200 --latency-ms 45
  $ cloudmon-reporter push --url http://127.0.0.1:3000 --token-file /run/secrets/token < metrics.ndjson`;

export function addPush(program: Command, io: Io): void {
  program
    .command('push')
    .description('bring metrics to a collector; exit code 1 unless it takes all of them')
    .option('--url <url>', 'of the collector, with or without /api/ingest; default: REPORTER_URL')
    .option('--token-file <file>', 'holds the bearer token')
    .option('--service <name>', 'send one metric, of this service')
    .option('--status-code <100..599>', 'of its answer', statusCode)
    .option('--latency-ms <ms>', 'how long it took', latencyMs)
    .option('--path <path>', 'that was asked for')
    .option('--method <method>', 'such as GET')
    .option('--source-ip <address>', 'who asked')
    .option('--environment <name>', "default: the collector's own")
    .option('--instance <name>', 'which replica of the service')
    .addHelpText('after', examples)
    .action(async (options: PushOptions) => {
      const { findEndpoint } = await import('../client/endpoint.ts');
      const refuse = (why: string) => {
        io.printError(`${why}\n`);
        io.setExitCode(exitCode.usage);
      };
      const { url, tokenFile, ...fields } = options;
      if (fields.service === undefined && Object.keys(fields).length > 0) {
        return refuse('A metric needs its --service.');
      }
      const token = tokenFile === undefined ? environmentToken(io.env) : await fileToken(tokenFile);
      if (token instanceof Error) return refuse(`--token-file ${tokenFile} ${token.message}.`);
      const endpoint = findEndpoint(url ?? io.env['REPORTER_URL'], token, {});
      if (endpoint instanceof Error) return refuse(`No collector to push to: ${endpoint.message}.`);
      // Only here: the other commands do without.
      const { pushLines, pushOne } = await import('./push-metrics.ts');
      const metric = metricOf(fields);
      return metric ? pushOne(endpoint, metric, io) : pushLines(endpoint, io);
    });
}

function metricOf(options: PushOptions): Metric | undefined {
  const { service, method, path, environment, instance } = options;
  if (service === undefined) return undefined;
  const { sourceIp: source_ip, statusCode: status_code, latencyMs: latency_ms } = options;
  return { service, method, path, source_ip, status_code, latency_ms, environment, instance };
}

function environmentToken(env: Io['env']): string | undefined {
  return env['REPORTER_TOKEN'] || env['MP_COLLECTOR__BEARER_TOKEN'];
}

async function fileToken(path: string): Promise<string | Error> {
  try {
    const token = (await readFile(path, 'utf8')).trim();
    return token === '' ? new Error('is empty') : token;
  } catch (error) {
    return new Error(`cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function statusCode(text: string): number {
  if (/^[1-5]\d\d$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A status code is a number from 100 to 599.');
}

function latencyMs(text: string): number {
  if (/^\d{1,15}(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A latency is a number of milliseconds.');
}
