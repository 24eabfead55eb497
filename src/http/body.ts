/**
 * Reads the body of an answer up to a limit, which counts after decompression.
 *
 * We ask for no compression; a peer that compresses all the same is read, and one that
 * sends a bomb is cut off at the limit. Brotli is not read: a decoder may ask for a window
 * of 16 MiB, and sixteen polls are under way at once.
 */
import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { Failure, type Peer } from '../model/failure.ts';

export function readBody(peer: Peer, answer: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const unpack = decompressor(answer.headers['content-encoding']);
    const chunks: Buffer[] = [];
    let bytes = 0;
    const fail = (error: unknown) => {
      // Before the stream is destroyed, which is an error of its own.
      reject(error);
      answer.destroy();
      if (unpack !== 'unknown') unpack?.destroy();
    };
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) {
        source.removeListener('data', take);
        const text = `the answer is larger than ${bytesMax} bytes`;
        fail(new Failure(peer, 'garbled', text, { isTooLarge: true }));
      } else {
        chunks.push(chunk);
      }
    };

    answer.on('error', fail);
    answer.on('aborted', () => fail(new Failure(peer, 'unreachable', 'the answer was cut off')));
    if (unpack === 'unknown') {
      return fail(new Failure(peer, 'garbled', 'the answer has a content-encoding that was not asked for'));
    }
    unpack?.on('error', () => fail(new Failure(peer, 'garbled', 'the answer cannot be decompressed')));
    const source = unpack ? answer.pipe(unpack) : answer;
    source.on('data', take);
    source.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
  });
}

function decompressor(encoding: string | undefined): Transform | 'unknown' | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    default:
      return 'unknown';
  }
}
