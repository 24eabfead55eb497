/**
 * Prometheus's own HTTP paths over our series, so that Grafana and whoever else asks a Prometheus can ask us.
 *
 * What of Prometheus we do not have, and are asked for by who only looks whether it is there, is an empty
 * list.
 */
import type { Family } from '../../exposition/family.ts';
import type { Intake, Intakes, Page, Route, Routes } from '../../http/routes.ts';
import type { Clock, Pause } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import { QueryError } from '../promql/query.ts';
import { PageBudget } from '../series/page-budget.ts';
import type { SeriesStore } from '../series/store.ts';
import type { Endpoint, Work } from './endpoint.ts';
import { QueryInstruments } from './instruments.ts';
import { JsonAnswer } from './json-answer.ts';
import { labelNamesEndpoint, labelValuesEndpoint, seriesEndpoint } from './lookups.ts';
import { metadataEndpoint } from './metadata.ts';
import { Parameters } from './parameters.ts';
import { queryEndpoint, queryRangeEndpoint } from './queries.ts';
import { QueryTurns } from './query-turns.ts';
import { type ErrorKind, failure, notFound, page, success } from './replies.ts';

export type QueryApi = {
  readonly routes: Routes;
  readonly intakes: Intakes;
  /** Our own instruments. */
  readonly families: () => readonly Family[];
  /** For the end: no query goes on. */
  readonly stop: () => void;
};

/** @param forms as they were sent, each sign a byte */
type Ask = (endpoint: Endpoint, ...forms: readonly string[]) => Promise<Page>;

export function openQueryApi(world: { readonly store: SeriesStore; readonly clock: Clock }): QueryApi {
  const { store } = world;
  const instruments = new QueryInstruments();
  const turns = new QueryTurns(world.clock);
  const ask = asker(world.clock, turns, instruments);
  const both: readonly (readonly [path: string, endpoint: Endpoint])[] = [
    ['/api/v1/query', queryEndpoint(world)],
    ['/api/v1/query_range', queryRangeEndpoint(world)],
    ['/api/v1/query_exemplars', () => noExemplars],
    ['/api/v1/series', seriesEndpoint(store)],
    ['/api/v1/labels', labelNamesEndpoint(store)],
  ];
  const metadata = metadataEndpoint(store);
  return {
    routes: new Map<string, Route>([
      ...both.map(([path, endpoint]): [string, Route] => [path, ({ query }) => ask(endpoint, query)]),
      ['/api/v1/label/*', labelRoute(store, ask)],
      ['/api/v1/metadata', ({ query }) => ask(metadata, query)],
      ['/api/v1/status/buildinfo', () => success(buildInfo)],
      ['/api/v1/rules', () => success({ groups: [] })],
      ['/api/v1/alerts', () => success({ alerts: [] })],
    ]),
    intakes: new Map(both.map(([path, endpoint]) => [path, formIntake(endpoint, ask)])),
    families: () => instruments.families(),
    stop: () => turns.stop(),
  };
}

const noExemplars: Work = {
  timeoutMs: limits.queryAnswerMs,
  write: async (answer) => answer.add('{"status":"success","data":[]}'),
};

/**
 * Clients choose what they ask for by the version: it is the one of the Prometheus that answers are
 * compared with. Other products than Prometheus say here which features they have.
 */
const buildInfo = {
  version: '2.42.0',
  revision: '',
  branch: '',
  buildUser: 'cloudmon-reporter',
  buildDate: '',
  goVersion: '',
};

function asker(clock: Clock, turns: QueryTurns, instruments: QueryInstruments): Ask {
  const budget = new PageBudget(clock, limits.queryAnswersBytesMax, limits.connectionPhaseMs);

  const refuse = (kind: ErrorKind, message: string): Page => {
    instruments.answered(kind);
    return failure(kind, message);
  };

  const answered = async ({ write }: Work, pause: Pause): Promise<Page> => {
    if (!budget.hasRoomFor(limits.queryAnswerBytesMax)) return refuse('unavailable', tooMuch);
    const startedMs = clock.monotonic();
    const answer = new JsonAnswer(pause);
    try {
      await write(answer, pause);
    } finally {
      instruments.workedOut(clock.monotonic() - startedMs);
    }
    const body = answer.finish();
    budget.made(body.length);
    instruments.answered('ok');
    return page(200, body);
  };

  return async (endpoint, ...forms) => {
    try {
      const work = endpoint(new Parameters(...forms));
      const turn = turns.take(work.timeoutMs, (pause) => answered(work, pause));
      return turn ? await turn : refuse('unavailable', tooMany);
    } catch (error) {
      if (error instanceof QueryError) return refuse(error.kind, error.message);
      throw error;
    }
  };
}

const tooMany = `${limits.queriesWaitingMax} queries wait already: ask again`;
const tooMuch = 'many large answers were asked for in the last seconds: ask again';

function labelRoute(store: SeriesStore, ask: Ask): Route {
  return ({ path, query }) => {
    const [, label] = /^\/api\/v1\/label\/([^/]+)\/values$/.exec(path) ?? [];
    return label === undefined ? notFound : ask(labelValuesEndpoint(store, decodedPart(label)), query);
  };
}

/** What cannot be read is no name, and is refused as one. */
function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const formType = 'application/x-www-form-urlencoded';

function formIntake(endpoint: Endpoint, ask: Ask): Intake {
  return {
    // Some clients bring nothing, and say nothing of what it is.
    admit: ({ contentType }) =>
      contentType === formType || contentType === '' ? limits.requestBytesMax : notForm,
    take: ({ contentType, query }, body) => {
      if (contentType === '' && body.length > 0) return notForm;
      return ask(endpoint, body.toString('latin1'), query);
    },
    refusal: (status, message) => failure(status === 503 ? 'unavailable' : 'bad_data', message, status),
  };
}

const notForm = failure('bad_data', `send Content-Type: ${formType}`, 415);
