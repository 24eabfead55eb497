/**
 * Reads what exporters answer: Prometheus's text format 0.0.4, and OpenMetrics 1.0 from those that
 * send it unasked.
 *
 * Taken whole or refused whole, as Prometheus does: a line that makes no sense casts doubt on all
 * others. What it costs grows with the bytes and with nothing else.
 */
import { isUtf8 } from 'node:buffer';
import type { Family, Sample } from '../../exposition/family.ts';
import { limits } from '../../model/limits.ts';
import { garbled } from './feed.ts';
import { plainEscapes, quotedEscapes, TextCursor } from './text-cursor.ts';
import { isTypeWord, TextFamilies } from './text-families.ts';
import { readSample } from './text-sample.ts';

/** After so many lines it is asked whether others should have their turn. */
const linesAtOnce = 128;
/** The same of bytes that are only counted. */
const bytesAtOnce = 65_536;
/** Not worth to be halved, and more than a character has. */
const fewBytes = 16;
const newline = 10;

type Reading = {
  readonly line: TextCursor;
  readonly isOpenMetrics: boolean;
  readonly families: TextFamilies;
  readonly samples: Sample[];
  /** `# EOF` was read, which is more than a comment in OpenMetrics alone. */
  isEnded: boolean;
};

/**
 * Throws a `Failure` that names the line.
 *
 * @param pause see `pace`
 */
export async function parsePrometheusText(
  body: Buffer,
  isOpenMetrics: boolean,
  pause: () => Promise<void> | undefined,
): Promise<readonly Family[]> {
  if (!isUtf8(body)) throw garbled(`line ${await lineOfBadByte(body, pause)}: it is not UTF-8`);
  const line = new TextCursor(body);
  const families = new TextFamilies();
  const reading: Reading = { line, isOpenMetrics, families, samples: [], isEnded: false };
  for (let count = 1; line.nextLine(); count++) {
    if (count % linesAtOnce === 0) await pause();
    readLine(reading);
  }
  if (isOpenMetrics && !reading.isEnded) throw garbled('the answer was cut off: # EOF is missing');
  // A type may be told behind the samples that have it.
  for (const [index, sample] of reading.samples.entries()) {
    if (index % linesAtOnce === 0) await pause();
    families.add(sample);
  }
  return families.families();
}

function readLine(reading: Reading): void {
  const { line, samples } = reading;
  if (line.isAtEnd) return;
  if (reading.isEnded) line.fail('there is something behind # EOF');
  if (line.skip('#')) {
    readComment(reading);
    return;
  }
  if (samples.length === limits.sourceSamplesMax) line.fail(`there are more than ${samples.length} samples`);
  samples.push(readSample(line));
}

function readComment(reading: Reading): void {
  const { families, isOpenMetrics } = reading;
  const line: TextCursor = reading.line;
  const word = line.token();
  if (word === 'EOF') reading.isEnded = isOpenMetrics;
  // Anything else is for people.
  if ((word !== 'TYPE' && word !== 'HELP') || line.isAtEnd) return;
  const name = line.metricName();
  if (families.namedCount > limits.sourceSamplesMax) {
    line.fail(`there are more than ${limits.sourceSamplesMax} metrics`);
  }
  if (word === 'HELP') {
    const escapes = isOpenMetrics ? quotedEscapes : plainEscapes;
    families.setHelp(name, line.rest(limits.sourceHelpBytesMax, escapes));
    return;
  }
  const type = line.token().toLowerCase();
  if (!isTypeWord(type)) line.fail('TYPE says none that is known');
  if (!line.isAtEnd) line.fail('there is something behind the type');
  families.setType(name, type);
}

/** By halves: to try each line by itself takes a second where there are millions of them. */
async function lineOfBadByte(body: Buffer, pause: () => Promise<void> | undefined): Promise<number> {
  // What is before `start` is right, and ends with a whole character; what is before `end` is not.
  let start = 0;
  let end = body.length;
  while (end - start > fewBytes) {
    const middle = characterStart(body, (start + end) >>> 1);
    if (isUtf8(body.subarray(start, middle))) start = middle;
    else end = middle;
  }
  let number = 1;
  for (let at = 0; at < start; at++) {
    if (at % bytesAtOnce === 0) await pause();
    if (body[at] === newline) number++;
  }
  for (;;) {
    const lineEnd = body.indexOf(newline, start);
    // No character of more than one byte holds a line feed.
    if (lineEnd < 0 || !isUtf8(body.subarray(start, lineEnd))) return number;
    start = lineEnd + 1;
    number++;
  }
}

/** Of the one that holds the byte there. */
function characterStart(body: Buffer, at: number): number {
  let start = at;
  while (start > at - 3 && ((body[start] ?? 0) & 0xc0) === 0x80) start--;
  return start;
}
