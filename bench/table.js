/** What is printed: a row a figure, as a Markdown table. */
import { availableParallelism, cpus, release } from 'node:os';

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** `unit` follows the number, which gets three digits. */
export function amount(number, unit) {
  const digits = Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : 2;
  return `${number.toFixed(digits)} ${unit}`;
}

/** A figure against a peer: met when it is at most `goal` times as much. Without a goal it is for information. */
export function ratioRow(figure, ours, other, unit, peer, goal) {
  const ratio = ours / other;
  return {
    figure,
    ours: amount(ours, unit),
    other: `${peer} ${amount(other, unit)}`,
    ratio: ratio.toFixed(2),
    goal: goal === undefined ? '' : `≤ ${goal} ×`,
    met: goal === undefined ? '' : yesOrNo(ratio <= goal),
  };
}

/** A figure against a number that was agreed on. */
export function limitRow(figure, ours, limit, unit, other = '') {
  return {
    figure,
    ours: amount(ours, unit),
    other,
    ratio: '',
    goal: `≤ ${limit} ${unit}`,
    met: yesOrNo(ours <= limit),
  };
}

/** A figure that nothing is compared with. */
export function factRow(figure, ours, unit) {
  return { figure, ours: amount(ours, unit), other: '', ratio: '', goal: '', met: '' };
}

function yesOrNo(isMet) {
  return isMet ? 'yes' : 'no';
}

export function printRows(rows) {
  const cells = rows.map(({ figure, ours, other, ratio, goal, met }) => [
    figure,
    ours,
    other,
    ratio,
    goal,
    met,
  ]);
  const table = [['figure', 'ours', 'peer or floor', 'ratio', 'goal', 'met'], ...cells];
  const widths = table[0].map((_head, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  console.log([line(table[0]), rule, ...table.slice(1).map(line)].join('\n'));
}

export function machineLine() {
  const [cpu] = cpus();
  return `${availableParallelism()} cores (${cpu?.model ?? 'unknown'}), Node ${process.version}, Linux ${release()}`;
}
