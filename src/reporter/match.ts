/** Which targets a dashboard is told about. */
import type { Policy } from '../model/policy.ts';
import type { Target } from '../model/target.ts';

/** Globs are matched without a regular expression, so that no pattern can be slow. */
export function isMatched(policy: Policy, target: Target): boolean {
  const { services, environments } = policy.match;
  return (
    services.some((glob) => matchesGlob(glob, target.service)) &&
    environments.some((glob) => matchesGlob(glob, target.environment))
  );
}

/** `*` is any text, also none; `?` is one character. Linear but for the last `*`, to which it returns. */
export function matchesGlob(glob: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resumed = 0;
  let from = 0;
  while (from < text.length) {
    if (at < glob.length && glob[at] === '*') {
      star = at++;
      resumed = from;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === text[from])) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++resumed;
    } else {
      return false;
    }
  }
  while (glob[at] === '*') at++;
  return at === glob.length;
}
