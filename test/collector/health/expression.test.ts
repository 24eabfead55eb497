import { expect, test } from 'vitest';
import { parseExpression } from '../../../src/collector/health/expression.ts';
import vectors from './expression-vectors.json' with { type: 'json' };

type Vector = {
  readonly expr: string;
  readonly vars: Readonly<Record<string, boolean>>;
  readonly result?: boolean;
  readonly error?: string;
};

const listed = ['svc.error-rate', 'svc.latency', 'svc.latency-p99', 'api.slow'];

/** @param expected what it comes to where `up` are up, or why it is no expression */
function check(text: string, expected: boolean | string, up: readonly string[] = [], names = listed) {
  const expression = parseExpression(text, names);
  const states = new Map(names.map((name) => [name.replaceAll('-', '_'), up.includes(name)]));
  expect(typeof expression === 'string' ? expression : expression.evaluate(states)).toEqual(expected);
}

for (const [index, { expr, vars, result, error }] of (vectors as readonly Vector[]).entries()) {
  const shown = expr.length > 40 ? `${expr.slice(0, 40)}…` : expr;
  test(`${index}: ${JSON.stringify(shown)} is ${error === undefined ? `${result} as` : 'refused as'} in CloudMon's engine`, () => {
    const expression = parseExpression(expr, Object.keys(vars));
    const got =
      typeof expression === 'string' ? 'refused' : expression.evaluate(new Map(Object.entries(vars)));
    expect(got).toBe(error === undefined ? result : 'refused');
  });
}

test('an unknown flag is refused with the one that was meant', () =>
  check('api.slwo', 'unknown flag api.slwo; did you mean api.slow?'));
test('an unknown flag that is like no other says where flags come from', () =>
  check(
    'api.slow || nothing.alike',
    'unknown flag nothing.alike: the metrics of the service do not list it',
  ));
test('a word of the language beneath is no flag', () => {
  for (const word of ['constructor', '__proto__', 'this', 'null', '$0', 'toString']) {
    check(word, `unknown flag ${word}: the metrics of the service do not list it`);
    check(`${word} (1)`, `there is no function ${word}, only floor, ceil, round, min, max`);
  }
});
test('an unknown flag behind || is refused, although nobody may ever look at it', () =>
  check('true || api.slwo', 'unknown flag api.slwo; did you mean api.slow?'));
test('a name that begins like a flag is another name', () =>
  check('svc.latency-p95', 'unknown flag svc.latency-p95; did you mean svc.latency-p99?'));
test('and, or and not are told what to write instead', () => {
  check('api.slow and svc.latency', 'write && instead of and');
  check('api.slow OR svc.latency', 'write || instead of OR');
  check('not api.slow', 'write ! instead of not');
  check('not (api.slow)', 'write ! instead of not');
});
test('true and false are written in small letters', () =>
  check('api.slow == True', 'write true instead of True'));
test('+ is no or', () =>
  check('api.slow + svc.latency', '+ adds numbers, and flags are none: use || for "or"'));
test('- subtracts where no flag has it', () =>
  check(
    'api.slow - svc.latency',
    '- takes numbers, and flags are none, unless the metrics of the service list a name with it',
  ));
test('operators of other languages are told what to write instead', () => {
  check('api.slow === true', 'write == instead of ===');
  check('api.slow !== true', 'write != instead of !==');
  check('api.slow & svc.latency', 'write && instead of &');
  check('api.slow | svc.latency', 'write || instead of |');
});
test('nothing can be assigned', () => {
  check('api.slow = true', 'nothing can be assigned here: write == to compare');
  check('api.slow ||= true', 'nothing can be assigned here: ||= has no place');
  check('api.slow += 1', 'nothing can be assigned here: += has no place');
});
test('flags are compared by == and != alone', () =>
  check('api.slow > svc.latency', '> takes numbers, and flags are none'));
test('a number is no flag', () => {
  check('1', 'it comes to a number, not to true or false');
  check('api.slow && 1', '&& takes flags, true and false, not numbers');
  check('!1', '! turns true and false around, not numbers');
  check('max(1, api.slow) == 1', 'max takes numbers, and flags are none');
});
test('a text is no flag', () =>
  check('"api.slow"', 'a text in quotes is no flag: write the flag without them'));
test('what is missing or too much is told with its place', () => {
  check(' ', 'it is empty');
  check('api.slow &&', 'a flag is missing after &&');
  check('|| api.slow', 'a flag is missing before ||');
  check('api.slow || && svc.latency', 'a flag is missing before &&');
  check('()', 'a flag is missing before )');
  check('api.slow svc.latency', 'an operator is missing before svc.latency');
  check('api.slow (svc.latency)', 'an operator is missing before (');
  check('(api.slow', 'a bracket is not closed');
  check('api.slow)', 'a bracket is closed that was not opened');
  check('api.slow, svc.latency', 'a comma has no place here');
  check('(api.slow; svc.latency)', 'a semicolon has no place between brackets');
  check('api.slow;', 'a flag is missing after ;');
  check('-1 < 2', 'a minus has no place before a value');
});
test('a function that is not here says which are', () =>
  check('len(api.slow)', 'there is no function len, only floor, ceil, round, min, max'));
