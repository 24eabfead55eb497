/**
 * Lines for a reader that may be slow, or gone: the program never waits for it.
 *
 * A pipe that nobody empties takes up to a limit and drops what comes after, counted.
 */
import type { Writable } from 'node:stream';
import { systemClock } from '../model/clock.ts';
import { limits } from '../model/limits.ts';

export type LineSink = {
  readonly write: (text: string) => void;
  /** Resolves once everything is written, or the reader is gone. */
  readonly flushed: () => Promise<void>;
};

export function streamSink(stream: Writable): LineSink {
  let dropped = 0;
  let isGone = false;
  stream.on('error', () => {
    isGone = true;
  });

  return {
    write: (text) => {
      if (isGone) return;
      if (stream.writableLength > limits.logBufferBytesMax) {
        dropped++;
        return;
      }
      if (dropped > 0) {
        const time = new Date(systemClock.now()).toISOString();
        const line = '{"level":"warn","msg":"Log lines were dropped: nobody read them"';
        stream.write(`${line},"time":"${time}","count":${dropped}}\n`);
        dropped = 0;
      }
      stream.write(text);
    },
    flushed: () =>
      isGone || stream.writableLength === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            stream.once('error', () => resolve());
            stream.write('', () => resolve());
          }),
  };
}
