/**
 * The convertor inside: the health of services, worked out from flags that a data source answers.
 *
 * Where the data source fails, so does the answer: it is never a healthy one, and never an empty one.
 * The reporter of the same process has a lane of its own, down to the data source: whoever asks over HTTP
 * only shares the processor with it, slice by slice.
 */
import type { Family } from '../../exposition/family.ts';
import { json, type Page, plain, type Route, type Routes } from '../../http/routes.ts';
import type { Windows } from '../../maintenance/windows.ts';
import type { Clock, Pause } from '../../model/clock.ts';
import { Failure } from '../../model/failure.ts';
import type { Datasource } from '../datasources/datasource.ts';
import { type Door, openDoor, openToAll } from './door.ts';
import { type HealthJournal, openFlagSource } from './flag-source.ts';
import { cloudmonPage, type Health, healthPage, refusal, unreadableQuery } from './health-page.ts';
import { type HealthQuestion, parseHealthQuestion } from './health-question.ts';
import { HealthInstruments, type HealthResult } from './instruments.ts';
import { maintenancesRoute } from './maintenances-page.ts';
import { openPoints, type Place, type Points } from './points.ts';
import type { HealthRules } from './rules.ts';

export type HealthParts = {
  /** As they are by now, the same object as long as they are the same; undefined: there are none. */
  readonly rules: () => HealthRules | undefined;
  /** For questions over HTTP, and for those of the same process. */
  readonly datasource: () => Datasource;
  readonly datasourceInside: () => Datasource;
  /** How far apart the points of the data source are, at least. */
  readonly stepMs: number;
  readonly clock: Clock;
  /** Shared by all work on health, the data sources' too. */
  readonly pause: Pause;
  readonly journal: HealthJournal;
  readonly maintenance: () => Promise<Windows>;
};

export function openHealth(parts: HealthParts): {
  readonly routes: Routes;
  /** The same for the same process. */
  readonly inside: Routes;
  readonly families: () => readonly Family[];
} {
  const { rules, stepMs, clock } = parts;
  const instruments = new HealthInstruments();
  const flagsOf = openFlagSource(instruments, parts.journal);
  const maintenances = maintenancesRoute(parts);

  function routesOf(datasource: () => Datasource, door: Door): Routes {
    const points = openPoints({ ...parts, flagsOf, datasource, door });

    const healthRoute =
      (pageOf: (health: Health) => Page): Route =>
      async ({ query, withinMs }) => {
        const question = parseHealthQuestion(query, clock.now(), stepMs);
        if (typeof question === 'string') return unreadableQuery(question);
        const startedMs = clock.monotonic();
        const place = placeOf(rules(), question);
        const { result, page } =
          typeof place === 'string'
            ? { result: 'unsupported' as const, page: refusal(409, place) }
            : await answerOf(points(place, question, withinMs), place, question, pageOf);
        instruments.answered(result, clock.monotonic() - startedMs);
        return page;
      };

    return new Map<string, Route>([
      ['/api/v1/', () => json(200, { name: 'v1' })],
      ['/api/v1/info', () => plain(200, 'V1 API of the CloudMon')],
      ['/api/v1/health', healthRoute(cloudmonPage)],
      ['/v1/health', healthRoute(healthPage)],
      ['/v1/maintenances', maintenances],
    ]);
  }

  return {
    routes: routesOf(parts.datasource, openDoor(clock)),
    inside: routesOf(parts.datasourceInside, openToAll),
    families: () => instruments.families(),
  };
}

type Answer = { readonly result: HealthResult; readonly page: Page };

async function answerOf(
  points: ReturnType<Points>,
  { service: { category } }: Place,
  { service, environment }: HealthQuestion,
  pageOf: (health: Health) => Page,
): Promise<Answer> {
  try {
    const found = await points;
    if (found === 'busy') return { result: 'busy', page: busy };
    const page = pageOf({ service, category, environment, points: found });
    return { result: found.newest ? 'ok' : 'no_data', page };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // What it said, and where it is, is for the log: anybody may ask here.
    return { result: 'failed', page: refusal(500, `The data source failed: ${error.reason}`) };
  }
}

const busy: Page = {
  ...refusal(503, 'many others have asked already: ask again'),
  headers: { 'retry-after': '1' },
};

/** In CloudMon's own words where it has some. */
function placeOf(rules: HealthRules | undefined, question: HealthQuestion): Place | string {
  if (!rules) return 'Service not supported: the configuration has no health_metrics';
  const service = rules.services.find(({ key }) => key === question.service);
  if (!service) return 'Service not supported';
  const environment = service.environments.find(({ name }) => name === question.environment);
  return environment ? { rules, service, flags: environment.flags } : 'Environment for service not supported';
}
