/** Metrics as they are piped in: a line is JSON, and what is held at once is bounded. */
import { isUtf8 } from 'node:buffer';
import { limits } from '../model/limits.ts';

export type MetricLine = {
  /** Counts from 1. */
  readonly number: number;
  readonly text: string;
  /** Why it is not worth bringing. */
  readonly wrong?: string;
};

/** Blank lines are left out. What came at once comes together, in no more than `max`; no one waits for others. */
export async function* metricLines(
  input: AsyncIterable<Buffer | string>,
  max: number,
): AsyncGenerator<readonly MetricLine[]> {
  const cutter = new Cutter();
  for await (const chunk of input) {
    for (const batch of batches(cutter.cut(Buffer.from(chunk)), max)) yield batch;
  }
  const last = cutter.end();
  if (last.length > 0) yield last;
}

function* batches(lines: readonly MetricLine[], max: number): Generator<readonly MetricLine[]> {
  for (let from = 0; from < lines.length; from += max) yield lines.slice(from, from + max);
}

const newline = 0x0a;

class Cutter {
  #number = 0;
  /** The beginning of a line whose end has not come. */
  #begun: Buffer[] = [];
  #begunBytes = 0;

  cut(chunk: Buffer): readonly MetricLine[] {
    const lines: MetricLine[] = [];
    let from = 0;
    for (let to = chunk.indexOf(newline); to >= 0; to = chunk.indexOf(newline, from)) {
      this.#add(chunk.subarray(from, to));
      lines.push(...this.end());
      from = to + 1;
    }
    this.#add(chunk.subarray(from));
    return lines;
  }

  end(): readonly MetricLine[] {
    const bytes = Buffer.concat(this.#begun);
    const isTooLong = this.#begunBytes >= limits.elementBytesMax;
    this.#begun = [];
    this.#begunBytes = 0;
    const number = ++this.#number;
    if (isTooLong) return [{ number, text: '', wrong: `is longer than ${limits.elementBytesMax} bytes` }];
    if (!isUtf8(bytes)) return [{ number, text: '', wrong: 'is no UTF-8' }];
    const text = bytes.toString().trim();
    if (text === '') return [];
    const wrong = wrongWith(text);
    return [{ number, text, ...(wrong && { wrong }) }];
  }

  /** Of a line that is too long only the length is kept. */
  #add(part: Buffer): void {
    this.#begunBytes += part.length;
    if (this.#begunBytes >= limits.elementBytesMax) this.#begun = [];
    else if (part.length > 0) this.#begun.push(part);
  }
}

function wrongWith(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? undefined
      : 'is no JSON object';
  } catch {
    return 'is no JSON';
  }
}
