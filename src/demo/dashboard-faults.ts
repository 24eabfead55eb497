/**
 * Everything that a dashboard can do wrong, by name. A closed list: see faults.ts for how a
 * service asks for one.
 */
import type { OutgoingHttpHeaders } from 'node:http';
import { json, type Reply, text, type Whole } from './reply.ts';
import * as wire from './wire.ts';

export type DashboardQuestion = {
  readonly nowMs: number;
  /** The URL of the listener that nobody may ever ask. */
  readonly trapUrl: string;
  /** As asked, with the query. */
  readonly rawUrl: string;
  /** What the dashboard would have answered. */
  readonly answer: Whole;
};

type Fault = {
  readonly does: string;
  /** Whether the report is taken, as without the fault, before the fault happens. */
  readonly accepts: boolean;
  readonly reply: (question: DashboardQuestion) => Reply;
};

const slowMs = 2_000;
const hugeBytes = 100 * 1024 * 1024;

const onTheWire = {
  hang: before('never answers', () => wire.hang),
  'hang-after-accept': after('takes the report and never answers', () => wire.hang),
  slow: after('takes the report and answers after 2 s', (q) => ({ ...q.answer, delayMs: slowMs })),
  drip: after('takes the report and answers a byte now and then, for ever', () => wire.drip(201, '{')),
  'slow-headers': after('takes the report and sends header after header, for ever', () => wire.slowHeaders),
  'reset-before-accept': before('resets the connection', () => wire.reset),
  'reset-after-accept': after('takes the report and resets the connection', () => wire.reset),
  'close-before-accept': before('closes the connection', () => wire.close),
  'close-after-accept': after('takes the report and closes the connection', () => wire.close),
  'half-answer': after('takes the report and sends half of the answer, then RST', (q) =>
    wire.resetMidway(q.answer),
  ),
  'cut-answer': after('takes the report and promises more bytes than it sends', (q) =>
    wire.lengthTooLong(q.answer),
  ),
  'not-http': before('greets like an SSH server', () => wire.raw(['SSH-2.0-OpenSSH_9.2\r\n'])),
} as const satisfies Readonly<Record<string, Fault>>;

const bodies = {
  'empty-answer': after('takes the report: 201 without a body', () => ({ status: 201 })),
  'no-content': after(
    'takes the report: 204',
    () => (exchange) => void exchange.response.writeHead(204).end(),
  ),
  'garbage-answer': after('takes the report: 200 and a body that is no JSON', () => ({
    body: '\u0000{"id":',
  })),
  'huge-answer': after('takes the report and streams 100 MiB', () => huge(201)),
  'huge-error': before('answers 500 and streams 100 MiB', () => huge(500)),
  'escape-codes': before('answers 422 with terminal codes, line breaks and markup', () =>
    text(422, hostileText),
  ),
  'html-error': before('answers 500 with a page', () => ({
    status: 500,
    headers: { 'content-type': 'text/html' },
    body: '<!doctype html><script>alert(1)</script><h1>Internal Server Error</h1>',
  })),
  'error-after-accept': after('takes the report; then it fails: 500', () => refusal(500)),
  'bad-gateway-after-accept': after('takes the report; a proxy loses the answer: 502', () => refusal(502)),
  redirect: before('redirects (307) to the trap on another port', (q) => redirect(307, q.trapUrl + q.rawUrl)),
  'redirect-found': before('redirects (302) to the trap on another port', (q) =>
    redirect(302, q.trapUrl + q.rawUrl),
  ),
  'redirect-permanently': before('redirects (308) to the trap', (q) => redirect(308, q.trapUrl + q.rawUrl)),
  'redirect-forever': before('redirects (307) to the same URL', (q) => redirect(307, q.rawUrl)),
  'redirect-metadata': before('redirects (307) to a cloud’s metadata', () =>
    redirect(307, 'http://169.254.169.254/'),
  ),
  'redirect-socket': before('redirects (307) to a unix socket', () =>
    redirect(307, 'unix:/var/run/docker.sock:/'),
  ),
} as const satisfies Readonly<Record<string, Fault>>;

const byStatus = {
  'status-400': status(400),
  'status-401': status(401),
  'status-403': status(403),
  'status-404': status(404),
  'status-405': status(405),
  'status-408': status(408),
  'status-409': status(409),
  'status-410': status(410),
  'status-413': status(413),
  'status-415': status(415),
  'status-418': status(418),
  'status-420': status(420),
  'status-422': status(422),
  'status-425': status(425),
  'status-429': status(429),
  'status-500': status(500),
  'status-501': status(501),
  'status-502': status(502),
  'status-503': status(503),
  'status-504': status(504),
} as const satisfies Readonly<Record<string, Fault>>;

const retryAfter = {
  'retry-after-seconds': patience('2', () => '2'),
  'retry-after-date': patience('a date in 3 s', (q) => new Date(q.nowMs + 3_000).toUTCString()),
  'retry-after-past': patience('a date an hour ago', (q) => new Date(q.nowMs - 3_600_000).toUTCString()),
  'retry-after-zero': patience('0', () => '0'),
  'retry-after-negative': patience('-1', () => '-1'),
  'retry-after-minute': patience('60', () => '60'),
  'retry-after-day': patience('86400', () => '86400'),
  'retry-after-overflow': patience('9999999999', () => '9999999999'),
  'retry-after-garbage': patience('soon', () => 'soon'),
  'retry-after-unavailable': before('answers 503 with Retry-After: 2', () =>
    refusal(503, { 'retry-after': '2' }),
  ),
} as const satisfies Readonly<Record<string, Fault>>;

export const dashboardFaults = { ...onTheWire, ...bodies, ...byStatus, ...retryAfter };

const hostileText =
  '\u001b[31mred\u001b[0m \u001b]0;title\u0007\r\n2026-01-01 INFO forged line\n<script>alert(1)</script> \u202eleft\u2028\u0000';

function before(does: string, answer: Fault['reply']): Fault {
  return { does, accepts: false, reply: answer };
}

function after(does: string, answer: Fault['reply']): Fault {
  return { does, accepts: true, reply: answer };
}

function status(code: number): Fault {
  return before(`answers ${code}`, () => refusal(code));
}

function patience(says: string, header: (question: DashboardQuestion) => string): Fault {
  return before(`answers 429 with Retry-After: ${says}`, (q) => refusal(429, { 'retry-after': header(q) }));
}

function refusal(code: number, headers: OutgoingHttpHeaders = {}): Whole {
  return json(code, { error: `fault: ${code}` }, headers);
}

function redirect(code: number, location: string): Whole {
  return { ...refusal(code, { location }) };
}

function huge(code: number): Reply {
  return wire.stream({ status: code }, '{"id":1,"padding":"', Buffer.alloc(65_536, 'x'), hugeBytes);
}
