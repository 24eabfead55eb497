/** Rows of a table as short blocks of lines, for a terminal that is too narrow for the table. */

/** Of the lines of a block after its first one. */
const indent = '  ';

/**
 * The first two cells of a row head its block; each other one stands behind its column's name, as many in a line as
 * there is room for. What is `-`, nothing, is left out.
 *
 * @param columnsCount how wide the terminal is
 */
export function textBlocks(rows: readonly (readonly string[])[], columnsCount: number): string {
  const [names = [], ...others] = rows;
  return others
    .map(([first = '', second = '', ...cells]) => {
      const said = cells.flatMap((cell, index) => (cell === '-' ? [] : [`${names[index + 2]} ${cell}`]));
      return `${[...broken(`${first}: ${second}`, '', columnsCount), ...linesOf(said, columnsCount)].join('\n')}\n`;
    })
    .join('');
}

/** What has no room in a line begins the next one, and is broken where it has no room there either. */
function linesOf(cells: readonly string[], columnsCount: number): readonly string[] {
  const lines: string[] = [];
  for (const cell of cells) {
    const longer = lines.length > 0 ? `${lines.at(-1)}  ${cell}` : '';
    if (longer !== '' && longer.length <= columnsCount) lines.splice(-1, 1, longer);
    else lines.push(...broken(cell, indent, columnsCount));
  }
  return lines;
}

/** Between words; a word that is longer than a line is left to the terminal. */
function broken(text: string, before: string, columnsCount: number): readonly string[] {
  const [first = '', ...words] = text.split(' ');
  const lines: string[] = [];
  let line = `${before}${first}`;
  for (const word of words) {
    const longer = `${line} ${word}`;
    if (longer.length <= columnsCount) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = `${before}${indent}${word}`;
  }
  return [...lines, line];
}
