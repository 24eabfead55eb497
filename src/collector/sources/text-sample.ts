/** One sample of an exporter's text: `name{label="value"} 1.5 1700000000000`. */
import { type Labels, noLabels, type Sample } from '../../exposition/family.ts';
import { limits } from '../../model/limits.ts';
import type { TextCursor } from './text-cursor.ts';

/** Longer ones are no numbers: doubles have no more digits. */
const numberCharactersMax = 1_100;

/** Its time is read and left out: all samples of a source have the time at which it was asked. */
export function readSample(line: TextCursor): Sample {
  const name = line.metricName();
  const labels = readLabels(line);
  if (line.isAtEnd) line.fail('value is missing');
  const value = readNumber(line, 'value');
  if (!line.isAtEnd && !line.isAt('#')) readNumber(line, 'timestamp');
  if (line.skip('#')) skipExemplar(line);
  if (!line.isAtEnd) line.fail('there is something behind the sample');
  return { name, labels, value };
}

function readLabels(line: TextCursor): Labels {
  if (!line.skip('{')) return noLabels;
  const labels: Record<string, string> = {};
  for (let count = 0; !line.skip('}'); count++) {
    if (line.isAtEnd) line.fail('labels are not closed');
    if (count === limits.sourceLabelsMax) line.fail(`there are more than ${count} labels`);
    const name = line.labelName(count);
    if (!line.skip('=')) line.fail('there is no = behind the label name');
    if (Object.hasOwn(labels, name)) line.fail('the same label is there twice');
    labels[name] = line.quoted(limits.sourceLabelBytesMax);
    // Also behind the last one.
    if (!line.skip(',') && !line.isAt('}')) line.fail('there is neither , nor } behind the label value');
  }
  return labels;
}

/** OpenMetrics: `# {trace_id="x"} 0.5 1700000000.1` behind the value, of which the `#` was read. */
function skipExemplar(line: TextCursor): void {
  if (!line.isAt('{')) line.fail('there is something behind the sample');
  readLabels(line);
  readNumber(line, 'value of the exemplar');
  if (!line.isAtEnd) readNumber(line, 'timestamp of the exemplar');
}

function readNumber(line: TextCursor, what: string): number {
  const token = line.token();
  if (token.length > numberCharactersMax) line.fail(`${what} is no number`);
  if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(token)) {
    const number = Number(token);
    if (!Number.isFinite(number)) line.fail(`${what} is out of range`);
    return number;
  }
  const word = /^([+-]?)(nan|inf|infinity)$/i.exec(token);
  if (!word) line.fail(`${what} is no number`);
  if (word[2]?.toLowerCase() === 'nan') return Number.NaN;
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
