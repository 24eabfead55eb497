/** Works out the points of answers, in slices, and gives up when the time is over. */
import type { Clock, Pause } from '../../model/clock.ts';
import { Failure } from '../../model/failure.ts';
import { limits } from '../../model/limits.ts';
import type { Datasource } from '../datasources/datasource.ts';
import type { Door } from './door.ts';
import { parseExpression } from './expression.ts';
import type { FlagSource } from './flag-source.ts';
import { HealthPoints } from './health-page.ts';
import type { HealthQuestion } from './health-question.ts';
import type { FlagRule, HealthRules, ServiceRules } from './rules.ts';
import { type ReadableExpression, verdicts } from './verdict.ts';

/** A service in an environment, as the rules have it. */
export type Place = {
  readonly rules: HealthRules;
  readonly service: ServiceRules;
  readonly flags: readonly FlagRule[];
};

/**
 * Throws the `Failure` of the data source.
 *
 * @param withinMs absent: as long as the data source may take
 */
export type Points = (
  place: Place,
  question: HealthQuestion,
  withinMs: number | undefined,
) => Promise<HealthPoints | 'busy'>;

export type PointsParts = {
  readonly flagsOf: FlagSource;
  readonly datasource: () => Datasource;
  readonly door: Door;
  readonly clock: Clock;
  readonly pause: Pause;
};

/** Whoever asks what is being worked out already gets the same. */
export function openPoints({ flagsOf, datasource, door, clock, pause: slices }: PointsParts): Points {
  type Working = { readonly rules: HealthRules; readonly points: ReturnType<Points> };
  const working = new Map<string, Working>();
  const readable = new WeakMap<ServiceRules, readonly ReadableExpression[]>();

  async function work(place: Place, question: HealthQuestion, withinMs?: number): Promise<HealthPoints> {
    const { rules, service, flags } = place;
    const { fromMs, toMs, pointsMax } = question;
    const points = new HealthPoints(pointsMax);
    // All of it may lie in the future, where nothing can be known.
    if (fromMs > toMs) return points;
    const source = datasource();
    const untilMs = clock.monotonic() + (withinMs ?? Math.min(source.timeoutMs, limits.healthAnswerMsMax));
    const pause = () => {
      if (clock.monotonic() >= untilMs) throw late();
      return slices();
    };
    const found = await flagsOf(source, flags, { fromMs, toMs, untilMs }, pause);
    const expressions = readable.get(service) ?? (await expressionsOf(service, pause));
    readable.set(service, expressions);
    for (const verdict of verdicts(found, expressions, rules.onMissing)) {
      if (verdict && !points.add(verdict, flags)) break;
      await pause();
    }
    return points;
  }

  return (place, question, withinMs) => {
    const key = JSON.stringify(question);
    const known = working.get(key);
    if (known?.rules === place.rules) return known.points;
    const made = { rules: place.rules, points: door(() => work(place, question, withinMs)) };
    working.set(key, made);
    const forget = () => {
      if (working.get(key) === made) working.delete(key);
    };
    made.points.then(forget, forget);
    return made.points;
  };
}

async function expressionsOf(
  { expressions, metrics }: ServiceRules,
  pause: Pause,
): Promise<readonly ReadableExpression[]> {
  const found: ReadableExpression[] = [];
  for (const each of expressions) {
    const expression = parseExpression(each.text, metrics);
    if (typeof expression === 'string') {
      throw new Error(`${each.text} was loaded, and cannot be: ${expression}`);
    }
    found.push({ ...each, expression });
    await pause();
  }
  return found;
}

function late(): Failure {
  return new Failure('datasource', 'timeout', 'the time was over before all flags were weighed', {
    isUnsent: true,
  });
}
