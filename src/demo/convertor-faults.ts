/**
 * Everything that a convertor can do wrong, by name. A closed list: see faults.ts for how a
 * service asks for one.
 *
 * Every fault claims an outage where it can, so that a reader who believes too much is found out.
 */
import { type Body, hostileBodies, oddBodies, type Question } from './bodies.ts';
import { brotliBomb, deflateBomb, gzipBomb } from './bomb.ts';
import { json, type Reply, text, type Whole } from './reply.ts';
import { shapes } from './shapes.ts';
import * as wire from './wire.ts';

type ConvertorQuestion = Question & {
  /** The URL of the listener that nobody may ever ask. */
  readonly trapUrl: string;
  /** As asked, with the query. */
  readonly rawUrl: string;
};

type Fault = { readonly does: string; readonly reply: (question: ConvertorQuestion) => Reply };

const hugeBytes = 300 * 1024 * 1024;

const onTheWire = {
  hang: { does: 'takes the request and never answers', reply: () => wire.hang },
  drip: { does: 'sends a byte now and then, for ever', reply: (q) => wire.drip(200, start(q)) },
  'slow-headers': { does: 'sends header after header, for ever', reply: () => wire.slowHeaders },
  'interim-only': { does: 'sends interim answers (103), for ever', reply: () => wire.interimOnly },
  'reset-before': { does: 'resets the connection instead of answering', reply: () => wire.reset },
  'reset-midway': {
    does: 'resets the connection in the middle of the body',
    reply: (q) => wire.resetMidway(outage(q)),
  },
  close: { does: 'closes the connection instead of answering', reply: () => wire.close },
  truncated: { does: 'ends a chunked body without its last chunk', reply: (q) => wire.truncated(outage(q)) },
  'length-too-long': {
    does: 'promises more bytes than it sends',
    reply: (q) => wire.lengthTooLong(outage(q)),
  },
  'length-too-short': {
    does: 'sends more bytes than it promised',
    reply: (q) => wire.lengthTooShort(outage(q)),
  },
  'bad-chunks': { does: 'sends chunks whose sizes are no numbers', reply: (q) => wire.badChunks(outage(q)) },
  'header-flood': { does: 'sends 100,000 bytes of headers', reply: (q) => wire.headerFlood(outage(q)) },
  'not-http': { does: 'greets like an SSH server', reply: () => wire.raw(['SSH-2.0-OpenSSH_9.2\r\n']) },
  huge: {
    does: 'streams 300 MiB that begin well',
    reply: (q) => wire.stream({}, start(q), Buffer.alloc(65_536, ' '), hugeBytes),
  },
  'gzip-bomb': { does: 'sends a gzip that inflates to 1.1 GiB', reply: () => gzipBomb },
  'deflate-bomb': { does: 'sends a deflate that inflates to 1.1 GiB', reply: () => deflateBomb },
  'brotli-bomb': { does: 'sends a brotli that inflates to 1.1 GiB', reply: () => brotliBomb },
  'bad-gzip': {
    does: 'says gzip and sends something else',
    reply: (q) => ({ ...outage(q), headers: { 'content-encoding': 'gzip' } }),
  },
  'unknown-encoding': {
    does: 'says an encoding that does not exist',
    reply: (q) => ({ ...outage(q), headers: { 'content-encoding': 'x-unknown' } }),
  },
  redirect: { does: 'redirects (302) to the trap', reply: (q) => redirect(302, q.trapUrl + q.rawUrl, q) },
  'redirect-forever': { does: 'redirects (307) to the same URL', reply: (q) => redirect(307, q.rawUrl, q) },
  'redirect-permanently': {
    does: 'redirects (308) to the trap',
    reply: (q) => redirect(308, q.trapUrl + q.rawUrl, q),
  },
} as const satisfies Readonly<Record<string, Fault>>;

const byStatus = {
  'status-204': status(204, 'no body'),
  'status-304': status(304, 'no body'),
  'status-400': status(400, 'text like the one that axum sends'),
  'status-401': status(401, 'a JSON message'),
  'status-403': status(403, 'a JSON message'),
  'status-404': status(404, 'an empty body'),
  'status-408': status(408, 'a JSON message'),
  'status-409': status(409, 'the message for an unknown service'),
  'status-410': status(410, 'a JSON message'),
  'status-429': status(429, 'Retry-After: 1'),
  'status-500': status(500, 'CloudMon’s message for a failed data source'),
  'status-502': status(502, 'a proxy’s HTML page'),
  'status-503': status(503, 'a proxy’s HTML page'),
  'status-504': status(504, 'a proxy’s HTML page'),
} as const satisfies Readonly<Record<string, Fault>>;

export const convertorFaults = {
  ...onTheWire,
  ...byStatus,
  ...bodies(hostileBodies, 'answers 200 with the hostile body of this name'),
  ...bodies(oddBodies, 'answers an outage in odd clothes: the one kind of fault that must be believed'),
};

function outage(question: Question): Whole {
  const body = shapes.A({
    ...question,
    category: 'compute',
    points: [{ timeMs: question.nowMs, value: 2 }],
    flags: { [`${question.service}.api_down`]: true },
    regions: [],
  });
  return json(200, body);
}

/** The outage without its last bracket: complete but for a byte. */
function start(question: Question): string {
  return String(outage(question).body).slice(0, -1);
}

function redirect(code: number, location: string, question: Question): Whole {
  return { ...outage(question), status: code, headers: { location } };
}

function status(code: number, says: string): Fault {
  return { does: `answers ${code}: ${says}`, reply: (question) => refusal(code, question) };
}

function refusal(code: number, question: Question): Reply {
  if (code === 204 || code === 304) return { status: code };
  if (code === 404) return { status: code, headers: { 'content-type': 'text/plain' } };
  if (code === 400) return text(400, 'Failed to deserialize query string: missing field `from`');
  if (code === 409) return json(409, { message: 'Service not supported' });
  if (code === 429) return json(429, { message: 'Too many requests' }, { 'retry-after': '1' });
  if (code === 500) return json(500, { message: 'Graphite error' });
  if (code > 500) return { status: code, headers: { 'content-type': 'text/html' }, body: `<h1>${code}</h1>` };
  // Believed by whoever does not look at the status.
  return { ...outage(question), status: code };
}

function bodies<T extends Readonly<Record<string, Body>>>(corpus: T, does: string): Record<keyof T, Fault> {
  const entries = Object.entries(corpus).map(([name, body]) => [name, { does, reply: replyOf(body) }]);
  return Object.fromEntries(entries);
}

function replyOf(body: Body): Fault['reply'] {
  return (question) => {
    const answer = body(question);
    return typeof answer === 'string' || answer instanceof Uint8Array ? { body: answer } : answer;
  };
}
