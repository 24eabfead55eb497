/**
 * Asks a Graphite through its render API, many queries in one request.
 *
 * Graphite answers with a list in which each series has a name, and leaves out what it does not know: each
 * query is given an alias, by which its series are found. Nothing that averages points is asked for: an
 * average hides peaks.
 */

import { placeOf } from '../../http/fault.ts';
import { credentialsOf } from '../../http/shown.ts';
import { openTokenAsker, refusalOf } from '../../http/token-asker.ts';
import { type Clock, type Pause, pace } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import type { Datasource, DatasourceQuestion } from './datasource.ts';
import { formQuestion, urlBelow } from './form-question.ts';
import { graphiteTracks } from './graphite-answer.ts';
import { graphiteWords } from './graphite-words.ts';
import { type Carrier, QuestionQueue } from './question-queue.ts';
import type { RemoteDatasourceSettings } from './settings.ts';

export function openGraphite(
  settings: RemoteDatasourceSettings,
  clock: Clock,
  pause: Pause = pace(clock, limits.healthSliceMs),
): Datasource {
  const url = urlBelow(settings.url, 'render');
  const secrets = [settings.bearerToken, ...Object.values(settings.headers), ...credentialsOf(settings)];
  const asker = openTokenAsker('datasource', url, settings, limits.datasourceBytesMax, clock);
  const carrier: Carrier = {
    place: placeOf(url),
    pick: (waiting) => pickBatch(waiting, url),
    carry: async (questions, timeoutMs) => {
      const answer = await asker.ask(formQuestion(url, fieldsOf(questions)), timeoutMs);
      const said = () => graphiteWords(answer.body, secrets);
      const refusal = refusalOf('datasource', answer, said, clock.now());
      if (refusal) throw refusal;
      await pause();
      return graphiteTracks(answer.body, questions);
    },
  };
  const queue = new QuestionQueue(carrier, settings.timeoutMs, clock);
  return {
    timeoutMs: settings.timeoutMs,
    ask: async ({ fromMs, toMs, ...rest }) => {
      // Points have whole seconds.
      const window = { fromMs: Math.ceil(fromMs / 1_000) * 1_000, toMs: Math.floor(toMs / 1_000) * 1_000 };
      return window.fromMs > window.toMs ? [] : queue.ask({ ...rest, ...window });
    },
    stop: () => {
      queue.stop();
      asker.stop();
    },
  };
}

/** Those of the oldest one's window that fit into one URL. */
function pickBatch<Q extends DatasourceQuestion>(waiting: Iterable<Q>, url: URL): readonly Q[] {
  const batch: Q[] = [];
  let bytes = url.href.length + aboutBytes;
  for (const question of waiting) {
    const [first = question] = batch;
    if (question.fromMs !== first.fromMs || question.toMs !== first.toMs) continue;
    bytes += new URLSearchParams({ '&target': targetOf(question.query, batch.length) }).toString().length;
    if (batch.length > 0 && bytes > limits.datasourceBatchUrlBytesMax) break;
    batch.push(question);
  }
  return batch;
}

/** What stands before the first target. */
const aboutBytes = 80;

function fieldsOf(questions: readonly DatasourceQuestion[]): URLSearchParams {
  const [{ fromMs, toMs } = { fromMs: 0, toMs: 0 }] = questions;
  const fields = new URLSearchParams({
    format: 'json',
    noNullPoints: 'true',
    // Graphite leaves out the point at its first second.
    from: String(Math.max(0, fromMs / 1_000 - 1)),
    until: String(toMs / 1_000),
  });
  for (const [index, { query }] of questions.entries()) fields.append('target', targetOf(query, index));
  return fields;
}

function targetOf(query: string, index: number): string {
  return `alias(${query},"${index}")`;
}
