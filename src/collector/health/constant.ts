/**
 * What an expression says of itself, without any flag: numbers as CloudMon's engine reckons with them.
 *
 * It tells whole numbers of 64 bits, which never overflow silently, from floating ones, and 8 is not 8.0.
 */

export type Constant = boolean | bigint | number;

type Figure = bigint | number;

export function isNumber(value: Constant): value is Figure {
  return typeof value !== 'boolean';
}

/** A text says why there is no result. */
export function reckon(operator: string, a: Figure, b: Figure): Figure | string {
  if (typeof a !== 'bigint' || typeof b !== 'bigint' || operator === '^') {
    return float(operator, Number(a), Number(b));
  }
  if (b === 0n && (operator === '/' || operator === '%')) return `${a} ${operator} 0 has no result`;
  const result = whole(operator, a, b);
  return BigInt.asIntN(64, result) === result ? result : `${a} ${operator} ${b} has more than 64 bits`;
}

function whole(operator: string, a: bigint, b: bigint): bigint {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  return operator === '/' ? a / b : a % b;
}

function float(operator: string, a: number, b: number): number {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  if (operator === '^') return a ** b;
  return operator === '/' ? a / b : a % b;
}

/** Whole numbers exactly, else as floating ones. */
export function compare(operator: string, a: Figure, b: Figure): boolean {
  const [left, right] = typeof a === typeof b ? [a, b] : [Number(a), Number(b)];
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}

type NumberFunction = {
  readonly isGiven: (count: number) => boolean;
  readonly takes: string;
  readonly result: (given: readonly Figure[]) => Figure;
};

const one = { isGiven: (count: number) => count === 1, takes: 'one number' };
const several = { isGiven: (count: number) => count > 1, takes: 'two numbers or more' };

/** Those of the engine that can matter here. */
export const functions: Readonly<Record<string, NumberFunction>> = {
  floor: { ...one, result: ([a]) => Math.floor(Number(a)) },
  ceil: { ...one, result: ([a]) => Math.ceil(Number(a)) },
  // Halves away from zero.
  round: { ...one, result: ([a]) => Math.sign(Number(a)) * Math.round(Math.abs(Number(a))) },
  min: { ...several, result: (given) => furthest(given, (a, b) => a < b) },
  max: { ...several, result: (given) => furthest(given, (a, b) => a > b) },
};

/** Of a whole number and a floating one that are equal, the engine takes the floating one. */
function furthest(given: readonly Figure[], isFurther: (a: Figure, b: Figure) => boolean): Figure {
  const floating = given.filter((each) => typeof each === 'number' && !Number.isNaN(each));
  const [first = Number.NaN, ...others] = [...floating, ...given.filter((each) => typeof each === 'bigint')];
  return others.reduce((best, each) => (isFurther(each, best) ? each : best), first);
}