test('a function is given what it takes', () => {
  check('max(1) == 1', 'max takes two numbers or more');
  check('floor(1, 2) == 1', 'floor takes one number');
});
test('numbers that have no result are refused', () => {
  check('1 / 0 == 1', '1 / 0 has no result');
  check('1 % 0 == 1', '1 % 0 has no result');
  check('9223372036854775807 + 1 == 1', '9223372036854775807 + 1 has more than 64 bits');
  check('api.slow; 1 / 0 == 1; api.slow', '1 / 0 has no result');
});

test('numbers are those of the engine', () => {
  check('7 / 2 == 3', true);
  check('7 / 2.0 == 3.5', true);
  check('7 % 4 == 3', true);
  check('1 + 2 * 3 == 7', true);
  check('2 ^ 3 ^ 2 == 64.0', true);
  check('1 == 1.0', false);
  check('1 <= 1.0', true);
  check('2 >= 3', false);
  check('9223372036854775808 == 9223372036854775808.0', true);
  check('min(3, 2, 2.0) == 2.0', true);
  check('max(1, 2.5) == 2.5', true);
  check('round(2.5) == 3.0', true);
  check('ceil(.5) == 1.', true);
  check('1e3 == 1000.0', true);
  check('1; api.slow', true, ['api.slow']);
});
test('equality and order bind alike, from the left', () => {
  check('1 < 2 == true', true);
  check('true == 1 < 2', '< takes numbers, and flags are none');
});

test('a flag is written as the service lists it, or with _ for -', () => {
  check('svc.error-rate', true, ['svc.error-rate']);
  check('svc.error_rate && !svc.latency', true, ['svc.error-rate']);
});
test('the longer of two names that fit is meant', () => {
  check('svc.latency-p99', true, ['svc.latency-p99']);
  check('svc.latency-p99', false, ['svc.latency']);
  check('svc.latency', false, ['svc.latency-p99']);
  check('svc.a b c', true, ['svc.a b c'], ['svc.a', 'svc.a b', 'svc.a b c']);
});
test('a flag that has no state is down', () => {
  const expression = parseExpression('api.slow || !svc.latency', listed);
  expect(typeof expression !== 'string' && expression.evaluate(new Map())).toBe(true);
});

const odd = [
  '1svc.a',
  '9.x',
  'été.Größe',
  '服务.延迟',
  '🚀.🔥',
  'R&D.up',
  'a b.c d',
  'svc.$x',
  'svc.[0]',
  "svc.it's",
  'svc.a/b',
  'svc.50%',
  'svc.a+b',
  'svc.<b>',
  'this.null',
  'constructor.__proto__',
  '@a.#1',
  '-.-',
  'and.or',
  `svc.${'x'.repeat(196)}`,
];
for (const name of odd) {
  test(`a flag may be called ${name.slice(0, 24)}`, () => {
    const names = [...odd, ...listed];
    check(`!(${name})||api.slow`, true, ['api.slow', name], names);
    check(`api.slow || ${name} && ${name}`, true, [name], names);
    check(`api.slow || ${name} && !${name}`, false, [name], names);
  });
}
test('a name that could be read in two ways cannot be written, and says so', () => {
  const rename = (name: string, why: string) =>
    `the flag ${name} cannot be written in an expression: ${why}. Rename it`;
  for (const sign of ['&&', '||', '=', '!', '(', ')', ',', ';', '"']) {
    const name = `svc.a${sign}b`;
    check(`api.slow || ${name}`, rename(name, `its name has ${sign}`), [], [...listed, name]);
  }
  check('1.5', rename('1.5', 'its name reads as a value'), [], [...listed, '1.5']);
  check('api.slow', false, [], [...listed, 'svc.a||b']);
});
test('a flag that is listed in both spellings is one', () => {
  check('svc.a-b && svc.a_b', true, ['svc.a_b'], ['svc.a-b', 'svc.a_b']);
});
test('a flag that is listed twice is one', () => check('a.b', true, ['a.b'], ['a.b', 'a.b']));

test('however deep or long it is, the stack is not', () => {
  check('!'.repeat(1_000_000), 'it has more than 2000 characters');
  check('('.repeat(1_000_000), 'it has more than 2000 characters');
  check(`${'!'.repeat(1_900)}api.slow`, 'it is nested deeper than 200');
  check('('.repeat(1_900), 'it is nested deeper than 200');
  check(`${'(!'.repeat(101)}api.slow`, 'it is nested deeper than 200');
  check(`${'(!'.repeat(100)}api.slow${')'.repeat(100)}`, true, ['api.slow']);
  check(`${'!!!'.repeat(66)}api.slow && ${'!!'.repeat(100)}api.slow`, true, ['api.slow']);
  check(`x${'||x'.repeat(666)}`, true, ['x'], ['x']);
  check(`1${'+1'.repeat(900)} == 901`, true);
});
