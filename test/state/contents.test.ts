/** What is read of a state's file that something happened to. */
import { expect, test } from 'vitest';
import { limits } from '../../src/model/limits.ts';
import { contentsOf } from '../../src/state/contents.ts';
import { entryLine, headerLine } from '../../src/state/line.ts';
import { type Draw, drawing } from '../chance.ts';

/** Values of keys, one after the other, as `key=number`; without a number the key is forgotten. */
function linesOf(...entries: string[]): string[] {
  return entries.map((entry, index) => {
    const [key = '', value] = entry.split('=');
    return entryLine({
      number: index + 1,
      key,
      value: value === undefined ? undefined : { value: Number(value) },
    });
  });
}

const [a1 = '', b1 = '', a2 = '', c1 = ''] = linesOf('a=1', 'b=1', 'a=2', 'c=1');
const good = [headerLine, a1, b1, a2, c1].join('');

/** @param kept as `key=number`, the oldest first */
function check(file: string | Buffer, kept: readonly string[], damage?: object): void {
  const found = contentsOf(Buffer.from(file));
  const said = [...found.kept].map(([key, value]) => `${key}=${(value as { value: number }).value}`);
  expect([said, found.damage]).toEqual([kept, damage]);
}

test('the last value of a key wins', () => check(good, ['b=1', 'a=2', 'c=1']));
test('what was forgotten is gone', () =>
  check([headerLine, ...linesOf('a=1', 'b=1', 'a')].join(''), ['b=1']));
test('a header alone holds nothing', () => check(headerLine, []));
test('a line whose end is missing counts', () => check(good.slice(0, -1), ['b=1', 'a=2', 'c=1']));
test('a torn last line is lost alone', () =>
  check(good.slice(0, -5), ['b=1', 'a=2'], { lines: 1, offset: good.length - c1.length, isCut: true }));
test('an empty file lacks its header', () => check('', [], { lines: 0, offset: 0, isCut: true }));
test('garbage holds nothing', () => check('what\nis this', [], { lines: 2, offset: 0, isCut: true }));
test('NUL at the end is one piece', () =>
  check(`${good}${'\0'.repeat(5_000)}`, ['b=1', 'a=2', 'c=1'], {
    lines: 1,
    offset: good.length,
    isCut: true,
  }));
test('good lines after a damage count', () => {
  const file = [headerLine, a1, b1.replace('1}}', '7}}'), a2, c1].join('');
  check(file, ['a=2', 'c=1'], { lines: 1, offset: headerLine.length + a1.length });
});
test('a flipped end of a line costs both lines', () => {
  const file = [headerLine, a1.trimEnd(), ' ', b1, c1].join('');
  check(file, ['c=1'], { lines: 1, offset: headerLine.length });
});
test('a line that is there twice counts once', () =>
  check([headerLine, a1, a1, b1].join(''), ['a=1', 'b=1']));
test('an old line that comes again beats no newer one', () =>
  check([headerLine, a1, b1, a2, a1].join(''), ['b=1', 'a=2']));
test('what was forgotten does not come back with an old line', () => {
  const [first = '', , forgotten = ''] = linesOf('a=1', 'b=1', 'a');
  check([headerLine, first, forgotten, first].join(''), []);
});
test('two lines in one another are both lost', () => {
  const mixed = `${a1.slice(0, 20)}${b1.slice(0, 20)}${a1.slice(20).trimEnd()}${b1.slice(20)}`;
  check([headerLine, mixed, c1].join(''), ['c=1'], { lines: 1, offset: headerLine.length });
});
test('a file without its header keeps the rest', () =>
  check(a1 + b1, ['a=1', 'b=1'], { lines: 0, offset: 0 }));
test('a second header is damage that costs nothing', () =>
  check([headerLine, a1, headerLine, b1].join(''), ['a=1', 'b=1'], {
    lines: 0,
    offset: headerLine.length + a1.length,
  }));
test('nothing is read of another version', () => {
  const body = '{"file":"cloudmon-reporter state","version":2}';
  check(`407e06f7 ${body}\n${a1}${b1}`, [], { lines: 2, offset: 0, version: 2 });
});
test('a value that is no object is damage', () =>
  check([headerLine, entryLine({ number: 1, key: 'a', value: 5 })].join(''), [], {
    lines: 1,
    offset: headerLine.length,
  }));
test('a file of ends of lines is not read to its end', () =>
  check(headerLine + '\n'.repeat(limits.stateBytesMax), [], {
    lines: limits.stateDamagedLinesMax,
    offset: headerLine.length,
  }));

test('10,000 corruptions (seed 1): every record before the damage is kept, and no value is wrong', () => {
  const draw = drawing(1);
  for (let round = 0; round < 10_000; round++) {
    const written = story(draw);
    const file = Buffer.from([headerLine, ...written.map(({ line }) => line)].join(''));
    const { bytes, from } = corrupted(file, draw);
    const { kept } = contentsOf(bytes);
    const said = JSON.stringify([round, [...kept]]);
    for (const [key, value] of kept) {
      expect(
        written.map(({ key: of, value: was }) => [of, was]),
        said,
      ).toContainEqual([key, value]);
    }
    let end = headerLine.length;
    const before = new Map<string, number>();
    for (const { key, line, number } of written) {
      end += line.length;
      if (end <= from) before.set(key, number);
    }
    for (const [key, number] of before) {
      const value = kept.get(key);
      const later = written.filter((entry) => entry.key === key && entry.number >= number);
      expect(
        later.map((entry) => entry.value),
        said,
      ).toContainEqual(value);
    }
  }
});

type Written = {
  readonly key: string;
  readonly value: unknown;
  readonly number: number;
  readonly line: string;
};

function story(draw: Draw): Written[] {
  return Array.from({ length: 1 + draw(12) }, (_, index) => {
    const number = index + 1;
    const key = `key ${draw(4)}`;
    // Characters of one byte only, so that lengths are offsets.
    const value = draw(5) === 0 ? undefined : { value: number, text: 'e'.repeat(draw(50)) };
    return { key, value, number, line: entryLine({ number, key, value }) };
  });
}

/** @returns where the first byte may differ, too */
function corrupted(file: Buffer, draw: Draw): { readonly bytes: Buffer; readonly from: number } {
  const from = draw(file.length);
  const to = from + 1 + draw(file.length - from);
  const before = file.subarray(0, from);
  const piece = file.subarray(from, to);
  const after = file.subarray(to);
  const noise = Buffer.from(Array.from({ length: 1 + draw(40) }, () => draw(256)));
  const flipped = Buffer.from(file);
  flipped[from] = (flipped[from] ?? 0) ^ (1 << draw(8));
  const other = file.subarray(draw(file.length));
  const ways = [
    flipped,
    before,
    Buffer.concat([before, Buffer.alloc(1 + draw(5_000))]),
    Buffer.concat([before, noise, after]),
    Buffer.concat([before, noise, piece, after]),
    Buffer.concat([before, after]),
    Buffer.concat([before, piece, piece, after]),
    Buffer.concat([before, after, piece]),
    Buffer.concat([before, other, after]),
    Buffer.concat([before, Buffer.alloc(piece.length), after]),
  ];
  return { bytes: ways[draw(ways.length)] ?? file, from };
}
