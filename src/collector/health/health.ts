/**
 * The convertor inside: the health of services, worked out from flags that a data source answers.
 *
 * Where the data source fails, so does the answer: it is never a healthy one, and never an empty one.
 */
import type { Family } from '../../exposition/family.ts';
import { json, type Page, plain, type Route, type Routes } from '../../http/routes.ts';
import type { Windows } from '../../maintenance/windows.ts';
import { type Clock, pace } from '../../model/clock.ts';
import { Failure } from '../../model/failure.ts';
import { limits } from '../../model/limits.ts';
import { parseExpression } from './expression.ts';
import { type FlagSource, type FlagSourceParts, openFlagSource } from './flag-source.ts';
import {
  cloudmonPage,
  type Health,
  HealthPoints,
  healthPage,
  refusal,
  unreadableQuery,
} from './health-page.ts';
import { type HealthQuestion, parseHealthQuestion } from './health-question.ts';
import { HealthInstruments, type HealthResult } from './instruments.ts';
import { maintenancesRoute } from './maintenances-page.ts';
import type { FlagRule, HealthRules, ServiceRules } from './rules.ts';
import { type ReadableExpression, verdicts } from './verdict.ts';

export type HealthParts = Omit<FlagSourceParts, 'instruments'> & {
  /** As they are by now, the same object as long as they are the same; undefined: there are none. */
  readonly rules: () => HealthRules | undefined;
  /** How far apart the points of the data source are, at least. */
  readonly stepMs: number;
  readonly clock: Clock;
  readonly maintenance: () => Promise<Windows>;
};

/** A service in an environment, as the rules have it. */
type Place = {
  readonly rules: HealthRules;
  readonly service: ServiceRules;
  readonly flags: readonly FlagRule[];
};

export function openHealth(parts: HealthParts): {
  readonly routes: Routes;
  readonly families: () => readonly Family[];
} {
  const { rules, stepMs, clock } = parts;
  const instruments = new HealthInstruments();
  const points = openPoints(openFlagSource({ ...parts, instruments }), clock);

  async function answer(question: HealthQuestion, pageOf: (health: Health) => Page): Promise<Answer> {
    const place = placeOf(rules(), question);
    if (typeof place === 'string') return { result: 'unsupported', page: refusal(409, place) };
    try {
      const found = await points(place, question);
      const { service, environment } = question;
      const page = pageOf({ service, category: place.service.category, environment, points: found });
      return { result: found.newest ? 'ok' : 'no_data', page };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return {
        result: 'failed',
        page: refusal(500, `The data source failed (${error.reason}): ${error.message}`),
      };
    }
  }

  const healthRoute =
    (pageOf: (health: Health) => Page): Route =>
    async ({ query }) => {
      const question = parseHealthQuestion(query, clock.now(), stepMs);
      if (typeof question === 'string') return unreadableQuery(question);
      const startedMs = clock.monotonic();
      const { result, page } = await answer(question, pageOf);
      instruments.answered(result, clock.monotonic() - startedMs);
      return page;
    };

  return {
    routes: new Map<string, Route>([
      ['/api/v1/', () => json(200, { name: 'v1' })],
      ['/api/v1/info', () => plain(200, 'V1 API of the CloudMon')],
      ['/api/v1/health', healthRoute(cloudmonPage)],
      ['/v1/health', healthRoute(healthPage)],
      ['/v1/maintenances', maintenancesRoute(parts)],
    ]),
    families: () => instruments.families(),
  };
}

type Answer = { readonly result: HealthResult; readonly page: Page };

/** In CloudMon's own words where it has some. */
function placeOf(rules: HealthRules | undefined, question: HealthQuestion): Place | string {
  if (!rules) return 'Service not supported: the configuration has no health_metrics';
  const service = rules.services.find(({ key }) => key === question.service);
  if (!service) return 'Service not supported';
  const environment = service.environments.find(({ name }) => name === question.environment);
  return environment ? { rules, service, flags: environment.flags } : 'Environment for service not supported';
}

type Points = (place: Place, question: HealthQuestion) => Promise<HealthPoints>;

/** Whoever asks what is being worked out already gets the same. */
function openPoints(flagsOf: FlagSource, clock: Clock): Points {
  const working = new Map<string, { readonly rules: HealthRules; readonly points: Promise<HealthPoints> }>();
  const readable = new WeakMap<ServiceRules, readonly ReadableExpression[]>();

  async function work({ rules, service, flags }: Place, question: HealthQuestion): Promise<HealthPoints> {
    const { fromMs, toMs, pointsMax } = question;
    const points = new HealthPoints(pointsMax);
    // All of it may lie in the future, where nothing can be known.
    if (fromMs > toMs) return points;
    const pause = pace(clock, limits.healthSliceMs);
    const found = await flagsOf(flags, { fromMs, toMs }, pause);
    const expressions = readable.get(service) ?? expressionsOf(service);
    readable.set(service, expressions);
    for (const verdict of verdicts(found, expressions, rules.onMissing)) {
      if (verdict && !points.add(verdict, flags)) break;
      await pause();
    }
    return points;
  }

  return (place, question) => {
    const key = JSON.stringify(question);
    const known = working.get(key);
    if (known?.rules === place.rules) return known.points;
    const made = { rules: place.rules, points: work(place, question) };
    working.set(key, made);
    const forget = () => {
      if (working.get(key) === made) working.delete(key);
    };
    made.points.then(forget, forget);
    return made.points;
  };
}

function expressionsOf({ environments, expressions }: ServiceRules): readonly ReadableExpression[] {
  const names = environments.flatMap(({ flags }) => flags.map(({ metric }) => metric));
  return expressions.map((each) => {
    const expression = parseExpression(each.text, names);
    if (typeof expression === 'string')
      throw new Error(`${each.text} was loaded, and cannot be: ${expression}`);
    return { ...each, expression };
  });
}
