/**
 * The flags that an expression may name, and how it may write them.
 *
 * CloudMon replaces `-` by `_` in the flags that a service lists, in expressions too, because its engine
 * would subtract. So each may be written both ways; any other `-` is a subtraction.
 */
import { flagName } from '../../values/flag-name.ts';
import { nearest } from '../../values/spelling.ts';

/** What an expression says otherwise: a name that has one of these would be two readings of one text. */
const signs = /&&|\|\||[=!(),;"]/;
/** Whatever goes on after a name, so that it is another one. */
const goesOn = /^[^\s+\-*/%^=!<>&|(),;"]/u;
const readsOtherwise = /^(?:true|false|\d+\.?\d*(?:e\d+)?|\.\d+(?:e\d+)?)$/i;

export type FlagNames = {
  /** The flag that stands at this place of a text, and how long it is there. */
  readonly at: (
    text: string,
    start: number,
  ) => { readonly name: string; readonly length: number } | undefined;
  /** Why the flag that stands there cannot be written. */
  readonly unwritable: (text: string, start: number) => string | undefined;
  /** Why what stands there is no flag. */
  readonly unknown: (text: string, start: number) => string;
};

/** @param metrics as a service lists them */
export function flagNames(metrics: readonly string[]): FlagNames {
  const listed = [...new Set(metrics)];
  const writable = listed.filter((metric) => whyUnwritable(metric) === undefined);
  const spellings = new Set(writable.flatMap((metric) => [metric, flagName(metric)]));
  // Longest first: `svc.a b` is that flag where `svc.a` is one, too.
  const odd = [...spellings].filter((each) => wordAt(each, 0) !== each).sort((a, b) => b.length - a.length);
  return {
    at: (text, start) => {
      const spelling = odd.find((each) => stands(each, text, start)) ?? wordAt(text, start);
      return spellings.has(spelling) ? { name: flagName(spelling), length: spelling.length } : undefined;
    },
    unwritable: (text, start) => {
      const metric = listed.find((each) => whyUnwritable(each) !== undefined && stands(each, text, start));
      return (
        metric && `the flag ${metric} cannot be written in an expression: ${whyUnwritable(metric)}. Rename it`
      );
    },
    unknown: (text, start) => unknownFlag(wordAt(text, start), listed),
  };
}

/** What stands there up to the next sign; `-` is none, because names have it. */
function wordAt(text: string, start: number): string {
  return /^[^\s+*/%^=!<>&|(),;"]*/u.exec(text.slice(start))?.[0] ?? '';
}

function stands(name: string, text: string, start: number): boolean {
  const end = start + name.length;
  return text.startsWith(name, start) && !goesOn.test(text.slice(end, end + 2));
}

function whyUnwritable(metric: string): string | undefined {
  const sign = signs.exec(metric)?.[0];
  if (sign !== undefined) return `its name has ${sign}`;
  if (readsOtherwise.test(metric)) return 'its name reads as a value';
  return metric === '' || metric !== metric.trim() ? 'its name begins or ends with a space' : undefined;
}

const words: ReadonlyMap<string, string> = new Map([
  ['and', '&&'],
  ['or', '||'],
  ['not', '!'],
  ['true', 'true'],
  ['false', 'false'],
]);

function unknownFlag(written: string, listed: readonly string[]): string {
  const word = words.get(written.toLowerCase());
  if (word !== undefined) return `write ${word} instead of ${written}`;
  const meant = nearest(written, listed);
  if (meant !== undefined) return `unknown flag ${written}; did you mean ${meant}?`;
  return `unknown flag ${written}: the metrics of the service do not list it`;
}
