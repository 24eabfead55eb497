/** Tells a problem in one line, as compilers do, so that editors find the place. */
import type { Problem, Where } from './problem.ts';

/** One line: `file:line:column: error: key: message. Remedy`. */
export function formatProblem(problem: Problem): string {
  const key = problem.key === '' ? '' : `${problem.key}: `;
  const remedy = problem.remedy === undefined ? '' : `. ${problem.remedy}`;
  return oneLine(`${formatWhere(problem.where)}: ${problem.level}: ${key}${problem.message}${remedy}`);
}

function formatWhere(where: Where): string {
  if ('env' in where) return oneLine(`env ${where.env}`);
  const { file, line, column } = where;
  return oneLine([file, line, column].filter((part) => part !== undefined).join(':'));
}

/** Names and paths are other people's: none of them may begin a second line or colour a terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
