/** Names in which `*` stands for any text: which services and environments something is about. */
import * as z from 'zod/mini';
import { section, value } from './facts.ts';
import { decodeName } from './text.ts';

/** Names of services or of environments; all of them where nothing is said. */
export function globs(): z.ZodMiniPrefault<z.ZodMiniArray<z.ZodMiniType<string, unknown>>> {
  return z.prefault(section('Names; * stands for any text.', z.array(glob())), ['*']);
}

function glob(): z.ZodMiniType<string, unknown> {
  return value({ takes: 'text', json: { type: ['string', 'number', 'boolean'], minLength: 1 } }, decodeName);
}

/** What something is about. */
export type Globs = { readonly services: readonly string[]; readonly environments: readonly string[] };

export function isAbout(
  { services, environments }: Globs,
  target: { readonly service: string; readonly environment: string },
): boolean {
  return (
    services.some((glob) => matchesGlob(glob, target.service)) &&
    environments.some((glob) => matchesGlob(glob, target.environment))
  );
}

/**
 * Without a regular expression, so that no pattern can be slow: `*` is any text, also none; `?` is one
 * character. Linear but for the last `*`, to which it returns.
 */
export function matchesGlob(glob: string, text: string): boolean {
  // Nearly every glob is this one, and it is asked about each target at each dashboard in each cycle.
  if (glob === '*') return true;
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
