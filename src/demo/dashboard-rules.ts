/** What a strict dashboard makes of one request, before it looks into its memory. */
import type { IncomingMessage } from 'node:http';
import { json, type Whole } from './reply.ts';
import { type Report, readReport } from './report.ts';
import type { Seen } from './server.ts';
import type { Token } from './token.ts';

export type Judged =
  | { readonly verdict: 'report'; readonly report: Report }
  /** Somebody reads what is stored. */
  | { readonly verdict: 'list' }
  | { readonly verdict: 'refused'; readonly refusal: Whole; readonly reasons: readonly string[] };

const bodyBytesMax = 65_536;

export type Received = {
  /** Byte for byte. */
  readonly body: string;
  /** `cut`: the client left before its end; `long`: the rest was thrown away. */
  readonly end: 'whole' | 'cut' | 'long';
};

export function judge(seen: Seen, received: Received, token: Token, path: string, nowMs: number): Judged {
  if (seen.path !== path) return refused(404, ['there is nothing here']);
  if (seen.method === 'GET' || seen.method === 'HEAD') return { verdict: 'list' };
  if (seen.method !== 'POST') return refused(405, ['only POST and GET'], { allow: 'GET, HEAD, POST' });
  if (received.end === 'cut') return refused(400, ['the body never ended']);
  if (received.end === 'long') return refused(413, [`the body is larger than ${bodyBytesMax} bytes`]);
  if (!/^application\/json(;|$)/.test(seen.headers['content-type'] ?? '')) {
    return refused(415, ['the content-type is not application/json']);
  }
  if (token.problem !== undefined) return refused(401, [token.problem], { 'www-authenticate': 'Bearer' });
  const checked = readReport(received.body, token.claims, nowMs);
  return checked.report
    ? { verdict: 'report', report: checked.report }
    : refused(checked.status, checked.reasons);
}

export function readBody(request: IncomingMessage): Promise<Received> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (end: Received['end']) => resolve({ body: Buffer.concat(chunks).toString('utf8'), end });
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bodyBytesMax) chunks.push(chunk);
      else finish('long');
    });
    request.on('end', () => finish('whole'));
    request.on('close', () => finish('cut'));
  });
}

function refused(status: number, reasons: readonly string[], headers: Record<string, string> = {}): Judged {
  return { verdict: 'refused', reasons, refusal: json(status, { error: 'refused', reasons }, headers) };
}
