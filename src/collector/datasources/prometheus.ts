/**
 * Asks whatever speaks Prometheus's query API: Prometheus, Thanos, Mimir, VictoriaMetrics.
 *
 * All evaluation times are whole multiples of the step, so that points of all queries have the same times.
 */

import { placeOf } from '../../http/fault.ts';
import { credentialsOf } from '../../http/shown.ts';
import { openTokenAsker } from '../../http/token-asker.ts';
import { type Clock, type Pause, pace } from '../../model/clock.ts';
import type { Failure } from '../../model/failure.ts';
import { limits } from '../../model/limits.ts';
import { type Datasource, type DatasourceQuestion, tooMuch, wholeSteps } from './datasource.ts';
import { formQuestion, urlBelow } from './form-question.ts';
import { prometheusRefusal, prometheusTracks } from './prometheus-answer.ts';
import { type Carrier, QuestionQueue } from './question-queue.ts';
import type { RemoteDatasourceSettings } from './settings.ts';

export function openPrometheusDatasource(
  settings: RemoteDatasourceSettings,
  stepMs: number,
  clock: Clock,
  pause: Pause = pace(clock, limits.healthSliceMs),
): Datasource {
  const url = urlBelow(settings.url, 'api/v1/query_range');
  const secrets = [settings.bearerToken, ...Object.values(settings.headers), ...credentialsOf(settings)];
  const asker = openTokenAsker('datasource', url, settings, limits.datasourceBytesMax, clock);

  const carrier: Carrier = {
    place: placeOf(url),
    pick: ([first]) => (first ? [first] : []),
    carry: async ([question], timeoutMs) => {
      if (!question) return [];
      const answer = await asker.ask(formQuestion(url, fieldsOf(question, stepMs)), timeoutMs);
      const refusal = prometheusRefusal(answer, secrets, clock.now());
      if (refusal) throw refusal;
      await pause();
      return [prometheusTracks(answer.body, { ...question, stepMs }, secrets)];
    },
  };
  const queue = new QuestionQueue(carrier, settings.timeoutMs, clock);
  return {
    timeoutMs: settings.timeoutMs,
    ask: async (question) => {
      const { fromMs, toMs } = wholeSteps(question, stepMs, clock.now());
      if (fromMs > toMs) return [];
      if ((toMs - fromMs) / stepMs > limits.queryStepsMax) throw tooManySteps(stepMs);
      return queue.ask({ ...question, fromMs, toMs });
    },
    stop: () => {
      queue.stop();
      asker.stop();
    },
  };
}

function fieldsOf({ query, fromMs, toMs }: DatasourceQuestion, stepMs: number): URLSearchParams {
  return new URLSearchParams({
    query,
    start: String(fromMs / 1_000),
    end: String(toMs / 1_000),
    step: String(stepMs / 1_000),
    // Half of the truth may look healthy. The one word is Thanos's, the other VictoriaMetrics's.
    partial_response: 'false',
    deny_partial_response: '1',
  });
}

function tooManySteps(stepMs: number): Failure {
  return tooMuch(`the window has more than ${limits.queryStepsMax} steps of ${stepMs / 1_000} s`);
}
