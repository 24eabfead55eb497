/**
 * Answers that come with 200 and must never lead to a report, and answers that look odd
 * and must lead to one all the same.
 *
 * Wherever a body can, it claims an outage (2) of now: whoever believes it, reports it.
 */
import type { Whole } from './reply.ts';

export type Question = { readonly service: string; readonly environment: string; readonly nowMs: number };

/** What a convertor answers to one question. */
export type Body = (question: Question) => string | Uint8Array | Whole;

const outage = 2;
const seconds = ({ nowMs }: Question) => Math.floor(nowMs / 1000);

/** Shape A around any text in the place of its list of points. */
const around = (metrics: (now: number) => string): Body => {
  return (question) =>
    `{"name":${JSON.stringify(question.service)},"service_category":"compute","environment":${JSON.stringify(question.environment)},"metrics":${metrics(seconds(question))}}`;
};
/** Shape A with any text in the place of the deciding status. */
const weight = (text: string): Body => around((now) => `[{"timestamp":${now},"weight":${text}}]`);
/** Shape A with an outage at any text in the place of the time. */
const time = (text: (now: number) => string): Body => {
  return around((now) => `[{"timestamp":${text(now)},"weight":${outage}}]`);
};
const flat = (status: string): Body => {
  return (q) =>
    `{"service":${JSON.stringify(q.service)},"environment":${JSON.stringify(q.environment)},"status":${status},"timestamp":"${new Date(q.nowMs).toISOString()}"}`;
};
const honest = weight(String(outage));
const honestText = (question: Question) => String(honest(question));
const of =
  (body: string | Uint8Array): Body =>
  () =>
    body;
const html =
  '<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1>"status": 2</body></html>';

