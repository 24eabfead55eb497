/** Regular expressions of Prometheus (RE2), which match a whole value in a time that its length alone bounds. */
import { RE2JS } from 're2js';
import { limits } from '../../model/limits.ts';

type Test = (value: string) => boolean;

/** A text says what is wrong with it. */
export function compileRegex(pattern: string): Test | string {
  if (pattern.length > limits.regexCharactersMax) {
    return `a regular expression has ${limits.regexCharactersMax} characters at most`;
  }
  const plain = alternatives(pattern);
  if (plain) return (value) => plain.has(value);
  // In this form Prometheus tells what is wrong with it.
  const compiled = compile(`^(?:${pattern})$`);
  if (typeof compiled === 'string') return compiled;
  if (compiled.programSize() > limits.regexInstructionsMax) {
    return `the regular expression ${JSON.stringify(pattern.slice(0, 50))} asks for too much work; count fewer repetitions`;
  }
  return (value) => compiled.testExact(value);
}

function compile(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('error parsing regexp: ')) throw error;
    return error.message.replaceAll('\n', ' ');
  }
}

/** `a|b\.c` as the texts that it stands for: what dashboards make of variables with many values. */
function alternatives(pattern: string): ReadonlySet<string> | undefined {
  const parts = pattern.split('|');
  if (!parts.every((part) => /^(?:[^\\.+*?()|[\]{}^$]|\\[.+*?()[\]{}^$/-])*$/.test(part))) return undefined;
  return new Set(parts.map((part) => part.replace(/\\(.)/g, '$1')));
}
