/** A client without manners or safety nets: what comes over the wire is what a test sees. */
import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';

export type Seen = {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Why there is no whole answer: an error code, or `aborted`. */
  readonly broken: string | undefined;
};

export type Question = RequestOptions & {
  readonly send?: string;
  /** Leaves when the answer has so many bytes. */
  readonly bytesMax?: number;
};

/** Resolves when the answer has ended, one way or the other. */
export function ask(
  url: string,
  { send, bytesMax = Number.POSITIVE_INFINITY, ...options }: Question = {},
): Promise<Seen> {
  return new Promise((resolve) => {
    let status: number | undefined;
    let headers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (broken: string | undefined) => {
      resolve({ status, headers, body: Buffer.concat(chunks), broken });
    };
    const asked = request(url, options, (answer) => {
      status = answer.statusCode;
      headers = answer.headers;
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes < bytesMax) return;
        finish('left');
        asked.destroy();
      });
      answer.on('end', () => finish(undefined));
      answer.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? 'aborted'));
    });
    asked.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? 'error'));
    asked.end(send);
  });
}