export const hostileBodies = {
  html: () => ({ headers: { 'content-type': 'text/html' }, body: html }),
  'html-as-json': of(html),
  empty: of(''),
  spaces: of(' \n\t '),
  null: of('null'),
  true: of('true'),
  'bare-number': of('2'),
  'bare-string': of('"outage"'),
  'bare-infinity': of('1e999'),
  'empty-object': of('{}'),
  'empty-list': of('[]'),
  'list-of-numbers': of('[2,2,2]'),
  'list-of-null': of('[null]'),
  'not-json': of('status: 2'),
  'single-quotes': (q) => honestText(q).replaceAll('"', "'"),
  'trailing-comma': (q) => honestText(q).replace(']}', '],}'),
  'two-documents': (q) => honestText(q) + honestText(q),
  'json-then-garbage': (q) => `${honestText(q)}<!-- cached -->`,
  'half-json': (q) => honestText(q).slice(0, -10),
  jsonp: (q) => `callback(${honestText(q)})`,
  'json-prefix': (q) => `)]}',\n${honestText(q)}`,
  'json-comment': (q) => `/* ok */ ${honestText(q)}`,
  'nan-literal': weight('NaN'),
  'utf-16': (q) => Buffer.from(`\ufeff${honestText(q)}`, 'utf16le'),
  'nul-bytes': () => Buffer.alloc(1024),
  'random-bytes': () => Buffer.from(Array.from({ length: 1024 }, (_, i) => (i * 197 + 131) % 256)),
  'invalid-utf-8-name': (q) =>
    Buffer.concat([
      Buffer.from('{"name":"'),
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from(honestText(q).slice(9)),
    ]),
  'control-in-string': (q) => honestText(q).replace('compute', 'com\u0000\u001b[2Jpute'),
  'deep-list': of('['.repeat(500_000)),
  'deep-list-closed': of('['.repeat(250_000) + ']'.repeat(250_000)),
  'deep-object': of('{"a":'.repeat(100_000)),
  'deep-beside-points': (q) =>
    `${honestText(q).slice(0, -1)},"extra":${'['.repeat(250_000)}${']'.repeat(250_000)}}`,
  'deep-in-point': around(
    (now) => `[{"timestamp":${now},"weight":${'['.repeat(5_000)}2${']'.repeat(5_000)}}]`,
  ),
  'over-a-mebibyte': (q) => `${honestText(q).slice(0, -1)},"padding":"${'x'.repeat(1_200_000)}"}`,
  'prototype-metrics': (q) => `{"__proto__":${honestText(q)}}`,
  'prototype-status': (q) =>
    `{"name":${JSON.stringify(q.service)},"__proto__":{"status":2,"metrics":[[${seconds(q)},2]]}}`,
  'prototype-point': around((now) => `[{"__proto__":{"timestamp":${now},"weight":2}}]`),
  'constructor-key': (q) =>
    `{"name":${JSON.stringify(q.service)},"constructor":{"prototype":{"metrics":[[${seconds(q)},2]]}}}`,
  'error-message': of('{"message":"Graphite error"}'),
  'error-beside-nothing': of('{"error":"unknown service","status":"error"}'),
  'status-as-string': flat('"1"'),
  'status-as-word': flat('"down"'),
  'status-healthy-word': flat('"healthy"'),
  'status-true': flat('true'),
  'status-null': flat('null'),
  'status-list': flat('[2]'),
  'status-object': flat('{"value":2}'),
  'status-http': flat('200'),
  'status-infinity': flat('1e999'),
  'weight-as-string': weight('"2"'),
  'weight-empty-string': weight('""'),
  'weight-true': weight('true'),
  'weight-null': weight('null'),
  'weight-missing': around((now) => `[{"timestamp":${now}}]`),
  'weight-fraction': weight('1.5'),
  'weight-half': weight('0.5'),
  'weight-nearly-two': weight('1.9999999'),
  'weight-negative': weight('-1'),
  'weight-minus-infinity': weight('-1e999'),
  'weight-four': weight('4'),
  'weight-300': weight('300'),
  'weight-infinity': weight('1e999'),
  'weight-list': weight('[2]'),
  'weight-object': weight('{"toString":"2","valueOf":2}'),
  'weight-duplicate-zero': around((now) => `[{"timestamp":${now},"weight":2,"weight":0}]`),
  'weight-duplicate-garbage': around((now) => `[{"timestamp":${now},"weight":2,"weight":"2"}]`),
  'garbage-is-newest': around((now) => `[[${now - 60},2],[${now},"2"]]`),
  'garbage-is-newest-unsorted': around((now) => `[[${now},1.5],[${now - 60},2]]`),
  'pair-as-strings': around((now) => `[["${now}","2"]]`),
  'pair-infinity': around((now) => `[[${now},1e999]]`),
  'pair-empty': around(() => '[[]]'),
  'pair-of-times': around((now) => `[[${now},${now}]]`),
  'graphite-null': (q) => `[{"target":${JSON.stringify(q.service)},"datapoints":[[null,${seconds(q)}]]}]`,
  'graphite-infinity': (q) =>
    `[{"target":${JSON.stringify(q.service)},"datapoints":[[1e9999,${seconds(q)}]]}]`,
  'metrics-empty': around(() => '[]'),
  'metrics-null': around(() => 'null'),
  'metrics-string': around(() => '"2"'),
  'metrics-number': around(() => '2'),
  'metrics-object-empty': around(() => '{}'),
  'metrics-list-of-null': around(() => '[null,null]'),
  'regions-empty': around(() => '[{"region":"eu-de-01","datapoints":[]}]'),
  'time-stale': time((now) => String(now - 3_600)),
  'time-zero': time(() => '0'),
  'time-negative': time(() => '-1'),
  'time-future': time((now) => String(now + 3_600)),
  'time-far-future': time(() => '253402300800'),
  'time-in-microseconds': time((now) => String(now * 1_000_000)),
  'time-infinity': time(() => '1e999'),
  'time-as-word': time(() => '"yesterday"'),
  'time-true': time(() => 'true'),
  'time-missing': around(() => '[{"weight":2}]'),
  'time-stale-graphite': (q) =>
    `[{"target":${JSON.stringify(q.service)},"datapoints":[[2,${seconds(q) - 3_600}]]}]`,
  'other-service': (q) => honestText({ ...q, service: `${q.service}-other` }),
  'other-service-list': (q) => `[${honestText({ ...q, service: `${q.service}-other` })}]`,
  'other-service-upper-case': (q) => honestText({ ...q, service: q.service.toUpperCase() }),
  'other-service-duplicate-name': (q) => `${honestText(q).slice(0, -1)},"name":"other"}`,
} as const satisfies Readonly<Record<string, Body>>;

/** Honest outages in odd clothes. */
export const oddBodies = {
  'byte-order-mark': (q) => `\ufeff${honestText(q)}`,
  'plain-text': (q) => ({ headers: { 'content-type': 'text/plain' }, body: honestText(q) }),
  'one-point-zero': weight('2.0'),
  exponent: weight('20e-1'),
  'time-in-milliseconds': (q) => String(time(() => String(q.nowMs))(q)),
  'time-in-words': (q) => String(time(() => `"${new Date(q.nowMs).toISOString()}"`)(q)),
  'null-is-newest': around((now) => `[[${now - 60},2],[${now},null]]`),
  unsorted: around((now) => `[[${now},2],[${now - 60},0]]`),
  'same-time-twice': around((now) => `[[${now},2],[${now},0]]`),
  'value-first': around((now) => `[[2,${now}]]`),
  'unknown-keys': (q) =>
    `${honestText(q).slice(0, -1)},"__proto__":{"metrics":[]},"constructor":null,"x":[[[]]]}`,
  'much-space': (q) => `${' '.repeat(100_000)}${honestText(q)}${'\n'.repeat(100_000)}`,
} as const satisfies Readonly<Record<string, Body>>;
