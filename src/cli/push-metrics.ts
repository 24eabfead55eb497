/** What `push` does: brings one metric, or what comes in line by line, and says what was refused. */
import type { CollectorError } from '../client/collector-error.ts';
import { type Courier, openCourier } from '../client/courier.ts';
import type { Endpoint } from '../client/endpoint.ts';
import { systemHost } from '../client/host.ts';
import { type Metric, metricLine } from '../client/metric.ts';
import { limits as clientLimits, clientSettings } from '../client/settings.ts';
import type { Away } from '../client/verdict.ts';
import { rfc3339, sleep, systemClock } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import { exitCode, type Io } from './io.ts';
import { type MetricLine, metricLines } from './metric-lines.ts';

const { batchMax, timeoutMs } = clientSettings({});

export async function pushOne(endpoint: Endpoint, metric: Metric, io: Io): Promise<void> {
  const courier = openCourier(endpoint, timeoutMs, systemHost);
  try {
    const text = metricLine(metric, rfc3339(systemClock.now()));
    const verdict = await courier.deliver({ type: 'application/json', text }, 1);
    if (verdict.kind !== 'taken') throw verdict.error;
    io.print(takenText(1));
  } catch (error) {
    io.printError(`${(error as Error).message}\n`);
    io.setExitCode(exitCode.failed);
  } finally {
    courier.stop();
  }
}

export async function pushLines(endpoint: Endpoint, io: Io): Promise<void> {
  if (io.isTerminal('stdin')) io.printError('Type one metric a line, as JSON; end with Ctrl-D.\n');
  const courier = openCourier(endpoint, timeoutMs, systemHost);
  const push = new Push(courier, io);
  try {
    for await (const batch of metricLines(io.openInput(), batchMax)) {
      await push.batch(batch);
      if (push.isOver) break;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    push.complain(`standard input cannot be read (${code})`);
  } finally {
    courier.stop();
  }
  push.conclude();
}

/** What came in and what became of it. */
class Push {
  readonly #courier: Courier;
  readonly #io: Io;
  #taken = 0;
  #complaints = 0;
  /** Nothing more will be taken. */
  isOver = false;

  constructor(courier: Courier, io: Io) {
    this.#courier = courier;
    this.#io = io;
  }

  async batch(batch: readonly MetricLine[]): Promise<void> {
    for (const { number, wrong } of batch) if (wrong) this.complain(`line ${number}: ${wrong}`);
    await this.#deliver(batch.filter(({ wrong }) => !wrong));
  }

  complain(problem: string): void {
    if (++this.#complaints <= limits.problemsMax) this.#io.printError(`${problem}\n`);
  }

  conclude(): void {
    const more = this.#complaints - limits.problemsMax;
    if (more > 0) this.#io.printError(`and ${more} more\n`);
    this.#io.print(takenText(this.#taken));
    this.#io.setExitCode(this.#complaints > 0 ? exitCode.failed : exitCode.ok);
  }

  async #deliver(given: readonly MetricLine[]): Promise<void> {
    let lines = given;
    let rests = 0;
    while (lines.length > 0 && !this.isOver) {
      const text = lines.map((line) => `${line.text}\n`).join('');
      const verdict = await this.#courier.deliver({ type: 'application/x-ndjson', text }, lines.length);
      if (verdict.kind === 'taken') {
        this.#taken += lines.length;
        return;
      }
      if (verdict.kind === 'wrong') {
        lines = this.#withoutWrong(lines, verdict.error);
      } else if (verdict.kind === 'large') {
        return this.#inHalves(lines, verdict.error);
      } else if (verdict.kind === 'refused' || !isWorthARest(verdict, rests)) {
        this.#giveUp(lines, verdict.error, verdict.kind === 'away' && verdict.mayBeTaken);
      } else {
        await sleep(systemClock, verdict.waitMs ?? clientLimits.backoffMsMin * 2 ** rests);
        rests++;
      }
    }
  }

  #withoutWrong(lines: readonly MetricLine[], { errors }: CollectorError): readonly MetricLine[] {
    for (const { index, field, message } of errors) {
      this.complain(`line ${lines[index]?.number}: ${field}: ${message}`);
    }
    return lines.filter((_, index) => errors.every((error) => error.index !== index));
  }

  async #inHalves(lines: readonly MetricLine[], { message }: CollectorError): Promise<void> {
    if (lines.length === 1) return this.complain(`line ${lines[0]?.number}: ${message}`);
    const half = Math.ceil(lines.length / 2);
    await this.#deliver(lines.slice(0, half));
    await this.#deliver(lines.slice(half));
  }

  #giveUp(lines: readonly MetricLine[], { message }: CollectorError, mayBeTaken: boolean): void {
    this.isOver = true;
    const [first, last] = [lines[0]?.number, lines.at(-1)?.number];
    const doubt = mayBeTaken ? `lines ${first} to ${last} may have been taken, ` : '';
    this.complain(`${message}; ${doubt}line ${mayBeTaken ? (last ?? 0) + 1 : first} and later were not`);
  }
}

/** Not where it may have been taken: nobody wants to count twice. */
function isWorthARest({ mayBeTaken, waitMs }: Away, rests: number): boolean {
  return !mayBeTaken && rests < (waitMs === undefined ? limits.pushRestsMax : limits.pushAskedRestsMax);
}

function takenText(count: number): string {
  return count === 1 ? '1 metric was taken.\n' : `${count} metrics were taken.\n`;
}
