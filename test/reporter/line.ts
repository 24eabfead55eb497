/** The way between a reporter and a page in memory, on which everything can go wrong. */
import type { Answer, SharedDashboard, Telling } from '../../src/model/dashboard.ts';
import { Failure } from '../../src/model/failure.ts';
import type { AlarmStatus } from '../../src/model/status.ts';
import type { Target } from '../../src/model/target.ts';
import type { FakeClock } from '../fake-clock.ts';
import type { IncidentPage } from './pages.ts';

/** What becomes of one request. */
export type Fate =
  | 'ok'
  /** It is taken, and the answer comes after more than a minute. */
  | 'slow'
  | 'refused'
  | 'rejected'
  /** It is to be left alone for a day. */
  | 'peace'
  /** It is taken, and no answer comes. */
  | 'lost'
  /** Nobody takes it, and no answer comes. */
  | 'swallowed'
  | 'killed before'
  | 'killed after';

export type Line = {
  readonly clock: FakeClock;
  /** Whether the reporter that asks was not killed meanwhile. */
  readonly isAlive: () => boolean;
  readonly fate: () => Fate;
  readonly kill: () => Promise<never>;
  readonly begun: (telling: Telling) => void;
  readonly unanswered: () => void;
  /** How many more are being answered slowly. */
  readonly slow: (more: 1 | -1) => void;
  readonly take: (telling: Telling) => Answer;
};

const slowMs = 90_000;

const gone = () => new Promise<never>(() => undefined);

const refusals: Partial<Record<Fate, () => Failure>> = {
  refused: () => new Failure('dashboard', 'failed', 'refused'),
  rejected: () => new Failure('dashboard', 'rejected', 'rejected'),
  peace: () => new Failure('dashboard', 'rate_limited', 'peace', { retryAfterMs: 86_400_000 }),
};

export async function request(line: Line, telling: Telling, signal: AbortSignal): Promise<Answer> {
  if (!line.isAlive()) return gone();
  const fate = line.fate();
  line.begun(telling);
  const refusal = refusals[fate];
  if (refusal) throw refusal();
  if (fate === 'killed before') return line.kill();
  if (fate === 'swallowed') throw unanswered(line, 'timeout');
  const answer = line.take(telling);
  if (fate === 'killed after') return line.kill();
  if (fate === 'lost') throw unanswered(line, 'timeout');
  if (fate === 'slow') await slowly(line, signal);
  return answer;
}

async function slowly(line: Line, signal: AbortSignal): Promise<void> {
  line.slow(1);
  await new Promise<void>((resolve) => {
    line.clock.after(slowMs, resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  if (!line.isAlive()) return gone();
  line.slow(-1);
  if (signal.aborted) throw unanswered(line, 'stopped');
}

function unanswered(line: Line, reason: 'timeout' | 'stopped'): Failure {
  line.unanswered();
  return new Failure('dashboard', reason, 'no answer', { isAmbiguous: true });
}

/** As a kind does whose incidents are told one after the other: a dashboard that is away ends it. */
export async function oneByOne(
  tellings: readonly Telling[],
  settle: Parameters<SharedDashboard['tellAll']>[1],
  tell: (telling: Telling) => Promise<Answer>,
): Promise<void> {
  for (const telling of tellings) {
    try {
      settle(telling, await tell(telling));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      settle(telling, error);
      if (error.reason !== 'rejected') throw error;
    }
  }
}

export async function look(line: Line, page: IncidentPage, asked: readonly Target[]) {
  if (!line.isAlive()) return gone();
  const fate = line.fate();
  if (fate.startsWith('killed')) return line.kill();
  if (fate !== 'ok') throw new Failure('dashboard', 'failed', 'refused');
  const ours = page.open().flatMap(({ id: reference, service, status, isOurs }) => {
    const target = asked.find((each) => each.service === service);
    return target && isOurs
      ? [{ target, status: status as AlarmStatus, reference, sinceMs: line.clock.now() }]
      : [];
  });
  const others = page.open().filter(({ isOurs }) => !isOurs);
  return { ours, unowned: others.map(({ id }) => ({ reference: id, title: 'by hand' })) };
}
