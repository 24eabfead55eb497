/** Scrapes an exporter as Prometheus does. */
import type { HttpAnswer } from '../../http/ask.ts';
import { type Clock, pace } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import type { SourceSettings } from '../settings.ts';
import { type Feed, garbled } from './feed.ts';
import { parsePrometheusText } from './prometheus-text.ts';
import { openRemote } from './remote.ts';

type PrometheusSettings = Extract<SourceSettings, { readonly type: 'prometheus' }>;

const newline = 10;

export function openPrometheus(settings: PrometheusSettings, clock: Clock): Feed {
  const headers = {
    accept: 'text/plain;version=0.0.4',
    // Exporters that ask others in turn end before it.
    'x-prometheus-scrape-timeout-seconds': String(settings.timeoutMs / 1000),
  };
  const remote = openRemote(settings, headers, limits.sourceBytesMax, clock);
  return {
    ask: async () => {
      const answer = await remote.get();
      checkKind(answer);
      const isOpenMetrics = /^application\/openmetrics-text\b/i.test(answer.headers['content-type'] ?? '');
      const pause = pace(clock, limits.parseSliceMs);
      return { families: await parsePrometheusText(answer.body, isOpenMetrics, pause) };
    },
    stop: remote.stop,
  };
}

function checkKind({ body, headers }: HttpAnswer): void {
  if (body.length === 0) throw garbled('the answer is empty');
  const type = headers['content-type'] ?? '';
  if (/^\s*</.test(body.toString('latin1', 0, 64)) || /^text\/html\b/i.test(type)) {
    throw garbled('the answer is HTML, not metrics');
  }
  if (/^application\/vnd\.google\.protobuf\b/i.test(type)) {
    throw garbled('the answer is in protobuf, although text was asked for');
  }
  // Nothing but this tells a whole answer from half of one, where its length was not told.
  const isMeasured = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  if (!isMeasured && body.at(-1) !== newline) throw garbled('the answer was cut off in its last line');
}
